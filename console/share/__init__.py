"""Serves granted pictures to partners over HTTPS, for as long as granted. No hub, no window, no sound."""
