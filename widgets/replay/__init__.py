"""Replay: several cameras in step on one clock, and the time line they stand on."""
