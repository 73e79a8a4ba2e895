"""Measurements in columns: the point table, the trends, the door check. numpy only, no I/O."""
