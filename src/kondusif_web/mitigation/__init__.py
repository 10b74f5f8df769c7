"""Actions against a risk factor: whose, by when, what they may bring, what was seen after."""
