"""A season's parameters from a hotel's own log: pure fitting on plain columns.

Each module fits one part of the scenario file and answers with `Fitted` rows: path, value, interval, size of the
sample. What the log cannot tell is left to the scenario it builds on. Reading of files is not done here.
"""
