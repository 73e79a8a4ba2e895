"""The field's rules at work on a city: what each says now of every device it knows."""
