"""The scene of the open incident."""
