"""What goes out: carriers, the outbox, consents, payments."""
