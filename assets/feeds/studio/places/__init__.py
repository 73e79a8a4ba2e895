"""The places the cameras look at: one module a clip, with its camera, sky and build()."""
