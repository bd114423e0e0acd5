"""What `integration.ports.store` promises, asked of the SQLite store in every form it has."""
