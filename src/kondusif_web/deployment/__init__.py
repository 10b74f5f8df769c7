"""Forces, plans and their approval, postings and musters."""
