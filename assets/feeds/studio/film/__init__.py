"""From plate and cast to frames: drawing, light, weather, the sensor, the file."""
