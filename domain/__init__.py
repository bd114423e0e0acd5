"""The rules of selling a stay and serving a guest: pure, synchronous, standard library only.

The selling ladder binds more with each rung: Lead, Offer, Hold, Option, Confirmed. Everything here is a frozen value
or a function of values. `now` is an argument, a change returns a new value, and nothing reads a clock, draws a
number, logs or touches the outside; so a SimPy generator, an asyncio service, a gevent load user and a plain call can
all apply one rule. Words are those of the trade; docs/glossary.md holds every public class of this package.
"""
