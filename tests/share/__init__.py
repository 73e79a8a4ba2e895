"""Shares: who may see, what is put on record, what leaves the door."""
