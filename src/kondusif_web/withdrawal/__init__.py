"""Stepping down: requests, gates, waivers, disputes, the word of residents."""
