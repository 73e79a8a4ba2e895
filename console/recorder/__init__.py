"""`bongsu recorder`: keeps the compressed pictures of cameras on disk, without decoding any. No window."""
