"""The single writer: takes facts and commands in, decides, commits, and only then tells."""
