"""Meetings, questions in parts, commitments, pledges, visits: who asked what, who promised what by when."""
