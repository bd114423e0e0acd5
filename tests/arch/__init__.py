"""Tests of the code's own shape: who imports whom, what every command, class and setting must have."""
