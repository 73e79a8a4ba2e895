"""Area acts on the desk: everything in a drawn area as one confirmed command."""
