"""What people do in a load test, as generators of steps: free of HTTP, of gevent and of any clock of their own.

A script yields a step (something to ask of the service, or a pause) and is given the answer to it. The driver sends,
waits, times and keeps the books; a test plays the same script against a service without a socket.
"""
