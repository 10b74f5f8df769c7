"""Every read of answers, classes and overrides; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery

from kondusif.classes.override import effective_level, waits
from kondusif.classes.score import answer_log, score_place
from kondusif.places import desa_of
from kondusif.withdraw.level import LevelSpell, publication_spells
from kondusif_web.accounts.roles import in_areas, may, rows_for
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers.models import Answer
from kondusif_web.answers.queries import answers_by_desa, answers_visible_to, as_of, of_village, voting
from kondusif_web.classes import facts as classes_facts
from kondusif_web.classes import history, provenance, wording
from kondusif_web.classes import sheet as sheets
from kondusif_web.classes.models import Assessment, Override
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.instrument import facts as instrument_facts
from kondusif_web.pages import Context


def visible_to(operation: Operation, member: Membership) -> QuerySet[Assessment]:
    """Published assessments in the person's areas, newest first, for those who may see a class."""
    rows = Assessment.objects.filter(operation=operation, number__isnull=False)
    return rows_for(rows.select_related("desa", "operation"), member, "see_class", field="desa__kode")


def drafts_visible_to(operation: Operation, member: Membership) -> QuerySet[Assessment]:
    """Drafts in the person's areas, for those who may see answers."""
    rows = Assessment.objects.filter(operation=operation, number__isnull=True, desa__in=Desa.objects.all())
    return rows_for(rows.select_related("desa", "operation"), member, "see_answers", field="desa__kode")


def overrides_visible_to(operation: Operation, member: Membership) -> QuerySet[Override]:
    """Overrides in the person's areas, newest first."""
    rows = Override.objects.filter(operation=operation)
    rows = rows.select_related("by__user", "second__user", "operation", "assessment__desa")
    return rows_for(rows, member, "see_class", field="place")


def published(operation: Operation, desa: str) -> Assessment | None:
    """The newest published assessment of a desa; for actions and levels, not for pages."""
    rows = Assessment.objects.filter(operation=operation, desa__kode=desa, number__isnull=False)
    return rows.select_related("desa", "operation").order_by("-number").first()


def latest(operation: Operation, **among: object) -> dict[str, Assessment]:
    """The newest published assessment of each desa, of those that meet the conditions ``among``; the older
    ones are not read."""
    rows = Assessment.objects.filter(operation=operation, number__isnull=False, **among)
    newest = rows.filter(desa=OuterRef("desa")).order_by("-number").values("number")[:1]
    return {row.desa.kode: row for row in rows.filter(number=Subquery(newest)).select_related("desa")}


def machine_level(row: Assessment, place: str) -> int | None:
    """What the machine said of a desa or one of its stations."""
    if place == desa_of(place):
        return row.level
    level: int | None = row.results["tps"].get(place, {}).get("level")
    return level


def levels(operation: Operation, now: datetime | None = None) -> dict[str, int]:
    """Level in force of every desa and TPS with a published class, overrides counted (RULES 7)."""
    return _levels(operation, now or operation.now(), force=False)


def force_levels(operation: Operation, now: datetime | None = None) -> dict[str, int]:
    """Level that sizes the force, without F01 and F03 (RULES 5); an override moves it the same way."""
    return _levels(operation, now or operation.now(), force=True)


def level_spells(operation: Operation, kodes: Collection[str] | None = None) -> dict[str, list[LevelSpell]]:
    """By village, every level of it and its TPS that was published or set by a person, ever (RULES 13)."""
    made = Assessment.objects.filter(operation=operation, number__isnull=False).order_by("number")
    set_by_people = Override.objects.filter(operation=operation)
    if kodes is not None:
        made = made.filter(desa__kode__in=kodes)
        set_by_people = set_by_people.filter(assessment__desa__kode__in=kodes)
    published: dict[str, list[tuple[datetime, dict[str, int]]]] = defaultdict(list)
    for kode, level, tps, at in made.values_list("desa__kode", "level", "results__tps", "published_at"):
        stations = {place: c["level"] for place, c in (tps or {}).items() if c["level"] is not None}
        published[kode].append((at, {kode: level} | stations))
    out: dict[str, list[LevelSpell]] = {kode: publication_spells(p) for kode, p in published.items()}
    for place, human, at, until in set_by_people.values_list("place", "human", "at", "until"):
        out.setdefault(desa_of(place), []).append(LevelSpell(place, human, at, "override", until))
    return out


def _levels(operation: Operation, now: datetime, *, force: bool) -> dict[str, int]:
    overrides: dict[str, list[Override]] = {}
    for row in Override.objects.filter(operation=operation, until__gt=now).select_related(
        "by__user", "second__user"
    ):
        overrides.setdefault(row.place, []).append(row)
    stations: dict[str, list[str]] = {}
    for desa, tps in operation.tps.values_list("desa__kode", "kode"):
        stations.setdefault(desa, []).append(tps)
    out: dict[str, int | None] = {}
    for kode, row in latest(operation).items():
        in_force = _in_force(row.level, overrides.get(kode, ()), now)
        level = _moved(row.level, row.force_level, in_force) if force else in_force
        out[kode] = level
        for tps in stations.get(kode, ()):
            own = _station_level(row, tps, in_force, overrides.get(tps, ()), now, force=force)
            # a station that came after the assessment takes its desa's level until it is assessed itself
            out[tps] = level if own is None else own
    return {place: level for place, level in out.items() if level is not None}


def _station_level(
    row: Assessment,
    tps: str,
    desa_level: int | None,
    overrides: Iterable[Override],
    now: datetime,
    *,
    force: bool,
) -> int | None:
    """The level of a station that was assessed with its desa, whose level in force is ``desa_level``.

    One that only inherits follows its desa; one that stands higher stays there.
    """
    if tps not in row.results["tps"]:
        return None
    machine: int | None = row.results["tps"][tps]["level"]
    follows = desa_level if machine == row.level else max(filter(None, (machine, desa_level)), default=None)
    follows = _in_force(follows, overrides, now)
    return _moved(machine, row.results["tps_force"][tps]["level"], follows) if force else follows


def _in_force(machine: int | None, rows: Iterable[Override], now: datetime) -> int | None:
    return effective_level(machine, [classes_facts.override_of(r) for r in rows], now)


def _moved(machine: int | None, sizing: int | None, in_force: int | None) -> int | None:
    """The sizing level, moved where a human moved the class: never past what the human said."""
    if in_force is None or machine is None or in_force == machine:
        return sizing if sizing is not None else in_force
    if in_force > machine:
        return max(filter(None, (sizing, in_force)))
    return min(filter(None, (sizing, in_force)))


def waiting_overrides(operation: Operation, member: Membership) -> list[Override]:
    """Overrides in the person's areas that lower a class and wait for a second person, for the board."""
    now = operation.now()
    rows = overrides_visible_to(operation, member).filter(second__isnull=True, until__gt=now)
    return [row for row in rows if waits_for_second(row, now)]


def waits_for_second(row: Override, now: datetime) -> bool:
    """Whether it would lower the class in force at its place and has one signature only (RULES 7)."""
    among = [classes_facts.override_of(o) for o in _at(row.operation, row.place, now)]
    return waits(classes_facts.override_of(row), among, _machine(row.operation, row.place), now)


def _at(operation: Operation, place: str, now: datetime) -> list[Override]:
    rows = Override.objects.filter(operation=operation, place=place, until__gt=now)
    return list(rows.select_related("by__user", "second__user").order_by("at"))


def _machine(operation: Operation, place: str) -> int | None:
    last = published(operation, desa_of(place))
    return machine_level(last, place) if last else None


def override_state(row: Override, now: datetime) -> str:
    """``menunggu`` a second person, ``berakhir``, ``gugur`` (the machine rose past it), or ``berlaku``."""
    if now >= row.until:
        return "berakhir"
    if waits_for_second(row, now):
        return "menunggu"
    machine = _machine(row.operation, row.place)
    in_force = _in_force(machine, _at(row.operation, row.place, now), now)
    return (
        "berlaku"
        if classes_facts.override_of(row).in_force(now, machine) or row.human == in_force
        else "tidak berlaku lagi"
    )


def current_override(row: Assessment, place: str, now: datetime) -> Override | None:
    """The override in force at a place, if the level there is not the machine's."""
    machine, rows = machine_level(row, place), _at(row.operation, place, now)
    level = _in_force(machine, rows, now)
    return next((o for o in reversed(rows) if o.human == level != machine and o.at <= now), None)


def desa_sheet(operation: Operation, member: Membership, kode: str) -> Context | None:
    """Class and measure of one village for its page; None for who may see no class, or not here.

    The page includes ``classes/_fakta.html`` (two facts), ``_kelas.html`` (why), ``_tps.html``,
    ``_ubah.html`` (what would change it) and ``_penetapan.html``, each with the sheet as ``lembar``. Without
    ``boleh_jawaban`` it holds the class and its reasons only, as the forum sees them (RULES 20).
    ``row`` None: nothing is published yet.
    """
    if not may(member, "see_class"):
        return None
    desa = in_areas(operation.desa.all(), member).filter(kode=kode).first()
    if desa is None:
        return None
    sees_answers, labels = may(member, "see_answers"), operation.labels
    head = {"desa": desa, "labels": labels, "boleh_jawaban": sees_answers}
    rows = visible_to(operation, member).filter(desa=desa)
    row = rows.order_by("-number").first()
    if row is None:
        return head | {"row": None}
    now = operation.now()
    since = answers_facts.fresh_since(operation, now)
    today, in_force, newest = answers_facts.today(operation, now), levels(operation, now), latest(operation)
    level = in_force.get(kode, row.level)
    overrides = overrides_visible_to(operation, member).filter(place=kode)
    there = Answer.objects.filter(of_village(kode), operation=operation)
    beside = voting(operation, member).filter(kecamatan=desa.kecamatan)
    sheet = head | sheets.class_facts(row, level, labels, sees_answers, since) | sheets.coverage(row, today)
    sheet |= {
        "row": row,
        "override": current_override(row, kode, now),
        "menunggu": [o for o in overrides if waits_for_second(o, now)],
        "baru": sum(a.id not in row.answer_ids for a in as_of(there, today)),
        "tps": [
            sheets.station(row, tps, in_force.get(tps.kode), labels, sees_answers, since)
            for tps in desa.tps.all()
        ],
        "tetangga": history.neighbours(desa, beside, newest, in_force, labels, sees_answers, since),
    }
    if sees_answers:
        sheet |= sheets.contributions(row, labels)
        sheet |= _over_time(rows, row, there.select_related("by__user"), today)
    return sheet


def _over_time(
    rows: QuerySet[Assessment], row: Assessment, answers: QuerySet[Answer], today: date
) -> Context:
    """The line, what moved it last, and what one person lowered: as answers stand today, so that the page
    says it before the next publication too."""
    recipe = instrument_facts.recipe_of(row.operation.recipe)
    answers = answers.order_by("recorded_at", "client_id")
    return {
        "garis": history.line(rows),
        "sejak": history.since(rows.filter(number__lt=row.number).first(), row, row.operation.labels),
        "turun_sendiri": history.downgraded_by_desa(answers, recipe, today).get(row.desa.kode, ()),
    }


def origin_of(operation: Operation, member: Membership, kode: str, number: int) -> Context | None:
    """Where the numbers of a published assessment came from; None for who may not see answers there."""
    if not may(member, "see_answers"):
        return None
    rows = visible_to(operation, member).filter(desa__kode=kode)
    row = rows.filter(number=number).first()
    if row is None:
        return None
    said = answers_visible_to(operation, member).filter(of_village(kode)).select_related("by__user")
    numbers = sorted(rows.values_list("number", flat=True))
    return provenance.origin(row, said, row.operation.labels, numbers)


def measure_rows(operation: Operation, member: Membership) -> list[Context]:
    """Every voting village in the person's areas, scored on today's answers; one read of all answers."""
    now = operation.now()
    since = answers_facts.fresh_since(operation, now)
    recipe = instrument_facts.recipe_of(operation.recipe)
    day, stage = answers_facts.today(operation, now), answers_facts.stage_of(operation, now)
    by_desa = answers_by_desa(operation, member, day)
    in_force, last = levels(operation, now), latest(operation)
    rows = []
    for desa in voting(operation, member):
        own, shown, level = by_desa.get(desa.kode, []), last.get(desa.kode), in_force.get(desa.kode)
        known = set(shown.answer_ids) if shown else set()
        today = score_place(recipe, answer_log(recipe, own, day), desa.kode, stage=stage)
        states = Counter(i.state for i in today.items)
        rows.append(
            {
                "desa": desa,
                "level": level,
                "yakin": wording.firmness_in_force(shown, level, operation.labels, since),
                "published": shown,
                "score": today,
                "newest": max((a.on for a in own if a.rater not in answers_facts.BY_OFFICE), default=None),
                "new": sum(a.id not in known for a in own),
                "absent": states["absent"] + states["refused"],
                "stale": states["stale"],
                "answered": states["answered"],
                "due": states.total() - states["not_due"] - states["not_applicable"],
            }
        )
    return rows
