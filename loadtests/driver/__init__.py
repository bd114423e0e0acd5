"""The part of the load harness that runs inside Locust: the only modules that touch gevent and Locust.

Nothing outside imports them except `loadtests/locustfile.py`, because gevent patches the whole interpreter.
"""
