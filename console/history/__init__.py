"""What was measured, kept on disk: every reading, its minutes, its hours. Files only: no socket, no
window."""
