"""What people read: a screen is made of blocks, and `cli.render` alone writes it.

A screen is a function from the JSON body that scripts get to a list of blocks, so a table never knows more than
`--json` says. Words go through the catalogue (`Reader`), codes and ids stay what they are.
"""
