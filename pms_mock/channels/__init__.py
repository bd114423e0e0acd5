"""Stand-ins of the providers that carry messages and take payments: WhatsApp, Instagram, SMS, OTA, payment links, SMTP.

They speak the providers' wire shapes as documented, accept what those accept, refuse what those refuse, and remember
everything they were sent, twice when it came twice: a real provider does not notice doubles either. On demand they
fail (`memory.FAULTS`): too many requests, an error before or after the work, an answer that is lost. They can tell
back, by signed webhooks (`callbacks`), that a message arrived or a link was paid.

Nothing here reaches anybody: there is no way out of this package. State lives in one SQLite file, so that the
service, commands and a server can share it.
"""
