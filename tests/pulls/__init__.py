"""Fetching from mailboxes and queues, over real sockets on this machine."""
