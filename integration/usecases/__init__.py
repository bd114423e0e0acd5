"""The verbs of the business, one a file: quote a stay, place a hold, confirm a reservation.

A use case is `async def`, takes ports and domain values and returns domain values. A transaction inside it is a plain
function handed to `store.transact`, so that no transaction is ever open while a PMS is asked something.
"""
