"""One noun a file: `reservation.py` holds the verbs of `santral reservation`.

A module here is imported only when its noun is typed, so a command pays for the libraries it uses and for no others.
"""
