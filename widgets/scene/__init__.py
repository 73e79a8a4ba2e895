"""The scene of the open incident: what stands for its place, beside its pictures."""
