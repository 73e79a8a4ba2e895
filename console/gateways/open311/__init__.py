"""Citizens' reports by Open311 GeoReport v2: a server that citizens' apps talk to."""
