"""What `integration.ports.store` promises, asked of the SQLite and the PostgreSQL store in every form they have."""
