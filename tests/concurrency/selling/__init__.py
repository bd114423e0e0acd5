"""Many at once, and answers that are lost, against the real service and the real mock PMS on real sockets."""
