"""Free text is scanned for what is never kept; ordinary office language passes."""

import pytest

from kondusif.banned import scan
from tests.cast import ITEMS, RECIPE


@pytest.mark.parametrize(
    "text, kind",
    [
        ("Mayoritas Islam", "religion"),
        ("keluarga non-muslim", "religion"),
        ("dari suku tertentu", "ethnicity"),
        ("orang Madura berkumpul", "ethnicity"),
        ("keturunan Tionghoa", "ethnicity"),
        ("kader PDIP", "opinion"),
        ("anggota PAN", "opinion"),
        ("pendukung calon 2", "opinion"),
        ("condong ke nomor 1", "opinion"),
        ("pilihan politik warga", "opinion"),
        ("NIK 3514050101800001", "identity"),
        ("NIK 3514 0501 0180 0001", "identity"),
        ("hubungi 081234567890", "telephone"),
        ("HP +62 812-3456-7890", "telephone"),
        ("Calon 1: 312, calon 2: 309", "votes"),
        ("calon nomor 1 unggul 45 suara", "votes"),
        ("perolehan suara calon satu 312", "votes"),
        ("nomor 2 menang 52 persen", "votes"),
        ("suara tidak sah: 17", "votes"),
        ("12 surat suara rusak", "votes"),
    ],
)
def test_attributes_of_persons_are_found(text, kind):
    assert kind in {found.kind for found in scan(text)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Berita acara panitia, 8 Oktober 2023",
        "Tokoh agama dan tokoh masyarakat hadir",
        "Kantor Urusan Agama",
        "Polda Jawa Timur; Bangkalan, Madura",
        "Daftar pemilih tetap 1.800",
        "panitia dan rapat pleno",
        "perasaan warga tenang",
        "b0a4f0b8-7f0e-4a52-9d9c-5d1f5f6c9a11",
        "Massa 120 orang di balai desa",
        "3 kotak suara diterima di kecamatan",
        "Pemungutan suara 10 Oktober 2023 pukul 07.00",
        "200 surat suara belum tiba di TPS 02",
        "BA-LEMAHBANG/10-2023/3",
        "Kode 35.14.05.2001-03, rencana 2-10-5",
        "Darurat: telepon 110",
    ],
)
def test_office_language_passes(text):
    assert scan(text) == ()


def test_our_own_questions_pass():
    for indicator in ITEMS.values():
        assert scan(indicator.name_id) == () and scan(indicator.source) == ()
    assert all(scan(text) == () for c in RECIPE.companions.values() for text in (c.name_id, c.name_en))


@pytest.mark.parametrize(
    "text", ["warga su\u200bku X", "ａｇａｍａ", "par\u00adtai", "pendukung ca\u2060lon 2"]
)
def test_letters_that_nobody_sees_hide_no_word(text):
    assert scan(text)
