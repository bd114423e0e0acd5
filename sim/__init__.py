"""The season engine: demand, agents, patience, redial and selling, in simulated time.

Time is float seconds from the season's start. One random stream per (seed, replication, day, purpose) keeps arrivals
the same when the team changes, so two teams can be compared on the same season. Synchronous; SimPy is used through
plain callbacks and never drives a use case.
"""
