"""How firm a score, a rank and a class are, and what drives them."""
