"""People, roles, jurisdiction as area-code prefixes; the access log."""
