"""Pictures as a phone sends them, made here: what the camera writes beside the pixels is invented."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, PngImagePlugin

MARKS = (b"-7.7012", b"Contoh Fon 12", b"Pemilik Contoh")  # position, device, owner: none may be stored
RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves(size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Left half red, right half blue, so that a turn shows."""
    out = Image.new("RGB", size, BLUE)
    out.paste(RED, (0, 0, size[0] // 2, size[1]))
    return out


def _saved(picture: Image.Image, form: str, **how: object) -> bytes:
    out = BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def camera_jpeg(orientation: int = 1) -> bytes:
    """EXIF with position, device and owner, an XMP packet, a comment, and bytes after the end."""
    exif = Image.Exif()
    exif[0x0110], exif[0x013B], exif[0x0112] = "Contoh Fon 12", "Pemilik Contoh", orientation
    exif.get_ifd(0x8825)[2], exif.get_ifd(0x8825)[1] = (7.0, 42.0, 4.32), "S"
    xmp = b"<x:xmpmeta>-7.7012</x:xmpmeta>"
    made = _saved(halves(), "JPEG", quality=90, exif=exif, xmp=xmp, comment="Pemilik Contoh")
    return made + b"-7.7012 Contoh Fon 12"


def two_pictures() -> bytes:
    """A phone's photo with a second picture behind it (MPO), as many phones send by themselves."""
    exif = Image.Exif()
    exif[0x0110] = "Contoh Fon 12"
    return _saved(halves(), "MPO", save_all=True, append_images=[halves((32, 16))], exif=exif)


def camera_png() -> bytes:
    """Text chunks and EXIF."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Location", "-7.7012")
    text.add_itxt("Author", "Pemilik Contoh")
    exif = Image.Exif()
    exif[0x0110] = "Contoh Fon 12"
    return _saved(halves(), "PNG", pnginfo=text, exif=exif)


def clear_png() -> bytes:
    """A palette with a see-through colour."""
    return _saved(halves().quantize(4), "PNG", transparency=0)


def wide_png(width: int, height: int) -> bytes:
    """Few bytes, many pixels."""
    return _saved(Image.new("1", (width, height)), "PNG")


PNG = _saved(halves(), "PNG")  # nothing beside the pixels
