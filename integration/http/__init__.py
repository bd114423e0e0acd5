"""The service: the use cases over HTTP, for agents' screens, channels and the load harness.

A route parses, calls one use case and replies; `problem.py` alone turns an error into an RFC 9457 body. Hot routes
answer with bytes that are already encoded, and middleware is pure ASGI, because a wrapped request costs more than its
work.
"""
