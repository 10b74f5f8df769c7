"""What a file is, by its content: people rename files, and a refusal names what came."""

from __future__ import annotations

import io
import re
import zipfile

from kondusif_index.errors import N_

SIGNS: tuple[tuple[bytes, str], ...] = (  # first bytes of files that are no tables we read
    (b"\x09\x00\x04\x00", N_("buku kerja .xls lama")),
    (b"\x09\x02\x06\x00", N_("buku kerja .xls lama")),
    (b"\x09\x04\x06\x00", N_("buku kerja .xls lama")),
    (b"\x09\x08", N_("buku kerja .xls lama")),
    (b"%PDF", N_("dokumen PDF")),
    (b"{\\rtf", N_("dokumen teks")),
    (b"\x89PNG", N_("gambar")),
    (b"\xff\xd8\xff", N_("gambar")),
    (b"GIF8", N_("gambar")),
    (b"Rar!", N_("arsip")),
    (b"7z\xbc\xaf", N_("arsip")),
    (b"\x1f\x8b", N_("arsip")),
    (b"PAR1", N_("tabel Parquet")),
    (b"SQLite format 3\x00", N_("basis data")),
    (b"ID;P", N_("lembar SYLK (.slk)")),
    (b"TABLE\r\n0,1\r\n", N_("lembar DIF (.dif)")),
)
STREAMS: tuple[tuple[str, str], ...] = (  # within an OLE file, in this order
    ("EncryptedPackage", N_("berkas terkunci kata sandi")),
    ("WordDocument", N_("dokumen Word")),
    ("PowerPoint Document", N_("presentasi")),
    ("Workbook", N_("buku kerja .xls lama")),
    ("Book", N_("buku kerja .xls lama")),
)
PARTS: tuple[tuple[str, str], ...] = (  # within a ZIP file, in this order
    (r"xl/workbook\.bin", N_("buku kerja biner .xlsb")),
    (r"xl/.*", ""),
    (r"word/.*", N_("dokumen Word")),
    (r"ppt/.*", N_("presentasi")),
    (r"Index/.*\.iwa|Index\.zip", N_("lembar Apple Numbers")),
    (r"content\.xml", N_("berkas LibreOffice (.ods atau .odt)")),
    (r"doc\.kml", N_("peta KMZ")),
    (r"\[Content_Types\]\.xml", ""),
)
TEXTS: tuple[tuple[str, str], ...] = (  # how a text begins that is no CSV
    (r"(<\?xml.*?)?<([a-z]+:)?workbook\b", N_("lembar XML Excel 2003")),
    (r"<\?xml|<[a-z]+:", N_("berkas XML")),
    (r"<(!doctype|!--|html|head|meta|table|body|style|div)\b", N_("halaman web (HTML)")),
    (r"mime-version:|content-type: multipart", N_("halaman web (MHTML)")),
    (r"[{\[]\s*[\[{\"}\]]", N_("berkas JSON")),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def binary_kind(raw: bytes) -> str:
    """What a file is that is neither text nor a workbook; "" where nothing is known against it.

    >>> binary_kind(b"%PDF-1.7"), binary_kind(b"kode,nama")
    ('dokumen PDF', '')
    """
    if raw.startswith(ZIP):
        return _archive_kind(raw)
    if raw.startswith(OLE[:4]):
        names = (kind for name, kind in STREAMS if name.encode("utf-16-le") in raw)
        return next(names, N_("buku kerja .xls lama atau terkunci kata sandi"))
    return next((kind for sign, kind in SIGNS if raw.startswith(sign)), "")


def _archive_kind(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = [name.replace("\\", "/") for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    for part, kind in PARTS:
        if any(re.fullmatch(part, name, re.IGNORECASE) for name in names):
            return kind
    return N_("arsip")


def text_kind(body: str) -> str:
    """What a text is that is no CSV; "" where nothing is known against it.

    >>> text_kind(" <table><tr>"), text_kind("kode;nama")
    ('halaman web (HTML)', '')
    """
    head = body[:2_000].lstrip("\ufeff \t\r\n")
    for beginning, kind in TEXTS:
        if re.match(beginning, head, re.IGNORECASE | re.DOTALL):
            return kind
    return ""
