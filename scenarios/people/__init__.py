"""Guests who do not exist: names, phone numbers and addresses that look right.

Names are drawn from Faker's lists plus lists of our own, with the gender forms
Russian and Polish ask for and without the titles Faker mixes in. E-mail
addresses stand only at domains reserved for examples. Phone numbers pass every
validity test and may therefore belong to real people: nothing in Santral ever
dials or writes to a number that a seed made.
"""

from scenarios.people.draw import Person, draw_people

__all__ = ["Person", "draw_people"]
