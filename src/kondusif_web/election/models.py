"""An operation and its places. One office keeps one operation at a time."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from kondusif import words
from kondusif.stages import START_OFFSETS
from kondusif_web.accounts.models import User


def default_labels() -> dict[str, str]:
    """Words of the levels; regencies and years differ (RULES 6)."""
    return dict(words.table("levels"))


def default_offsets() -> dict[str, list[object]]:
    """Days before the vote and local time at which security begins, per level (RULES 9)."""
    return {str(level): [days, f"{at:%H:%M}"] for level, (days, at) in START_OFFSETS.items()}


class Operation(models.Model):
    """One vote secured by one office. A drill is one from creation: ``clock`` is its simulated now."""

    kode = models.CharField(max_length=60, unique=True)
    nama = models.CharField(max_length=160)
    polres = models.CharField(max_length=120)
    polsek = models.CharField(max_length=120, blank=True)
    kecamatan = models.CharField(max_length=80, blank=True)
    kabupaten = models.CharField(max_length=80, blank=True)
    vote_at = models.DateTimeField()
    tz = models.CharField(max_length=40, default="Asia/Jakarta")
    drill = models.BooleanField(default=False)
    clock = models.DateTimeField(null=True, blank=True)
    illustrative = models.BooleanField(default=False)
    labels = models.JSONField(default=default_labels)
    rule_pack = models.CharField(max_length=40, default="pp-43-2014")
    pattern_set = models.CharField(max_length=60, default="jatim-2021-2023")
    start_offsets = models.JSONField(default=default_offsets)
    recipe = models.CharField(max_length=60, blank=True)
    bpd_report_at = models.DateTimeField(null=True, blank=True)
    inauguration_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [  # noqa: RUF012
            models.CheckConstraint(
                condition=Q(drill=True) | Q(clock__isnull=True), name="election_only_a_drill_has_a_clock"
            )
        ]

    def __str__(self) -> str:
        return self.nama


class StageDate(models.Model):
    """The actual date of a stage, with the paper it stands on; replaces the computed one."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="stage_dates")
    kode = models.CharField(max_length=40)
    at = models.DateTimeField()
    source = models.CharField(max_length=240)

    class Meta:
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("operation", "kode"), name="election_stage_dated_once"),
            models.CheckConstraint(condition=~Q(source=""), name="election_stage_date_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kode} {self.at:%Y-%m-%d}"


class Retired(models.Model):
    """A village or station that was entered by mistake: out of every list, sum and plan, and never deleted.

    ``kode`` is its code; ``along`` the code of the village that a station went with. Restored, it counts
    again. One table beside the places, so that a place's own row stays as the book knows it.
    """

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="retired")
    kode = models.CharField(max_length=16, db_index=True)
    along = models.CharField(max_length=13, blank=True)
    reason = models.CharField(max_length=240)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True, blank=True)
    restored_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("kode", "at")
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(
                fields=("kode",), condition=Q(restored_at__isnull=True), name="election_retired_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="election_retired_has_reason"),
            models.CheckConstraint(
                condition=Q(restored_at__isnull=True, restored_by__isnull=True)
                | Q(restored_at__isnull=False, restored_by__isnull=False),
                name="election_restored_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.kode


class Standing(models.Manager):
    """Places that are not retired. What points at one still reaches it, and so does ``_base_manager``."""

    def get_queryset(self) -> QuerySet[Any, Any]:
        gone = Retired.objects.filter(kode=OuterRef("kode"), restored_at__isnull=True)
        return super().get_queryset().filter(~Exists(gone))


class Desa(models.Model):
    """A village in the operation; ``cell`` is its schematic outline as [[lng, lat], ...]."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="desa")
    kode = models.CharField(max_length=13, unique=True)
    nama = models.CharField(max_length=80)
    kecamatan = models.CharField(max_length=80)
    kabupaten = models.CharField(max_length=80, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    memilih = models.BooleanField(default=False)
    cell = models.JSONField(default=list, blank=True)

    objects = Standing()

    class Meta:
        ordering = ("kode",)

    def __str__(self) -> str:
        return f"{self.nama} ({self.kecamatan})"


class Tps(models.Model):
    """A polling station of a village."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="tps")
    desa = models.ForeignKey(Desa, on_delete=models.PROTECT, related_name="tps")
    kode = models.CharField(max_length=16, unique=True)
    nomor = models.PositiveSmallIntegerField()
    nama = models.CharField(max_length=80, blank=True)
    pemilih = models.PositiveIntegerField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)

    objects = Standing()

    class Meta:
        ordering = ("kode",)
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("desa", "nomor"), name="election_tps_number_once")
        ]

    def __str__(self) -> str:
        return f"TPS {self.nomor:02d} {self.desa.nama}"


class Calon(models.Model):
    """A candidate by number only: no name is kept (PRODUCT, never persons)."""

    desa = models.ForeignKey(Desa, on_delete=models.PROTECT, related_name="calon")
    nomor = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("desa", "nomor")
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("desa", "nomor"), name="election_candidate_number_once")
        ]

    def __str__(self) -> str:
        return f"Calon {self.nomor}"


class Boundary(models.Model):
    """The boundary of a village from an official file; the map draws it in place of the schematic outline.

    ``polygons`` are the coordinates of a GeoJSON MultiPolygon, [lng, lat] in WGS 84; ``rings`` the same with
    fewer corners, the largest part first, each not closed: what a drawing needs.
    """

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="boundaries")
    desa = models.OneToOneField(Desa, on_delete=models.PROTECT, related_name="boundary")
    polygons = models.JSONField()
    rings = models.JSONField()
    source = models.CharField(max_length=240)
    file_digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("desa__kode",)
        constraints = [  # noqa: RUF012
            models.CheckConstraint(condition=~Q(source=""), name="election_boundary_has_source")
        ]

    def __str__(self) -> str:
        return f"Batas {self.desa}"
