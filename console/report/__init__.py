"""The record in words, tables and printed lines: what a person reads, exports and prints. No Qt, no I/O."""
