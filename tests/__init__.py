"""Proof of the promises, in folders by kind.

unit, property, contract, service, e2e, sim, concurrency, arch - and torture, which is long and runs by itself. A
test's name is a sentence; fakes satisfy the ports and are type-checked; time is a value that is handed in.
"""
