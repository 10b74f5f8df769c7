"""Plans, their approval and what is printed of them."""
