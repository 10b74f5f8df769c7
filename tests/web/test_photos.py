"""A photo is stored without position, device and owner; what is no picture is refused (RULES 20, 26)."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from PIL import Image

from kondusif.errors import ImportRefused
from kondusif_web.answers import photos
from kondusif_web.answers.models import Evidence, EvidenceFile
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from tests import pictures
from tests.web.test_answers import answered, attach, running  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n/Author (Pemilik Contoh)\n%%EOF"


def stored() -> bytes:
    return bytes(EvidenceFile.objects.get().content)


@pytest.mark.parametrize("sent", [pictures.camera_jpeg(), pictures.camera_png()], ids=["jpeg", "png"])
def test_nothing_that_the_camera_wrote_is_stored(people, answered, sent):  # noqa: F811
    assert pictures.MARKS[1] in sent and pictures.MARKS[2] in sent and pictures.MARKS[0] in sent
    attach(people, answered, content=sent)
    assert not [mark for mark in pictures.MARKS if mark in stored()]
    with Image.open(BytesIO(stored())) as kept:
        assert not kept.getexif() and not kept.getexif().get_ifd(0x8825)
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_book_holds_the_digest_of_what_is_stored_and_not_of_what_was_sent(people, answered):  # noqa: F811
    sent = pictures.camera_jpeg()
    row = attach(people, answered, content=sent)
    digest = hashlib.sha256(stored()).hexdigest()
    assert digest != hashlib.sha256(sent).hexdigest()
    assert (row.sha256, row.size, row.type) == (digest, len(stored()), "image/jpeg")
    assert Entry.objects.get(kind="evidence_attached").payload["sha256"] == digest
    assert verify().ok


def test_a_picture_full_of_detail_is_written_too(people, answered):  # noqa: F811
    noisy, sent = Image.effect_noise((500, 400), 90).convert("RGB"), BytesIO()
    noisy.save(sent, "JPEG", quality=100, subsampling=0)
    attach(people, answered, content=sent.getvalue())
    with Image.open(BytesIO(stored())) as kept:
        assert kept.size == (500, 400)


def test_a_second_picture_behind_the_first_is_not_stored():
    sent = pictures.two_pictures()
    with Image.open(BytesIO(sent)) as both:
        assert both.n_frames == 2
    kept = photos.bare(sent, "image/jpeg")
    assert pictures.MARKS[1] in sent and pictures.MARKS[1] not in kept
    with Image.open(BytesIO(kept)) as one:
        assert one.format == "JPEG" and one.size == (64, 32)


@pytest.mark.parametrize(
    "orientation, size, first",
    [
        (1, (64, 32), pictures.RED),
        (3, (64, 32), pictures.BLUE),  # upside down
        (6, (32, 64), pictures.RED),  # a quarter turn right: what was left is above
        (8, (32, 64), pictures.BLUE),
    ],
)
def test_the_picture_stays_the_right_way_up_without_its_tag(orientation, size, first):
    with Image.open(BytesIO(photos.bare(pictures.camera_jpeg(orientation), "image/jpeg"))) as kept:
        assert kept.size == size and 0x0112 not in kept.getexif()
        assert all(abs(a - b) < 12 for a, b in zip(kept.getpixel((4, 4)), first, strict=True))


def test_see_through_pixels_stay_see_through():
    with Image.open(BytesIO(photos.bare(pictures.clear_png(), "image/png"))) as kept:
        alpha = kept.convert("RGBA").getchannel("A")
        assert alpha.getextrema() == (0, 255)


def test_what_is_sent_again_is_stored_as_the_same_bytes():
    sent = pictures.camera_jpeg(6)
    assert photos.bare(sent, "image/jpeg") == photos.bare(sent, "image/jpeg")
    assert photos.bare(pictures.PNG, "image/png") == pictures.PNG  # nothing there to take away


@pytest.mark.parametrize(
    "content",
    [
        pictures.camera_jpeg()[:400],
        pictures.PNG[:60],
        b"\x89PNG\r\n\x1a\n" + b"0" * 50,
        b"\xff\xd8\xff" + b"<html><script>alert(1)</script>",
        pictures.camera_png().replace(b"IDAT", b"IDXT"),
    ],
    ids=["cut jpeg", "cut png", "png by name", "html behind jpeg", "no pixels"],
)
def test_what_claims_to_be_a_picture_and_does_not_decode_is_refused(people, answered, content):  # noqa: F811
    with pytest.raises(ImportRefused, match="rusak atau terpotong"):
        attach(people, answered, content=content)
    assert not Evidence.objects.exists()


def test_a_small_file_of_too_many_pixels_is_refused_with_the_limit(people, answered):  # noqa: F811
    bomb = pictures.wide_png(8000, 5001)
    assert len(bomb) < 50_000
    with pytest.raises(ImportRefused, match="paling banyak 40 juta piksel"):
        attach(people, answered, content=bomb)
    assert len(photos.bare(pictures.wide_png(8000, 5000), "image/png")) > 0


def test_a_bomb_is_refused_before_a_pixel_of_it_is_decoded(monkeypatch):
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", lambda self: pytest.fail("decoded"))
    with pytest.raises(photos.TooManyPixels):
        photos.bare(pictures.wide_png(20000, 20000), "image/png")


def test_a_pdf_is_stored_as_it_came(people, answered):  # noqa: F811
    attach(people, answered, content=PDF)
    assert stored() == PDF
