"""Pure decisions: (state, fact, time) to events. No I/O."""
