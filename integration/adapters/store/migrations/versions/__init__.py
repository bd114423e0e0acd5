"""Revisions, oldest first by name. A revision is frozen once released: it never imports `tables.py`, which moves on."""
