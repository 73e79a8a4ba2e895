"""What the console knows, as plain records: no I/O, no Qt, no clock."""
