"""The index engine: the same arithmetic for anyone's own hierarchy of indicators, on whole columns."""
