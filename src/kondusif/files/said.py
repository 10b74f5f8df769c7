"""What the posts of a file have said until a moment: every word by place, and the visits of the Polsek."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from kondusif.files.operation import OperationFile
from kondusif.files.sheets import SELAMA_DIAM
from kondusif.places import desa_of
from kondusif.withdraw.silence import VISITORS, Word


def words(file: OperationFile, now: datetime) -> dict[str, tuple[Word, ...]]:
    """By place, every word of its reports and incidents."""
    found: dict[str, list[Word]] = defaultdict(list)
    for row in (*file["laporan"], *file["insiden"]):
        if row["waktu"] <= now:
            gap = SELAMA_DIAM.get(row.get("selama_diam") or "", "")
            found[row["tempat"]].append(Word(row["waktu"], row["oleh"], gap, row.get("dibenarkan") or ""))
    return {place: tuple(said) for place, said in found.items()}


def visited(file: OperationFile, desa: str, now: datetime) -> datetime | None:
    """When the Polsek last reported from a village."""
    police = {row["pengguna"] for row in file["orang"] if row["peran"] in VISITORS}
    told = [r["waktu"] for r in file["laporan"] if r["oleh"] in police and desa_of(r["tempat"]) == desa]
    return max((at for at in told if at <= now), default=None)
