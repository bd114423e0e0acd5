"""The engine against exact results: what is fed to it, how its answer is read, and the cases.

Each case is a plan for the engine, contacts drawn for it from streams of its own, and the exact answer to the same
question from `sim.exact`. `feed.py` draws and plays, `estimates.py` turns legs into figures with a standard error; the
other modules hold the cases. `sim/verify.py` runs them all.
"""
