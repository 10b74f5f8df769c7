"""The ways in, one folder each; every one ends in the same doors: ``answers.take_answers``, ``reports``."""
