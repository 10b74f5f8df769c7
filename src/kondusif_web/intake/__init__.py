"""What comes in by file and goes out by file: places, forces, answers, boundaries; every export.

A file is read, shown as what it would change, and applied only as it was shown.
"""
