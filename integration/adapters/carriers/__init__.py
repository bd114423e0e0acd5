"""Carriers: the ways out, one file a provider, all satisfying `integration.ports.outbound.Carrier`.

Each turns an `Outgoing` into one request of its provider's dialect, puts the outbox id where the provider gives it
back (`biz_opaque_callback_data`, `custom_id`, `Message-ID`, `conversationId`), and says of every answer which of
three things it means: never left, refused, or nobody knows. What a carrier may reach is decided in `guard`: this
machine, unless the house says that it is live.
"""
