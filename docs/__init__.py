"""The documentation, and `check_docs`, which keeps it true."""
