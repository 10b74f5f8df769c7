"""What the office holds, as a file would say it; and what binds a file that comes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from kondusif.files.changes import FileConstraints
from kondusif.files.operation import OperationFile
from kondusif.files.sheets import TAHAP, UNSUR
from kondusif.places import desa_of
from kondusif.stages import ZONES
from kondusif_web.answers.models import Answer
from kondusif_web.classes.models import Assessment
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Calon, Membership, Operation
from kondusif_web.posts.queries import units

ZONE_WORDS = {iana: word for word, iana in ZONES.items()}
UNSUR_WORDS = {kode: word for word, kode in UNSUR.items()}
TAHAP_WORDS = {kode: word for word, kode in TAHAP.items()}


def known(operation: Operation) -> OperationFile:
    """The operation as rows of the sheets that a file may bring, answers left out."""
    zone = election_of(operation).zone
    return OperationFile.of(
        {
            "operasi": (_operasi(operation),),
            "desa": tuple(
                operation.desa.values("kode", "nama", "kecamatan", "kabupaten", "lat", "lng", "memilih")
            ),
            "tps": tuple(
                {
                    "desa": t.desa.kode,
                    "nomor": t.nomor,
                    "nama": t.nama,
                    "pemilih": t.pemilih,
                    "lat": t.lat,
                    "lng": t.lng,
                }
                for t in operation.tps.select_related("desa")
            ),
            "calon": tuple(
                {"desa": c.desa.kode, "nomor": c.nomor, "ikrar": "unknown"}
                for c in Calon.objects.filter(desa__in=operation.desa.all()).select_related("desa")
            ),
            "tahap": tuple(
                {"tahap": TAHAP_WORDS[s.kode], "waktu": s.at.astimezone(zone), "sumber": s.source}
                for s in operation.stage_dates.all()
                if s.kode in TAHAP_WORDS
            ),
            "kekuatan": tuple(_unit(u) for u in units(operation)),
        }
    )


def _operasi(operation: Operation) -> dict[str, Any]:
    election = election_of(operation)
    offsets = {f"mulai_tingkat_{n}": value for n, value in election.start_offsets.items()}
    return {
        "kode": operation.kode,
        "nama": operation.nama,
        "polres": operation.polres,
        "waktu_pemungutan": election.vote_at.astimezone(election.zone),
        "zona_waktu": ZONE_WORDS[election.tz],
        "paket_aturan": operation.rule_pack,
        "pola": operation.pattern_set,
        "pelantikan": election.inauguration_at,
        "latihan": operation.drill,
    } | offsets


def _unit(unit: Any) -> dict[str, Any]:
    return {
        "kode": unit.kode,
        "nama": unit.nama,
        "unsur": UNSUR_WORDS[str(unit.force)],
        "fungsi": unit.function,
        "jumlah": unit.strength,
        "bko": unit.bko,
        "asal": unit.base_nama,
        "lat": unit.base.lat if unit.base else None,
        "lng": unit.base.lng if unit.base else None,
        "khusus_desa": unit.only_desa or "",
        "bukan_di": tuple(unit.not_at),
    }


def standing(operation: Operation, user: Membership | None) -> FileConstraints:
    """What may not change any more, and where this person may write; ``user`` None: the command line."""
    answered = {
        desa_of(p) for p in Answer.objects.filter(operation=operation).values_list("place", flat=True)
    }
    used = operation.desa.filter(Q(pk__in=operation.tps.values("desa")) | Q(assessments__isnull=False))
    return FileConstraints(
        in_use=frozenset(answered | set(used.values_list("kode", flat=True))),
        published=Assessment.objects.filter(operation=operation, number__isnull=False).exists(),
        retired=frozenset(operation.retired.filter(restored_at__isnull=True).values_list("kode", flat=True)),
        areas=None if user is None else tuple(user.prefixes),
        drill=operation.drill,
    )
