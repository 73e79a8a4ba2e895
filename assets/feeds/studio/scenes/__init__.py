"""What happens in each clip: its cast, planted events, light and lens. One module a clip."""
