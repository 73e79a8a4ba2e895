"""The program that makes the recorded feeds: static plates by Blender, a moving cast drawn over them."""
