"""The list of all cameras: searched, chosen by key or mouse, brought to the wall."""
