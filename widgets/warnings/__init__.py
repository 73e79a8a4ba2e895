"""Official warnings on the desk: the strip while one is in force, and the page with all of them."""
