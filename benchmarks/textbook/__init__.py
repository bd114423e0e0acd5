"""The same models as a textbook would write them, to measure the season engine against.

`one_queue.py`: SimPy's `Resource` and a process for each call; `ciw_queue.py`: the same queue in Ciw; `season.py`: the
whole season with a process for each contact (`house.py`: lines and legs; `team.py`: agents). They are written to be
read, not slowed down on purpose: who waits is in a deque, free agents are in rows by group.
"""
