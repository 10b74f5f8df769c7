"""Assessments, overrides, rounds: how a class comes to stand."""
