"""Inbound wires: one provider's dialect each, from proven bytes to arrivals in our words.

Every wire does three things in this order: prove on the raw bytes where a delivery comes from (`proof`), read it with
distrust (`reading`), and say what each event in it is. It has no clock, no network and no memory; what it cannot read
becomes an `other` arrival with a stable number (`events`), so that one odd event neither hides the rest of its batch
nor gets lost. What each provider sends, signs and gets wrong: docs/channels.md.
"""
