"""One file a provider: a function from a request to an answer, given what the stand-ins remember.

Each is written from the provider's public documentation; what it refuses, the provider refuses. `refused`: the code
of a fault told to it, which it answers in its own words.
"""
