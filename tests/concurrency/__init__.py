"""Races: each test has a twin that shows the race happening when the guard is off."""
