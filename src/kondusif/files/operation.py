"""What a file says about an operation, as values of the core."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from kondusif.answers.answer import Answer, Given
from kondusif.dialogue import Commitment, CommitmentStatus, Meeting, Part, Question, topic_of
from kondusif.files.sheets import KEADAAN_JAWABAN, SHEETS, UNSUR
from kondusif.forces import Force, Unit
from kondusif.places import Desa, Point, Tps
from kondusif.stages import PACKS, START_OFFSETS, ZONES, Election

Row = Mapping[str, Any]

ANSWER_IDS = uuid.UUID("6b1c7c1e-6d3a-5d55-9f0a-3c5a6c7f0e11")  # names answers that came without an id
MARK = "LATIHAN - DATA ILUSTRATIF"  # RULES 24


@dataclass(frozen=True)
class OperationFile:
    """Checked rows by sheet; the properties are the same rows as core values.

    Moments are aware, in the operation's zone. ``rows`` holds every sheet of ``SHEETS``, absent ones empty.
    """

    rows: Mapping[str, tuple[Row, ...]]

    @classmethod
    def of(cls, rows: Mapping[str, tuple[Row, ...]]) -> OperationFile:
        return cls(MappingProxyType({s.name: tuple(rows.get(s.name, ())) for s in SHEETS}))

    def __getitem__(self, sheet: str) -> tuple[Row, ...]:
        return self.rows[sheet]

    @property
    def operasi(self) -> Row | None:
        """The one row about the operation; None in a partial file."""
        return next(iter(self.rows["operasi"]), None)

    @property
    def drill(self) -> bool:
        return bool(self.operasi and self.operasi["latihan"])

    @cached_property
    def illustrative(self) -> bool:
        """Whether any row is made up: then everything made from the file carries ``MARK`` (RULES 24)."""
        return any(row.get("ilustratif") for rows in self.rows.values() for row in rows)

    @property
    def mark(self) -> str:
        if self.illustrative:
            return MARK
        return "LATIHAN" if self.drill else ""

    @cached_property
    def election(self) -> Election:
        """The vote with its rule pack. Needs the sheet ``operasi``."""
        row = self.operasi
        if row is None:
            raise LookupError("operasi")
        offsets = {n: row.get(f"mulai_tingkat_{n}") or START_OFFSETS[n] for n in START_OFFSETS}
        return Election(
            vote_at=row["waktu_pemungutan"],
            tz=row["zona_waktu"],
            pack=PACKS[row["paket_aturan"]],
            start_offsets=offsets,
            inauguration_at=row.get("pelantikan"),
        )

    @cached_property
    def desa(self) -> tuple[Desa, ...]:
        return tuple(
            Desa(r["kode"], r["nama"], r["kecamatan"], r.get("kabupaten") or "", point(r), r["memilih"])
            for r in self["desa"]
        )

    @property
    def voting(self) -> tuple[Desa, ...]:
        return tuple(d for d in self.desa if d.memilih)

    @cached_property
    def tps(self) -> tuple[Tps, ...]:
        return tuple(
            Tps(r["desa"], r["nomor"], r.get("nama") or "", r["pemilih"], point(r)) for r in self["tps"]
        )

    def tps_of(self, desa: str) -> tuple[str, ...]:
        """TPS codes of a desa, in order."""
        return tuple(sorted(t.kode for t in self.tps if t.desa == desa))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(ZONES[self.operasi["zona_waktu"] if self.operasi else "WIB"])

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """Meetings with their questions. The hour of a meeting is midnight: the sheet holds a date."""
        return tuple(
            Meeting(
                kode=r["kode"],
                title=r["judul"],
                at=datetime.combine(r["tanggal"], time(), tzinfo=self.zone),
                place=r["tempat"],
                desa=tuple(r.get("desa") or ()) or tuple(d.kode for d in self.voting),
                participants=tuple(r["peserta"]),
                questions=self._questions(r),
            )
            for r in self["pertemuan"]
        )

    def _questions(self, meeting: Row) -> tuple[Question, ...]:
        parts: dict[str, list[Row]] = {}
        for row in self["pertanyaan"]:
            if row["pertemuan"] == meeting["kode"]:
                parts.setdefault(row["pertanyaan"], []).append(row)
        asked = datetime.combine(meeting["tanggal"], time(), tzinfo=self.zone)
        return tuple(
            Question(
                kode=kode,
                desa=rows[0]["desa"],
                role=rows[0]["peran"],
                text=rows[0]["teks"],
                asked_at=asked,
                parts=tuple(_part(r) for r in rows),
            )
            for kode, rows in parts.items()
        )

    @cached_property
    def komitmen(self) -> tuple[Commitment, ...]:
        """A promise speaks to the villages of its meeting; a blank level was not named."""
        met = {r["kode"]: tuple(r.get("desa") or ()) for r in self["pertemuan"]}
        return tuple(
            Commitment(
                kode=r["kode"],
                text=r["teks"],
                owner=r.get("pemilik") or "",
                due=r.get("jatuh_tempo"),
                status=CommitmentStatus.OWNED if r.get("pemilik") else CommitmentStatus.OFFERED,
                gate=r.get("gerbang") or "",
                levels=levels_of(r.get("tingkat")),
                topic=topic_of(r["topik"])[0],
                desa=met.get(r["pertemuan"], ()),
            )
            for r in self["komitmen"]
        )

    @cached_property
    def jawaban(self) -> tuple[Answer, ...]:
        return tuple(answer_of(r) for r in self["jawaban"])

    @cached_property
    def kekuatan(self) -> tuple[Unit, ...]:
        bases = {r["kode"]: r for r in self["kantor"]}
        return tuple(_unit(r, bases.get(r.get("kantor") or "", {})) for r in self["kekuatan"])


def levels_of(named: Sequence[str] | None) -> tuple[int, ...] | None:
    """Levels that a promise names; None where the cell is blank: it answers for none (method 7.4)."""
    return tuple(int(n) for n in named) if named else None


def point(row: Row) -> Point | None:
    """Where a row lies; None unless both coordinates are given."""
    lat, lng = row.get("lat"), row.get("lng")
    return None if lat is None or lng is None else Point(lat, lng)


def _part(row: Row) -> Part:
    topic, force = topic_of(row["topik"])
    return Part(row["bagian"], topic, row["isi"], force)


def answer_of(row: Row) -> Answer:
    """An answer row as a core value. Raises ``ValueError`` when value and kind do not fit."""
    given = Given(KEADAAN_JAWABAN[row.get("keadaan") or "nilai"])
    value = row.get("nilai")
    word = value if isinstance(value, str) else ""
    content = [row["tempat"], row["butir"], str(value), str(given), row["tanggal"].isoformat()]
    content += [row["sumber"], row["penilai"]]
    return Answer(
        id=row.get("id") or str(uuid.uuid5(ANSWER_IDS, "\x1f".join(content))),
        place=row["tempat"],
        item=row["butir"],
        value=None if isinstance(value, str) else value,
        word=word,
        given=given,
        on=row["tanggal"],
        source=row["sumber"],
        rater=row["penilai"],
        corrects=row.get("mengoreksi") or "",
    )


def _unit(row: Row, base: Row) -> Unit:
    return Unit(
        kode=row["kode"],
        nama=row["nama"],
        force=Force(UNSUR[row["unsur"]]),
        function=row["fungsi"],
        strength=row["jumlah"],
        base=point(base),
        base_nama=base.get("nama", ""),
        bko=bool(row.get("bko")),
        only_desa=row.get("khusus_desa") or None,
        not_at=tuple(row.get("bukan_di") or ()),
    )
