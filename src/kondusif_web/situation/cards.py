"""What needs a decision now, from real rows: the most urgent first, each with the page where it is decided.

A card carries facts; what it says, who decides and how it looks stand in the template of its kind, in
``templates/situation/kartu``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from kondusif.dialogue import CommitmentState
from kondusif.incidents import Severity
from kondusif.places import desa_of
from kondusif.withdraw import EarliestMove
from kondusif_web.accounts.roles import may
from kondusif_web.classes import queries as classes
from kondusif_web.classes import rounds
from kondusif_web.dialogue import queries as dialogue
from kondusif_web.election.models import Membership, Operation
from kondusif_web.mitigation import queries as mitigation
from kondusif_web.pages.wording import label_of
from kondusif_web.planning import queries as planning
from kondusif_web.planning.models import PlanState
from kondusif_web.reports.models import Incident
from kondusif_web.reports.queries import SilentPost
from kondusif_web.situation import waiting
from kondusif_web.situation.card import BEFORE_ALL, RANK, Card, Reader
from kondusif_web.situation.villages import VillageStatus
from kondusif_web.situation.wording import SEVERITY, decides, incident_name, listed, place_name
from kondusif_web.withdrawal import queries as withdrawal
from kondusif_web.withdrawal.actions import approve_permission
from kondusif_web.withdrawal.models import WithdrawalRequest
from kondusif_web.words import speech


class CardFinder(Reader):
    """The cards of one reader."""

    def incidents(self, open_ones: Sequence[Incident]) -> Iterator[Card]:
        """One for each that is not green."""
        for row in open_ones if may(self.user, "incident_manage") else ():
            if row.severity != Severity.HIJAU:
                said = {"apa": incident_name(row.kind).lower(), "tempat": place_name(row.place, self.names)}
                said["kata"] = SEVERITY[row.severity]
                yield self.card(row.severity, row.client_id, row=row, sejak=row.occurred_at, **said)

    def requests(self, waiting: Sequence[WithdrawalRequest]) -> Iterator[Card]:
        """One for each request of a village that this reader sees."""
        seen = {v.desa.kode: v for v in self.rows}
        for row in waiting:
            if v := seen.get(row.desa):
                who = decides(v.gate_level)
                mine = self.user.pk != row.requested_by_id and may(
                    self.user, approve_permission(v.gate_level)
                )
                yield self.card(
                    "minta", row.desa, row=row, v=v, siapa=who, sejak=row.requested_at, giliran=mine
                )

    def silent(self, posts: Sequence[SilentPost]) -> Iterator[Card]:
        """One for each village with silent posts: one call, not ten cards."""
        by_village: dict[str, list[SilentPost]] = {}
        for post in posts if may(self.user, "incident_manage") else ():
            by_village.setdefault(post.desa, []).append(post)
        for desa, of_it in by_village.items():
            spoke = [post.last_at for post in of_it if post.last_at]
            since = min(spoke) if len(spoke) == len(of_it) else None
            said = {
                "nomor": listed([post.nomor for post in of_it], 8),
                "desa": self.names.get(desa, desa),
                "terlama": max(post.silent_for for post in of_it),
            }
            yield self.card("diam", of_it[0].kode, pos=of_it, sejak=since, **said)

    def overrides(self) -> Iterator[Card]:
        for row in classes.waiting_overrides(self.operation, self.user):
            said = {
                "tempat": place_name(row.place, self.names),
                "kelas": label_of(row.human, self.operation.labels),
            }
            mine = self.user.pk != row.by_id and may(self.user, "second_override")
            yield self.card("penetapan", desa_of(row.place), row=row, sejak=row.at, giliran=mine, **said)

    def plan(self) -> Iterator[Card]:
        """A plan that waits for its approval, or none yet that is approved."""
        if not may(self.user, "see_plan"):
            return
        row = planning.open_plan(self.operation)
        proposed = row is not None and row.state == PlanState.PROPOSED
        if proposed or self.approved is None:
            mine = may(self.user, "approve_plan" if proposed else "make_plan")
            yield self.card("rencana", row=row, diajukan=proposed, giliran=mine)

    def classes(self) -> Iterator[Card]:
        """Villages without a class, or else drafts that are not published."""
        if not may(self.user, "publish_class"):
            return
        unknown = [v.desa.nama for v in self.rows if v.desa.memilih and v.level is None]
        drafts = {row.desa.nama for row in classes.drafts_visible_to(self.operation, self.user)}
        if unknown or drafts:
            yield self.card(
                "kelas",
                giliran=True,
                belum=len(unknown),
                desa=listed(unknown),
                rancangan=listed(sorted(drafts)),
            )

    def round(self) -> Iterator[Card]:
        """The gate that has passed while its round is not closed."""
        late = rounds.overdue(self.operation, self.user, self.now)
        if late is not None and late.gate.at is not None:
            yield self.card("putaran", late=late, sejak=late.gate.at, giliran=True)

    def stuck(self, asked: Collection[str]) -> Iterator[Card]:
        """Shut gates that no clock opens, where nobody has asked yet: nothing happens unless someone acts."""
        for v in self.rows if may(self.user, "see_gates") else ():
            by_hand = sum(g.opens_at is None for g in v.tutup)
            if by_hand and v.desa.kode not in asked:
                said = {
                    "fakta": by_hand,
                    "awal": speech().earliest(replace(v.earliest or EarliestMove(None), conditions=())),
                    "siapa": decides(v.gate_level),
                }
                yield self.card("gerbang", v.desa.kode, v=v, sejak=v.since, **said)

    def promises(self) -> Iterator[Card]:
        """One for each that is late, and one for all that nobody has taken on."""
        if not may(self.user, "see_dialogue"):
            return
        lines = dialogue.commitments(self.operation, self.user)
        for line in lines:
            if line.standing is CommitmentState.OVERDUE:
                yield self.card("janji", row=line.row, sejak=line.row.due)
        orphans = [line.row.text for line in lines if line.standing is CommitmentState.OWNERLESS]
        if orphans:
            yield self.card("janji", tanpa=len(orphans), apa=listed(orphans, 1))

    def late_actions(self) -> Iterator[Card]:
        """One card for all actions that are late, since the register lists them."""
        late = mitigation.overdue(self.operation, self.user, self.now)
        if late:
            what = listed([row.text for row in late], 1)
            yield self.card("tindakan", terlambat=late, apa=what, sejak=late[0].due)


def cards(
    operation: Operation,
    user: Membership,
    now: datetime,
    rows: Sequence[VillageStatus],
    incidents: Sequence[Incident],
    silent: Sequence[SilentPost],
) -> tuple[Card, ...]:
    """Every card this person should see: bad news, then what waits for them, then the most urgent."""
    finder = CardFinder(operation, user, now, rows)
    requests = list(withdrawal.waiting_requests(operation, user))
    found = [
        *finder.incidents(incidents),
        *finder.requests(requests),
        *finder.silent(silent),
        *finder.overrides(),
        *waiting.own_turns(finder),
        *finder.plan(),
        *waiting.shortfall(finder),
        *waiting.outdated_plan(finder),
        *waiting.unmustered(finder),
        *waiting.unpublished(finder),
        *finder.classes(),
        *finder.round(),
        *finder.stuck({r.desa for r in requests}),
        *finder.promises(),
        *finder.late_actions(),
    ]
    return tuple(sorted(found, key=lambda c: (_order(c), RANK.index(c.jenis), c.sejak or now)))


def _order(card: Card) -> int:
    return 0 if card.jenis in BEFORE_ALL else 1 if card.giliran else 2
