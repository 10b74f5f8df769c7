"""What a file is by its first bytes, and how large it may be."""

from __future__ import annotations

LARGEST = 2 * 1024 * 1024  # bytes; a page photographed at 150 dpi is a quarter of that


# Type by the bytes a file begins with. A name or a browser's word proves nothing.
MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)


def type_of(content: bytes) -> str:
    """Media type, or nothing for what is not taken."""
    return next((kind for start, kind, _ in MAGIC if content.startswith(start)), "")


def ending_of(kind: str) -> str:
    """The ending of a name that a file of this type is given."""
    return next((ending for _, known, ending in MAGIC if known == kind), "bin")
