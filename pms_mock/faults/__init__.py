"""Faults on demand: what a real PMS does on a bad day.

A fault is a rule in the hotel's file: a kind, the operations and the hotel it concerns, how often it strikes (`rate`),
how many times at most, and between which instants of the hotel's clock. Whether it strikes is a function of its seed
and of how many requests it has looked at, so the same requests in the same order meet the same faults again.

    kinds.py   which kinds there are, what they concern, what they take
    rules.py   the rules in the file, and the draw
    before.py  what happens in the hotel before a request is worked on
    after.py   what happens to an answer, and what a fault leaves behind for a while
    late.py    requests whose connection broke first and which are worked on later

A request meets at most one delay and at most one other fault: the first that strikes, oldest rule first.
"""
