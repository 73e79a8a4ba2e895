"""The static sets, built and lit inside Blender."""
