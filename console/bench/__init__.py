"""Measurements a person can repeat: bongsu bench NAME."""
