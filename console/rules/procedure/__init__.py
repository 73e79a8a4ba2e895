"""Leading a person through a procedure: pure, time is given, every change is a recorded move."""
