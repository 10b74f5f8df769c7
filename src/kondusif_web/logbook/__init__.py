"""Buku mutasi: one append-only, hash-chained table, one way in. It knows nobody."""
