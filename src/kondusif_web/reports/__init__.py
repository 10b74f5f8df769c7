"""Field reports, incidents and observations of the gates."""
