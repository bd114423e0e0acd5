"""The rehearsal: a month of a call centre in minutes, with everything going wrong, and the books held together at the
end.

Real use cases, real workers, the real client and the mock PMS, in one process under virtual time: agents as tasks sell
to drawn callers while a nemesis loses answers, takes the PMS down, and works at the front desk. Every request and its
answer is a row of history. At rest the invariants are checked against both databases, read directly. One seed is one
history, byte for byte.

Read in this order: `plan.py`, `house.py`, `callers.py`, `line.py`, `stories.py`, `nemesis.py`, `books.py` and
`promises.py`, `play.py`. docs/algorithms/rehearsal.md tells it in prose.
"""
