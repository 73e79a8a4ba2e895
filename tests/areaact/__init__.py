"""Area acts on the desk."""
