"""Published items and the page made from them. The page reads this one table and nothing live (RULES 22)."""
