"""Every device: up or not, since when, who keeps it, which repair is under way; and availability."""
