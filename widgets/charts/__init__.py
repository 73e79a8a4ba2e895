"""Live measurements in bands over one time axis. See docs/design/charts.md for how they are drawn."""
