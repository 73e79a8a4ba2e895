"""Orders to devices: found, chosen, sent, asked again where it is dangerous, and answered."""
