"""What is answered: the shapes of bodies, for the API document and for the tests that hold the answers to it.

No answer passes through these models: bodies are made by the use cases' own views and encoded as they are. Later
versions may add fields, so a client ignores what it does not know.
"""
