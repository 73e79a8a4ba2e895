"""Geography that a map needs and no window knows: coordinates, search, sight, clusters, layers. No Qt."""
