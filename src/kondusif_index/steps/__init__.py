"""One step, one file: screen, denominate, impute, treat, normalise, weigh, aggregate, classify."""
