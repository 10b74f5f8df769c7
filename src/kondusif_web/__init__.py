"""The office around the core: people, rows, pages."""
