"""Disaster messages on their way out."""
