"""Operations, the people of each, and their places. One office keeps many (RULES 36)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kondusif import words
from kondusif.lifecycle import CODE_EXPECTED, Phase, is_code
from kondusif.stages import START_OFFSETS, ZONES, local_day
from kondusif_web.accounts.models import User, check_member_role, check_prefixes
from kondusif_web.election.columns import coded, filled, holds, known, once, paired, protected
from kondusif_web.logbook.clock import server_now


def default_labels() -> dict[str, str]:
    """Words of the levels; regencies and years differ (RULES 6)."""
    return dict(words.table("levels"))


def default_offsets() -> dict[str, list[object]]:
    """Days before the vote and local time at which security begins, per level (RULES 9)."""
    return {str(level): [days, f"{at:%H:%M}"] for level, (days, at) in START_OFFSETS.items()}


def check_code(value: str) -> None:
    """The code of an operation, by the one rule of ``kondusif.lifecycle``."""
    if not is_code(value):
        raise ValidationError(_("Kode operasi: %(seharusnya)s.") % {"seharusnya": _(CODE_EXPECTED)})


class Operation(models.Model):
    """One vote secured by one office. A drill is one from creation: ``clock`` is its simulated now.

    ``kode`` stands in every address and names its chain of the book; ``phase`` is how far it has come.
    """

    kode = models.SlugField(max_length=60, unique=True, validators=[check_code])
    phase = coded(Phase, 10, default=Phase.PREPARING.value)
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

    chain = "kode"  # its own rows stand in its own chain

    class Meta:
        constraints = [  # noqa: RUF012
            holds("election_only_a_drill_has_a_clock", Q(drill=True) | Q(clock__isnull=True)),
            known("election_phase_known", "phase", Phase),
        ]

    def __str__(self) -> str:
        return self.nama

    @property
    def zone(self) -> ZoneInfo:
        """The local time of its places."""
        return ZoneInfo(ZONES.get(self.tz, self.tz))

    @property
    def local_vote(self) -> datetime:
        """The moment of the vote on the clocks there, whatever zone a page is shown in."""
        return self.vote_at.astimezone(self.zone)

    @property
    def vote_day(self) -> date:
        """H there."""
        return local_day(self.vote_at, self.zone)

    def lock(self) -> Operation:
        """Its row read anew, and nobody else's until the transaction ends."""
        return Operation.objects.select_for_update().get(pk=self.pk)

    def now(self) -> datetime:
        """By its clock: the server's, or in a drill the simulated one (RULES 23)."""
        return self.clock if self.drill and self.clock is not None else server_now()

    @property
    def mark(self) -> str:
        """What every paper made from it carries: of a drill, of made-up data (RULES 23, 24)."""
        if self.illustrative:
            return "LATIHAN - DATA ILUSTRATIF"
        return "LATIHAN" if self.drill else ""

    @property
    def archived(self) -> bool:
        """Read only: the book takes no further line of it."""
        return self.phase == Phase.ARCHIVED


class Membership(models.Model):
    """What an account is in one operation: role, title, areas and post (RULES 20).

    ``prefixes`` is the jurisdiction, ``post`` the code of the post that a field officer holds. Ended, it
    stays: what was done under it keeps its name.
    """

    operation = protected(Operation, "members")
    user = protected(User, "memberships")
    role = models.CharField(max_length=20, validators=[check_member_role])
    jabatan = models.CharField(max_length=120, blank=True)
    prefixes = models.JSONField(default=list, blank=True, validators=[check_prefixes])
    post = models.CharField(max_length=30, blank=True)
    active = models.BooleanField(default=True)

    is_person = True  # a row's key to its writer does not say whose row it is

    class Meta:
        ordering = ("role", "user__username")
        constraints = [  # noqa: RUF012
            once("election_member_once", "operation", "user"),
        ]

    def __str__(self) -> str:
        return self.jabatan or self.user.username

    @property
    def username(self) -> str:
        return self.user.username

    @property
    def is_authenticated(self) -> bool:
        return self.user.is_authenticated

    @property
    def is_active(self) -> bool:
        return self.active and self.user.is_active


class StageDate(models.Model):
    """The actual date of a stage, with the paper it stands on; replaces the computed one."""

    operation = protected(Operation, "stage_dates")
    kode = models.CharField(max_length=40)
    at = models.DateTimeField()
    source = models.CharField(max_length=240)

    class Meta:
        constraints = [  # noqa: RUF012
            once("election_stage_dated_once", "operation", "kode"),
            filled("election_stage_date_has_source", "source"),
        ]

    def __str__(self) -> str:
        return f"{self.kode} {self.at.isoformat()}"


class Retired(models.Model):
    """A village or station that was entered by mistake: out of every list, sum and plan, and never deleted.

    ``kode`` is its code; ``along`` the code of the village that a station went with. Restored, it counts
    again. One table beside the places, so that a place's own row stays as the book knows it.
    """

    operation = protected(Operation, "retired")
    kode = models.CharField(max_length=16, db_index=True)
    along = models.CharField(max_length=13, blank=True)
    reason = models.CharField(max_length=240)
    by = protected(Membership)
    at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True, blank=True)
    restored_by = protected(Membership, null=True, blank=True)

    class Meta:
        ordering = ("kode", "at")
        constraints = [  # noqa: RUF012
            once("election_retired_once", "operation", "kode", condition=Q(restored_at__isnull=True)),
            filled("election_retired_has_reason", "reason"),
            paired("election_restored_who_and_when", "restored_at", "restored_by"),
        ]

    def __str__(self) -> str:
        return self.kode


class InUse(models.Manager):
    """Places that are not retired. What points at one still reaches it, and so does ``_base_manager``."""

    def get_queryset(self) -> QuerySet[Any]:
        gone = Retired.objects.filter(
            operation=OuterRef("operation"), kode=OuterRef("kode"), restored_at__isnull=True
        )
        return super().get_queryset().filter(~Exists(gone))


class Desa(models.Model):
    """A village in the operation; ``cell`` is its schematic outline as [[lng, lat], ...]."""

    operation = protected(Operation, "desa")
    kode = models.CharField(max_length=13)
    nama = models.CharField(max_length=80)
    kecamatan = models.CharField(max_length=80)
    kabupaten = models.CharField(max_length=80, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    memilih = models.BooleanField(default=False)
    cell = models.JSONField(default=list, blank=True)

    objects = InUse()

    class Meta:
        ordering = ("kode",)
        constraints = [  # noqa: RUF012
            once("election_desa_code_once", "operation", "kode")
        ]

    def __str__(self) -> str:
        return f"{self.nama} ({self.kecamatan})"


class Tps(models.Model):
    """A polling station of a village."""

    operation = protected(Operation, "tps")
    desa = protected(Desa, "tps")
    kode = models.CharField(max_length=16)
    nomor = models.PositiveSmallIntegerField()
    nama = models.CharField(max_length=80, blank=True)
    pemilih = models.PositiveIntegerField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)

    objects = InUse()

    class Meta:
        ordering = ("kode",)
        constraints = [  # noqa: RUF012
            once("election_tps_code_once", "operation", "kode"),
            once("election_tps_number_once", "desa", "nomor"),
        ]

    def __str__(self) -> str:
        return f"TPS {self.nomor:02d} {self.desa.nama}"


class Calon(models.Model):
    """A candidate by number only: no name is kept (PRODUCT, never persons)."""

    desa = protected(Desa, "calon")
    nomor = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("desa", "nomor")
        constraints = [  # noqa: RUF012
            once("election_candidate_number_once", "desa", "nomor")
        ]

    def __str__(self) -> str:
        return f"Calon {self.nomor}"


class Boundary(models.Model):
    """The boundary of a village from an official file; the map draws it in place of the schematic outline.

    ``polygons`` are the coordinates of a GeoJSON MultiPolygon, [lng, lat] in WGS 84; ``rings`` the same with
    fewer corners, the largest part first, each not closed: what a drawing needs.
    """

    operation = protected(Operation, "boundaries")
    desa = models.OneToOneField(Desa, on_delete=models.PROTECT, related_name="boundary")
    polygons = models.JSONField()
    rings = models.JSONField()
    source = models.CharField(max_length=240)
    file_digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("desa__kode",)
        constraints = [  # noqa: RUF012
            filled("election_boundary_has_source", "source")
        ]

    def __str__(self) -> str:
        return f"Batas {self.desa}"
