"""The partner's side of the hand-off, 112 or 119, as a process of its own with a store of its own.

Shares with the console only what a real partner would be given: the message format (handoff.cap,
handoff.rules and the profile's data), the certificates' format, and what is in them.
"""
