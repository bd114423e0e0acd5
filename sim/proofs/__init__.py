"""The engine against exact and published results: what is fed to it, how its answer is read, and the cases.

Each case is a plan for the engine, contacts drawn for it from streams of its own, and the answer to the same question:
the exact one from `sim.exact`, or what others simulated and published. `feed.py` draws and plays, `estimates.py` turns
legs into figures with a standard error, `published.py` and `other_rules.py` are what published simulations need; the
other modules hold the cases. `sim/verify.py` runs them all.
"""
