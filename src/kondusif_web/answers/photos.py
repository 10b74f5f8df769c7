"""A photo keeps its pixels and nothing else: no position, no device, no owner, no second picture behind it.

The picture is decoded and written anew, so that what lies in EXIF, XMP, comments, text chunks, colour
profiles or after the end of the picture is never stored. What a camera wrote as a turn is done to the pixels.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import get_sampling

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}


MOST_PIXELS = 40_000_000  # 120 MB once decoded; a phone's usual photo has 12 million


class Unreadable(ValueError):
    """It begins like a picture and does not decode to its end."""


class TooManyPixels(ValueError):
    """Small as a file, huge once decoded."""


def bare(content: bytes, kind: str) -> bytes:
    """The picture alone, the right way up; the same bytes for the same bytes sent.

    ``kind`` is a media type of ``FORMATS``. A JPEG keeps its own quantisation, so that writing it again costs
    next to nothing to see. Raises TooManyPixels before any pixel is decoded, and Unreadable.
    """
    try:
        with Image.open(BytesIO(content), formats=[FORMATS[kind]]) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                raise TooManyPixels(f"{sent.width} x {sent.height}")
            how = _as_it_was(sent) if kind == "image/jpeg" else {}
            sent.load()
            return _written(_upright(sent), FORMATS[kind], how)
    except Image.DecompressionBombError as bomb:
        raise TooManyPixels(str(bomb)) from None
    except TooManyPixels:
        raise
    except Exception as broken:  # a decoder given a stranger's bytes raises whatever it stumbles on
        raise Unreadable(type(broken).__name__) from None


def _as_it_was(sent: Image.Image) -> dict[str, object]:
    sampling = get_sampling(sent)
    return {"qtables": sent.quantization, "subsampling": sampling if sampling >= 0 else 0}


def _upright(sent: Image.Image) -> Image.Image:
    """Turned as its tag says; see-through pixels and palettes kept; nothing beside the pixels."""
    turned = ImageOps.exif_transpose(sent)
    if "transparency" in turned.info:
        turned = turned.convert("RGBA")
    if sent.format in ("JPEG", "MPO") and turned.mode not in ("L", "RGB"):
        turned = turned.convert("RGB")
    turned.info = {}
    return turned


def _written(picture: Image.Image, form: str, how: dict[str, object]) -> bytes:
    out = BytesIO()
    try:
        picture.save(out, form, **how)
    except (ValueError, OSError):  # tables that a decoder takes and an encoder does not
        out = BytesIO()
        picture.save(out, form, quality=95)
    return out.getvalue()


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
