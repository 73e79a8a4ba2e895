"""Measurements, conditions and signals from an MQTT broker: what a topic means is data."""
