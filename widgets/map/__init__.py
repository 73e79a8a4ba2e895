"""The city as a drawing: districts, streets, cameras and incidents, offline and without a base map."""
