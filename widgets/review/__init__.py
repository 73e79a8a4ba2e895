"""The supervisor's Review workspace: the record looked up through the hub, and taken out of the console."""
