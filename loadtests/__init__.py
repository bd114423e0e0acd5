"""The load harness: the scenario's arrivals as an open load on the running service.

Speaks HTTP and nothing else, and imports only `scenarios` and `domain`. The command line starts it as a process of
its own, because gevent patches the whole interpreter. Every request is timed from the instant at which it was due,
not sent.
"""
