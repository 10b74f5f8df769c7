"""Weights of the children of a parent: elicited from people, from the numbers, or of equal influence."""
