"""Disaster messages on the desk."""
