"""What the record amounts to: availability, the goals of a year, each system, what is opened to everybody."""
