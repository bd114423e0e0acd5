"""A hotel's PMS on a real socket, for tests and demonstrations.

It speaks the public property dialect of the vendor (OHIP, release 25.5): tokens, availability, stock, restrictions,
profiles, reservations, deposits. Its stock, prices and states are its own. It imports nothing of the product it is
tested with: it is written from the vendor's document, so that client and mock cannot be wrong together.

    control.py    what the front office and the tester may do: seed, dump, stop-sale, clock, ledger, night audit
    app.py        one ASGI application;  server.py puts it on a socket with several workers
    protocol/     the wire: what is accepted, what is refused, in which words
    engine/       stock, prices, restrictions, reservations, guests, money
    store.py      all state, in one SQLite file that many processes open

What it does not do is in LIMITS.md.
"""
