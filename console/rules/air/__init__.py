"""Air quality: the Korean and the British index, alerts on hourly means, units. Pure; figures are data."""
