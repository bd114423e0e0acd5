"""Seasons, hotels and traffic mixes as data, and the code that draws from them.

A scenario is a TOML file; the code here validates it and draws from it and
knows nothing else. `schema` says what may stand in a file, `loader` reads one
and names file, key and line of any mistake, `people` and `seeding` draw guests
and stays from a seed: the same seed and date give the same hotel everywhere.
"""
