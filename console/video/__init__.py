"""Video without a screen: where pictures come from, and the processes that decode them.

Nothing here imports Qt, and nothing here rides the bus: the log carries which camera and when, the pixels are
decoded beside the window that shows them (docs/design/video.md).
"""
