"""Assessment rounds: what each place still owes at a gate, two raters, joint review, evidence."""
