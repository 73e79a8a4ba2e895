"""Citizens' reports: the list, one of them in detail, answers back, incidents made of them."""
