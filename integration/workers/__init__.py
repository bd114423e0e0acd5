"""What runs by itself: the sweep of lapsed holds, the resolver of unknown outcomes, the outbox, the intake.

A worker is a loop around one use case. It takes its time from the event loop, so that under a clock that jumps a season
passes in minutes, and it holds a lease, so that several processes share one store without doing the same work twice.
"""
