"""Builds and solves; the only file that imports a solver (HiGHS through scipy.optimize.milp)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from kondusif.errors import PlanRefused
from kondusif.forces import Force, PatternSet, Unit
from kondusif.places import Desa, Tps
from kondusif.plan import goals
from kondusif.plan.answer import Assignment, Plan, SolverFacts, UnmetNeed, start_of
from kondusif.plan.problem import NO_EXTRA, ExtraPosts, Post, Violation, demand
from kondusif.plan.rules import CONSTRAINTS, ConstraintRow, Model, barred
from kondusif.plan.verify import verify
from kondusif.stages import Election, place_starts


def solve(
    posts: Sequence[Post],
    units: Sequence[Unit],
    *,
    starts: Mapping[str, datetime],
    patterns: str = "",
    levels: Mapping[str, int] | None = None,
) -> Plan:
    """The plan that leaves least unmet, higher level first; then keeps attached units for the reserve and the
    gravest places; then travels least (method 3.8).

    ``starts``: per place (desa or TPS code), see :func:`kondusif.stages.place_starts`; posts are added.
    Deterministic: the order of the input does not matter. A need that cannot be filled comes back as
    :class:`UnmetNeed` with its reason. Raises :class:`PlanRefused` for input that contradicts itself.
    """
    posts = sorted(posts, key=lambda p: p.kode)
    units = sorted(units, key=lambda u: u.kode)
    if problems := tuple(_problems(posts, units)):
        raise PlanRefused("input_contradicts", problems)
    model = Model(posts, units)
    x = _lexicographic(model, [goals.unmet(model), goals.attached(model), goals.travel(model)])
    assigned = _assignments(model, x)
    plan = Plan(
        posts=tuple(posts),
        assigned=assigned,
        unmet=_unmet(model, x),
        starts={**starts, **{p.kode: start_of(p, starts) for p in posts}},
        patterns=patterns,
        levels=dict(levels or {}),
        minutes_total=round(sum(a.heads * a.minutes for a in assigned if a.minutes is not None), 1),
        solver=SolverFacts("HiGHS (scipy.optimize.milp)", scipy.__version__, "optimal", 0.0),
    )
    if broken := verify(plan, posts, units):
        raise PlanRefused("solver_broke_rules", broken)
    return plan


def plan_for(
    election: Election,
    desa: Sequence[Desa],
    tps: Sequence[Tps],
    units: Sequence[Unit],
    *,
    levels: Mapping[str, int],
    force_levels: Mapping[str, int],
    patterns: PatternSet,
    extra: ExtraPosts = NO_EXTRA,
) -> Plan:
    """From classes to a plan: force levels size the need, published levels set the start (RULES 5, 9).

    Refused when a voting place has no class of either kind: missing is not calm.
    """
    posts = demand(desa, tps, force_levels, patterns, extra)
    voting = {d.kode for d in desa if d.memilih}
    places = sorted(voting | {t.kode for t in tps})
    if unknown := [k for k in places if k not in levels]:
        gaps = [Violation("class_published", k, None, "level 1, 2 or 3") for k in unknown]
        raise PlanRefused("class_missing", gaps)
    return solve(
        posts,
        units,
        starts=place_starts(election, {k: levels[k] for k in places}),
        patterns=patterns.kode,
        levels={k: force_levels[k] for k in places},
    )


def _problems(posts: Sequence[Post], units: Sequence[Unit]) -> Iterable[Violation]:
    for name, kodes in (("post_once", [p.kode for p in posts]), ("unit_once", [u.kode for u in units])):
        for kode in sorted({k for k in kodes if kodes.count(k) > 1}):
            yield Violation(name, kode, "more than one", "one")
    for u in units:
        if u.strength < 0:
            yield Violation("strength_of_unit", u.kode, u.strength, ">= 0")
    for p in posts:
        for force, n in p.need.items():
            if n < 0:
                yield Violation("need_met_or_said", f"{p.kode}, {force}", n, ">= 0")


def _lexicographic(model: Model, costs: Sequence[Sequence[float]]) -> NDArray[np.int64]:
    """Whole numbers that minimise the first cost, then the second without giving up the first.

    The rules form a transport problem whose corners are whole, and the best plans of the first cost are a
    face of it: the linear program answers in whole heads. Should it not, the same is asked as a MILP.
    """
    if not model.size:
        return np.zeros(0, dtype=np.int64)
    constraints = [_matrix([r for rule in CONSTRAINTS for r in rule(model)], model.size)]
    x = np.zeros(model.size, dtype=np.int64)
    for cost in costs:
        c = np.asarray(cost, dtype=np.float64)
        answers = (_whole(_optimum(model, c, constraints, whole=whole)) for whole in (False, True))
        best = next((answer for answer in answers if answer is not None), None)
        if best is None:
            raise PlanRefused("solver_not_whole")
        x = best
        constraints.append(LinearConstraint(csr_array(c[np.newaxis, :]), -np.inf, float(c @ x) + 1e-6))
    return x


def _optimum(
    model: Model, cost: NDArray[np.float64], constraints: Sequence[LinearConstraint], *, whole: bool
) -> NDArray[np.float64]:
    result = milp(
        cost,
        integrality=np.full(model.size, int(whole)),
        bounds=Bounds(np.zeros(model.size), np.asarray(model.upper(), dtype=float)),
        constraints=constraints,
        options={"mip_rel_gap": 0.0},
    )
    if result.status != 0:
        raise PlanRefused("solver_no_answer", status=result.message)
    return np.asarray(result.x)


def _whole(x: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """The nearest whole heads; None when some are not whole (tolerance 1e-4 of a head)."""
    near = np.rint(x)
    return near.astype(np.int64) if np.abs(x - near).max() < 1e-4 else None


def _matrix(rows: Sequence[ConstraintRow], size: int) -> LinearConstraint:
    lengths = [len(r.columns) for r in rows]
    columns = np.fromiter((c for r in rows for c in r.columns), dtype=np.int64, count=sum(lengths))
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    a = csr_array((np.ones(len(columns)), columns, indptr), shape=(len(rows), size))
    return LinearConstraint(a, [float(r.lo) for r in rows], [float(r.hi) for r in rows])


def _assignments(model: Model, x: NDArray[np.int64]) -> tuple[Assignment, ...]:
    rows = [
        Assignment(unit.kode, post.kode, unit.force, int(heads), goals.minutes(unit, post))
        for (unit, post), heads in zip(model.pairs, x, strict=False)
        if heads
    ]
    return tuple(sorted(rows, key=lambda a: (a.post, a.force, a.unit)))


def _unmet(model: Model, x: NDArray[np.int64]) -> tuple[UnmetNeed, ...]:
    """What nobody fills, most pressing first, and why."""
    spare = {u.kode: u.strength for u in model.units}
    for (unit, _), heads in zip(model.pairs, x, strict=False):
        spare[unit.kode] -= int(heads)
    missing = zip(model.needs, x[len(model.pairs) :], strict=True)
    lacking = [(goals.tier(post), post.kode, force, post, int(n)) for (post, force), n in missing if n]
    return tuple(
        UnmetNeed(kode, force, n, _why(post, force, model.units, spare))
        for _, kode, force, post, n in sorted(lacking, key=lambda row: row[:3])
    )


def _why(post: Post, force: Force, units: Sequence[Unit], spare: Mapping[str, int]) -> str:
    of_force = [u for u in units if u.force is force]
    if not of_force:
        return "no_unit"
    reasons = {barred(u, post) for u in of_force if spare[u.kode] > 0}
    # The reason that an office can act on first; being bound to one's own village is nobody's fault.
    return next((code for code in ("neutrality", "no_base", "own_village") if code in reasons), "no_strength")
