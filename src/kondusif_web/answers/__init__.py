"""Answers: one door in, raters who agree, evidence."""
