"""The bus: message shapes, the codec, and every ZeroMQ option and key in one place."""
