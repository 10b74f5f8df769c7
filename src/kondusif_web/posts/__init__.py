"""Forces, postings, muster, posture and re-opening."""
