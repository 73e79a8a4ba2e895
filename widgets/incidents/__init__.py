"""The incident queue and the selected incident: what needs somebody, how far it has come, what to do next."""
