"""The first dialect: Oracle OPERA Cloud's property API (OHIP), release 25.5.

Read it from the wire inwards. `transport` (`socket`, `asgi`) moves bytes. `tokens`, `client`, `repeats` and `failures`
know the rules of the road: credentials, limits, what may be repeated and what a failure means. `query`, `bodies*` and
`wire*` are the dialect's words; `mapping*` turns them into ours. `offers`, `guests` and `bookings` are the calls, `pms`
is the whole behind the port, and `check` holds the hotel file against the PMS at start.
"""
