"""Answers in a file: rows into answers of the core, what is wrong by row and column, then the one door."""
