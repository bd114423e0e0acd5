"""How many values the fixed-width lists of the statements take; shared by the text and those who fill it."""

STATE_WIDTH = 9
NAME_WIDTH = 24
ROOM_WIDTH = 4
