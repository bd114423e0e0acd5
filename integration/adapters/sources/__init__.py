"""Where we fetch ourselves: mailboxes over IMAP, OTA queues over HTTP. Each satisfies `integration.ports.pulls.Source`.

`reading` makes them from the tables `[pulls.NAME]` of a home's `channels.toml`.
"""
