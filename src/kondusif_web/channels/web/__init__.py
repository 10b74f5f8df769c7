"""The web: forms on a phone."""
