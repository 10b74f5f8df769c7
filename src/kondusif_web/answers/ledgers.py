"""What every village and station has and owes, from one read of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from kondusif.answers.agreement import ratings
from kondusif.classes.rounds import Ledger, OwedAnswer, ledger, next_milestone
from kondusif.classes.score import answer_log
from kondusif.places import desa_of
from kondusif.stages import local_day
from kondusif_web.answers import facts, queries, wording
from kondusif_web.answers.models import Answer, Evidence, Review, Round
from kondusif_web.election.models import Desa, Membership, Operation, Tps
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages import Context


@dataclass(frozen=True, slots=True)
class VillageLedger:
    """A voting village: its own ledger, its stations', and the reviews that wait."""

    desa: Desa
    own: Ledger
    tps: tuple[tuple[Tps, Ledger], ...]
    reviews: tuple[Review, ...]

    @property
    def debts(self) -> tuple[OwedAnswer, ...]:
        """Everything owed here, the village's first."""
        return (*self.own.debts, *(d for _, of_station in self.tps for d in of_station.debts))

    @property
    def asked(self) -> int:
        return self.own.asked + sum(of_station.asked for _, of_station in self.tps)

    @property
    def owed(self) -> int:
        return len(self.debts) - self.stale

    @property
    def stale(self) -> int:
        return sum(d.why == "stale" for d in self.debts)

    @property
    def done(self) -> int:
        return max(0, self.asked - len(self.debts))


def villages(
    operation: Operation,
    now: datetime,
    *,
    stage: str,
    member: Membership | None = None,
    round_: Round | None = None,
    kode: str = "",
) -> list[VillageLedger]:
    """Voting villages in the person's areas (``member`` None: all), or the one ``kode``, as of today."""
    day, recipe = facts.today(operation, now), recipe_of(operation.recipe)
    upcoming = next_milestone(facts.milestones_of(operation), now)
    next_at = local_day(upcoming.at, operation.zone) if upcoming and upcoming.at else None
    places = queries.voting(operation, member).prefetch_related("tps")
    if kode:
        places = places.filter(kode=kode)
    known = list(places)
    by_desa = queries.by_desa(queries.answers(operation, kode, day))
    raters = _raters(operation, round_)
    evidenced = _evidenced(operation)
    waiting: dict[str, list[Review]] = {}
    for row in Review.objects.filter(operation=operation, state=Review.State.OPEN):
        waiting.setdefault(desa_of(row.place), []).append(row)
    out = []
    for desa in known:
        book = answer_log(recipe, by_desa.get(desa.kode, ()), day)
        stations = list(desa.tps.all())
        ledgers = {
            place: ledger(
                recipe,
                book,
                place,
                stage=stage,
                next_at=next_at,
                raters=raters.get(place, {}) if round_ else None,
                evidenced=evidenced,
            )
            for place in (desa.kode, *(t.kode for t in stations))
        }
        own = tuple((t, ledgers[t.kode]) for t in stations)
        out.append(VillageLedger(desa, ledgers[desa.kode], own, tuple(waiting.get(desa.kode, ()))))
    return out


def debt_rows(
    operation: Operation,
    member: Membership,
    now: datetime,
    *,
    kecamatan: str = "",
    owner: str = "",
    kode: str = "",
) -> list[Context]:
    """Who owes which answers now, by kecamatan and office; one of each if named."""
    recipe = recipe_of(operation.recipe)
    found = villages(
        operation,
        now,
        stage=facts.asked_stage(operation, now),
        member=member,
        round_=facts.running(operation),
        kode=kode,
    )
    rows = [
        {
            "kecamatan": v.desa.kecamatan,
            "owner": d.owner,
            "desa": v.desa.nama,
            "place": d.place,
            "tps": d.place.partition("-")[2],
            "item": d.item,
            "name": wording.name_of(recipe, d.item),
            "look": wording.DEBT_LOOKS[d.why],
            "last": d.answer.on if d.answer else None,
        }
        for v in found
        for d in v.debts
        if kecamatan in ("", v.desa.kecamatan) and owner in ("", d.owner)
    ]
    return sorted(rows, key=itemgetter("kecamatan", "owner", "place", "item"))


def _raters(operation: Operation, row: Round | None) -> dict[str, dict[str, set[str]]]:
    """Who rated what in the round: place to item to raters."""
    out: dict[str, dict[str, set[str]]] = {}
    if row is None:
        return out
    for rated in ratings(queries.round_answers(row), recipe_of(operation.recipe).by_id):
        out.setdefault(rated.place, {})[rated.item] = {a.rater for a in rated.answers}
    return out


def _evidenced(operation: Operation) -> frozenset[str]:
    """Client ids of answers with a document or a file still there; what corrects one rests on it too."""
    rows = Evidence.objects.filter(operation=operation).select_related("answer")
    shown = {e.answer.client_id for e in rows if e.number or e.has_file}
    pairs = (
        Answer.objects.filter(operation=operation).exclude(corrects="").values_list("client_id", "corrects")
    )
    return frozenset(shown | {key for key, corrected in pairs if corrected in shown})
