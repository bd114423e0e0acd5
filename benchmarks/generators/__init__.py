"""What stands on both sides of the load generator when it is measured: a server that does nothing, and users."""
