"""The moving cast: bodies, vehicles, and how they move. Plain numpy; no Blender here."""
