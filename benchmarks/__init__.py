"""What `make bench` runs: promises about speed, measured as ratios in one run.

A figure in milliseconds says more about the machine than about the code; a ratio to a bare yardstick measured in the
same minute, interleaved, survives a noisy machine. A benchmark is a function that returns rows; registering it is one
decorator (`benchmarks.registry`). docs/performance.md keeps the last written table.
"""
