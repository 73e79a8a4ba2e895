"""What all widgets share: tokens, marks, texts, acts, the pulse and the watch over the UI thread.

Each module stands alone; features import from here and never from each other.
"""
