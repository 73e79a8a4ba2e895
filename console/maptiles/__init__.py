"""Raster tiles of a base map from an MBTiles file, offline and read only. No Qt."""
