"""The drill: the example plays through the real actions of every other context (RULES 23)."""
