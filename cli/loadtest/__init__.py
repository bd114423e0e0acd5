"""The conductor of a load test: sets the stage, lets the generator play, breaks things on time, and has it judged.

A run is a fresh home with the scenario's own hotels, a mock PMS and the service as processes of their own, and one or
more processes of the generator, which speak HTTP and nothing else. Everything is started here and ended here by its
id; what happened is written into the run's folder, from which the audit and the verdict are made.

Read in this order: `wishes.py` (what was asked for), `planning.py` (the plan that all processes read), `run_home.py`,
`processes.py`, `stage.py`, `timetable.py`, `playing.py`, `runs.py` and `conduct.py` (one run from end to end),
`remote.py` (somebody else's service), `search.py` and `climb.py` (how much it bears).
"""
