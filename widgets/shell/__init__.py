"""The window around the features: rail, status, banner, workspaces, last act, key overlay."""
