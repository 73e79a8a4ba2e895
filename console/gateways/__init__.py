"""One kind of outside world each; a gateway reports facts and never decides."""
