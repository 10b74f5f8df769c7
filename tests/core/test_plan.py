"""A plan respects strength, neutrality and villages, fills the higher level first, and says what is unmet."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.deploy import ORDERED, postings_of
from kondusif.errors import PlanRefused
from kondusif.forces import Force, Strength, Unit
from kondusif.places import Desa, Point, Tps
from kondusif.plan import (
    EAST_JAVA_2021_2023,
    NO_EXTRA,
    Assignment,
    ExtraPosts,
    Post,
    UnmetNeed,
    demand,
    plan_from_json,
    plan_to_json,
    plotting_rows,
    readiness,
    smallest_extra,
    unmet_first,
    verify,
    waiting_places,
)
from kondusif.plan.goals import tier
from kondusif.plan.plotting import PlottingStyle, plotting_table, plotting_totals
from kondusif.plan.solve import plan_for, solve
from kondusif.stages import Election, place_starts

VOTE = Election(datetime(2025, 10, 14, 7, tzinfo=ZoneInfo("Asia/Jakarta")))
A, B = "99.01.01.2001", "99.01.01.2002"
HALL, FAR = Point(-7.0, 112.0), Point(-7.1, 112.1)
DESA = [
    Desa(A, "Contoh", "Peraga", at=HALL, memilih=True),
    Desa(B, "Umpama", "Peraga", at=FAR, memilih=True),
    Desa("99.01.01.2003", "Tidak Memilih", "Peraga"),
]
TPS = [Tps(A, 1), Tps(A, 2), Tps(B, 1)]
LEVELS = {A: 2, f"{A}-01": 2, f"{A}-02": 3, B: 1, f"{B}-01": 1}
STARTS = place_starts(VOTE, LEVELS)


def polsek(heads, **kw):
    return Unit("polsek", "Polsek Peraga", Force.POLRI, "polsek", heads, **{"base": HALL, **kw})


def linmas(desa, heads, **kw):
    return Unit(f"linmas-{desa}", f"Linmas {desa}", Force.LINMAS, "linmas", heads, only_desa=desa, **kw)


def post(kode, level=1, jenis="tps", at=HALL, **need):
    return Post(kode, jenis, kode.partition("-")[0], kode, Strength(**need), at, level)


def planned(posts, units):
    plan = solve(posts, units, starts=STARTS)
    assert verify(plan, posts, units) == ()
    return plan


# ---- demand


def test_demand_by_class_of_each_station():
    need = {p.kode: p.need for p in demand(DESA, TPS, LEVELS, EAST_JAVA_2021_2023)}
    assert need == {
        f"{A}-01": Strength(polri=2, linmas=4),
        f"{A}-02": Strength(polri=3, tni=3, linmas=6),
        f"{B}-01": Strength(polri=1, linmas=2),
    }


def test_posts_other_than_stations():
    posts = {p.kode: p for p in demand(DESA, TPS, LEVELS, EAST_JAVA_2021_2023, ExtraPosts())}
    assert {k for k, p in posts.items() if p.jenis != "tps"} == {
        f"{A}-BALAI",
        f"{A}-PATROLI",
        f"{B}-PATROLI",
        "99.01.01-POSKO",
        "99.01.01-CADANGAN",
    }
    assert posts["99.01.01-CADANGAN"].level == 3  # the highest place that it serves
    assert posts["99.01.01-POSKO"].at is None  # nobody said where: unknown, not the middle of the map
    assert posts[f"{A}-02"].at == HALL  # a station without a position stands in its village


@pytest.mark.parametrize(
    "level, hall, patrol",
    [
        (1, Strength(), Strength(polri=1)),
        (2, Strength(polri=1), Strength(polri=2)),
        (3, Strength(polri=2, satpol=1), Strength(polri=2)),
    ],
)
def test_what_stands_beside_the_stations_by_level(level, hall, patrol):
    """The proposals [P] as they are; one command and one reserve per kecamatan."""
    levels = {A: level, **{t.kode: level for t in TPS[:2]}}
    posts = {p.kode: p.need for p in demand(DESA[:1], TPS[:2], levels, EAST_JAVA_2021_2023, ExtraPosts())}
    assert posts.get(f"{A}-BALAI", Strength()) == hall
    assert posts[f"{A}-PATROLI"] == patrol
    assert posts["99.01.01-POSKO"] == Strength(polri=2)
    assert posts["99.01.01-CADANGAN"] == Strength(polri=8)


@pytest.mark.parametrize(
    "change, rule",
    [
        ({"levels": {k: v for k, v in LEVELS.items() if k != A}}, "class_published"),
        ({"levels": {k: v for k, v in LEVELS.items() if k != f"{A}-02"}}, "class_published"),
        ({"tps": TPS[:2]}, "desa_has_tps"),
        ({"tps": [*TPS, Tps("99.01.01.2003", 1)]}, "tps_of_voting_desa"),
        ({"tps": [*TPS, Tps(A, 1)]}, "place_once"),
        ({"desa": [], "tps": []}, "voting_desa"),
    ],
)
def test_missing_is_not_calm(change, rule):
    """A place without a class is refused by name, never planned as level 1."""
    given = {"desa": DESA, "tps": TPS, "levels": LEVELS, "patterns": EAST_JAVA_2021_2023, **change}
    with pytest.raises(PlanRefused) as refused:
        demand(**given)
    assert rule in {v.rule for v in refused.value.violations}


def test_all_gaps_are_named_at_once():
    with pytest.raises(PlanRefused) as refused:
        demand(DESA, TPS, {}, EAST_JAVA_2021_2023)
    assert {v.where for v in refused.value.violations} == set(LEVELS)


# ---- rules


def test_enough_strength_meets_every_need_and_pads_nothing():
    posts = [post(f"{A}-01", polri=2, linmas=4)]
    plan = planned(posts, [polsek(50), linmas(A, 20)])
    assert plan.unmet == ()
    assert plan.posted == plan.need == Strength(polri=2, linmas=4)


def test_the_higher_level_is_filled_first():
    posts = [post(f"{A}-01", 1, polri=1), post(f"{A}-02", 3, at=FAR, polri=3), post(f"{B}-01", 2, polri=2)]
    plan = planned(posts, [polsek(4)])
    assert plan.unmet == (
        UnmetNeed(f"{B}-01", Force.POLRI, 1, "no_strength"),
        UnmetNeed(f"{A}-01", Force.POLRI, 1, "no_strength"),
    )


def test_stations_come_before_other_posts_of_their_level():
    posts = [post(f"{A}-01", 2, polri=2), post(f"{A}-BALAI", 2, "balai_desa", polri=2)]
    assert planned(posts, [polsek(2)]).strength_at(f"{A}-01") == Strength(polri=2)


def test_a_plan_never_leaves_a_stone_unturned_for_a_shorter_road():
    """The near unit serves the far post when only it may, although that lengthens the road."""
    posts = [post(f"{A}-01", polri=2), post(f"{B}-01", polri=2, at=FAR)]
    near, free = polsek(2), Unit("b", "B", Force.POLRI, "polres", 2, base=HALL, not_at=(B,))
    plan = planned(posts, [near, free])
    assert plan.unmet == ()
    assert {(a.unit, a.post) for a in plan.assigned} == {("b", f"{A}-01"), ("polsek", f"{B}-01")}


def test_attached_units_wait_in_reserve_and_then_stand_where_it_is_gravest():
    brimob = Unit("brimob", "Brimob BKO", Force.POLRI, "brimob", 10, base=HALL, bko=True)
    near = post(f"{A}-01", level=1, polri=3)
    grave = post(f"{B}-01", level=3, at=FAR, polri=3)
    reserve = post("99.01.01-CADANGAN", level=3, jenis="cadangan", at=FAR, polri=4)
    plan = planned([near, grave, reserve], [brimob, polsek(3)])
    heads = {(a.unit, a.post): a.heads for a in plan.assigned}
    assert heads[("brimob", reserve.kode)] == 4
    assert heads[("brimob", grave.kode)] == 3
    assert heads[("polsek", near.kode)] == 3


def test_attached_units_never_leave_a_need_unmet():
    brimob = Unit("brimob", "Brimob BKO", Force.POLRI, "brimob", 4, base=HALL, bko=True)
    near = post(f"{A}-01", level=1, polri=2)
    reserve = post("99.01.01-CADANGAN", level=1, jenis="cadangan", polri=4)
    plan = planned([near, reserve], [brimob])
    assert plan.strength_at(near.kode).polri == 2


def test_the_shorter_road_is_taken():
    posts = [post(f"{A}-01", polri=2), post(f"{B}-01", polri=2, at=FAR)]
    plan = planned(posts, [polsek(2), Unit("jauh", "Jauh", Force.POLRI, "polres", 2, base=FAR)])
    assert plan.minutes_total == 0


@pytest.mark.parametrize(
    "units, why",
    [
        ([], "no_unit"),
        ([linmas(A, 9)], "no_unit"),
        ([polsek(0)], "no_strength"),
        ([polsek(9, not_at=(A,))], "neutrality"),
        ([polsek(9, not_at=(f"{A}-01",))], "neutrality"),
        ([polsek(9, not_at=("99.01",))], "neutrality"),
        ([polsek(9, base=None)], "no_base"),
        ([polsek(9, only_desa=B)], "own_village"),
        ([polsek(9, not_at=(A,)), polsek(9, only_desa=B)], "neutrality"),
    ],
)
def test_an_unmet_need_says_why(units, why):
    units = [replace(u, kode=f"{u.kode}-{i}") for i, u in enumerate(units)]
    plan = planned([post(f"{A}-01", polri=2)], units)
    assert plan.unmet == (UnmetNeed(f"{A}-01", Force.POLRI, 2, why),)
    assert plan.assigned == ()


def test_a_bar_on_one_station_leaves_the_others():
    posts = [post(f"{A}-01", polri=1), post(f"{A}-02", polri=1)]
    plan = planned(posts, [polsek(9, not_at=(f"{A}-01",))])
    assert [u.post for u in plan.unmet] == [f"{A}-01"]


def test_linmas_without_a_base_stand_in_their_own_village_and_the_road_is_unknown():
    plan = planned([post(f"{A}-01", linmas=2)], [linmas(A, 2)])
    assert plan.assigned == (Assignment(f"linmas-{A}", f"{A}-01", Force.LINMAS, 2, None),)
    assert plan.minutes_total == 0


def test_an_unknown_distance_is_not_a_short_one():
    """Two equal units and a post without position: known roads are used where they are known."""
    posts = [post(f"{A}-01", polri=1, at=None), post(f"{B}-01", polri=1)]
    plan = planned(posts, [polsek(2)])
    assert {a.post: a.minutes for a in plan.assigned} == {f"{A}-01": None, f"{B}-01": 0.0}


@pytest.mark.parametrize(
    "posts, units, rule",
    [
        ([post(f"{A}-01", polri=1)] * 2, [polsek(1)], "post_once"),
        ([post(f"{A}-01", polri=1)], [polsek(1)] * 2, "unit_once"),
        ([post(f"{A}-01", polri=1)], [polsek(-1)], "strength_of_unit"),
        ([post(f"{A}-01", polri=-1)], [polsek(1)], "need_met_or_said"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(posts, units, rule):
    with pytest.raises(PlanRefused) as refused:
        solve(posts, units, starts=STARTS)
    assert [v.rule for v in refused.value.violations] == [rule]


def test_nothing_to_plan_gives_an_empty_plan():
    assert planned([], []).assigned == ()


def test_posts_begin_with_the_place_they_serve():
    plan = plan_for(
        VOTE,
        DESA,
        TPS,
        [polsek(60)],
        levels=LEVELS,
        force_levels=LEVELS,
        patterns=EAST_JAVA_2021_2023,
        extra=ExtraPosts(),
    )
    assert plan.starts[f"{A}-02"] == plan.starts["99.01.01-CADANGAN"] == STARTS[f"{A}-02"]
    assert plan.starts[f"{A}-BALAI"] == STARTS[A]
    assert plan.starts[B] == STARTS[B]


def test_the_published_class_sets_the_start_and_the_force_class_the_size():
    """RULES 5: no circle. Here F01 lifts the published class of the village, not its force."""
    plan = plan_for(
        VOTE,
        DESA,
        TPS,
        [polsek(60)],
        levels={**LEVELS, B: 2, f"{B}-01": 2},
        force_levels=LEVELS,
        patterns=EAST_JAVA_2021_2023,
    )
    assert next(p for p in plan.posts if p.kode == f"{B}-01").need.polri == 1
    assert plan.starts[f"{B}-01"] == STARTS[A]


def test_a_place_with_a_force_class_but_no_published_class_is_refused():
    with pytest.raises(PlanRefused) as refused:
        plan_for(
            VOTE,
            DESA,
            TPS,
            [],
            levels={A: 1},
            force_levels=LEVELS,
            patterns=EAST_JAVA_2021_2023,
            extra=NO_EXTRA,
        )
    assert {v.where for v in refused.value.violations} == set(LEVELS) - {A}


# ---- properties

KODES = [f"99.01.01.200{d}-0{n}" for d in (1, 2, 3) for n in (1, 2)]
AREAS = ["99.01", *{k.partition("-")[0] for k in KODES}, *KODES]
points = st.none() | st.builds(Point, st.floats(-7.2, -7.0), st.floats(112.0, 112.2))
needs = st.builds(Strength, *(st.integers(0, 4) for _ in Force))
problem_posts = st.lists(
    st.builds(
        lambda k, need, at, level, jenis: Post(k, jenis, k.partition("-")[0], k, need, at, level),
        st.sampled_from(KODES),
        needs,
        points,
        st.sampled_from([1, 2, 3]),
        st.sampled_from(["tps", "balai_desa", "patroli"]),
    ),
    unique_by=lambda p: p.kode,
    max_size=6,
)
problem_units = st.lists(
    st.builds(
        Unit,
        kode=st.sampled_from([f"u{i}" for i in range(6)]),
        nama=st.just("Satuan"),
        force=st.sampled_from(list(Force)),
        function=st.just("umum"),
        strength=st.integers(0, 9),
        base=points,
        only_desa=st.none() | st.sampled_from(sorted({k.partition("-")[0] for k in KODES})),
        not_at=st.lists(st.sampled_from(AREAS), max_size=1).map(tuple),
    ),
    unique_by=lambda u: u.kode,
    max_size=6,
)
ALL_STARTS = {k: STARTS[A] for k in KODES}


@settings(max_examples=60, deadline=None)
@given(problem_posts, problem_units)
def test_any_plan_keeps_every_rule(posts, units):
    plan = solve(posts, units, starts=ALL_STARTS)
    assert verify(plan, posts, units) == ()
    for u in units:
        assert sum(a.heads for a in plan.assigned if a.unit == u.kode) <= u.strength


@settings(max_examples=40, deadline=None)
@given(problem_posts, problem_units, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(posts, units, random):
    plan = solve(posts, units, starts=ALL_STARTS)
    random.shuffle(posts)
    random.shuffle(units)
    assert solve(posts, units, starts=ALL_STARTS).digest == plan.digest


@settings(max_examples=40, deadline=None)
@given(problem_posts, problem_units)
def test_the_smallest_extra_strength_cures_and_one_head_less_does_not(posts, units):
    plan = solve(posts, units, starts=ALL_STARTS)
    extras = smallest_extra(plan)
    assert Strength(**{str(e.force): e.heads for e in extras}) == plan.missing

    def with_extra(less):
        more = [Unit(f"x-{e.force}", "Tambahan", e.force, "bko", e.heads - less, base=HALL) for e in extras]
        return solve(posts, [*units, *more], starts=ALL_STARTS)

    assert with_extra(0).unmet == ()
    if extras:
        assert with_extra(1).missing.total == len(extras)


@settings(max_examples=40, deadline=None)
@given(problem_posts, problem_units)
def test_small_weights_fill_tier_by_tier(posts, units):
    """The claim of method 3.8: planning only the first tiers leaves no less unmet in them."""
    plan = solve(posts, units, starts=ALL_STARTS)
    tiers = sorted({tier(p) for p in posts})
    for i in range(1, len(tiers) + 1):
        first = [p for p in posts if tier(p) in tiers[:i]]
        alone = solve(first, units, starts=ALL_STARTS).missing.total
        kodes = {p.kode for p in first}
        assert sum(u.missing for u in plan.unmet if u.post in kodes) == alone


@settings(max_examples=30, deadline=None)
@given(problem_posts, problem_units)
def test_a_plan_is_kept_and_read_back_unchanged(posts, units):
    plan = solve(posts, units, starts=ALL_STARTS)
    again = plan_from_json(json.loads(json.dumps(plan_to_json(plan))))
    assert again == plan
    assert again.digest == plan.digest


# ---- verify finds what solve would not do

FULL = solve([post(f"{A}-01", polri=2), post(f"{B}-01", polri=1)], [polsek(9)], starts=STARTS)
UNITS = [polsek(9)]


def first(**change):
    return replace(FULL, assigned=(replace(FULL.assigned[0], **change), *FULL.assigned[1:]))


@pytest.mark.parametrize(
    "plan, units, rules",
    [
        (FULL, [polsek(2)], {"strength_of_unit"}),
        (FULL, [polsek(9, not_at=(A,))], {"neutrality"}),
        (FULL, [polsek(9, not_at=("99.01",))], {"neutrality"}),
        (FULL, [polsek(9, not_at=(f"{A}-01",))], {"neutrality"}),
        (FULL, [polsek(9, not_at=(f"{A}-0", A[:-1]))], set()),  # a beginning of a code is no area
        (FULL, [polsek(9, only_desa=A)], {"own_village"}),
        (FULL, [polsek(9, base=None)], {"no_base", "travel"}),
        (FULL, [polsek(9, base=FAR)], {"travel"}),
        (FULL, [], {"known_unit_and_post", "need_met_or_said"}),
        (first(heads=3), UNITS, {"never_padded", "need_met_or_said"}),
        (first(heads=1), UNITS, {"need_met_or_said"}),
        (first(heads=0), UNITS, {"whole_heads", "need_met_or_said"}),
        (first(heads=1.5), UNITS, {"whole_heads", "need_met_or_said"}),
        (first(force=Force.TNI), UNITS, {"right_force", "need_met_or_said", "never_padded"}),
        (
            replace(FULL, assigned=FULL.assigned * 2),
            UNITS,
            {"assigned_once", "never_padded", "need_met_or_said"},
        ),
        (
            replace(FULL, unmet=(UnmetNeed(f"{A}-01", Force.POLRI, 1, "no_strength"),)),
            UNITS,
            {"need_met_or_said"},
        ),
        (
            replace(FULL, unmet=(UnmetNeed(f"{A}-01", Force.TNI, 0, "lupa"),)),
            UNITS,
            {"unmet_is_real", "unmet_has_reason"},
        ),
        (replace(FULL, minutes_total=99.0), UNITS, {"sums"}),
        (replace(FULL, starts={}), UNITS, {"post_has_start"}),
    ],
)
def test_verify_names_the_rule_that_is_broken(plan, units, rules):
    assert {v.rule for v in verify(plan, FULL.posts, units)} == rules


def test_verify_sees_that_the_demand_has_changed():
    higher = [replace(FULL.posts[0], need=Strength(polri=3)), FULL.posts[1]]
    assert {v.rule for v in verify(FULL, higher, UNITS)} == {"same_posts", "need_met_or_said"}
    assert {v.rule for v in verify(FULL, FULL.posts[:1], UNITS)} == {"same_posts", "known_unit_and_post"}


def test_only_solve_needs_a_solver():
    """Verify, explain and all values load without scipy."""
    code = "import sys, kondusif.plan, kondusif.deploy; assert 'scipy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- what is made from a plan

SHORT = solve(
    [
        post(f"{A}-01", 3, polri=3, tni=1),
        post(f"{B}-01", 1, polri=1, at=FAR),
        Post("99.01.01-CADANGAN", "cadangan", None, "Cadangan", Strength(polri=1), HALL, 3),
    ],
    [polsek(3), Unit("brimob", "Brimob", Force.POLRI, "brimob", 1, base=HALL, bko=True, not_at=(A,))],
    starts=STARTS,
)


def test_postings_of_a_plan():
    postings = postings_of(SHORT)
    assert sum(p.heads for p in postings) == 4
    assert {p.state for p in postings} == {ORDERED}
    assert len({p.kode for p in postings}) == len(postings)
    assert {p.start for p in postings if p.desa == A} == {STARTS[f"{A}-01"]}


def test_extra_strength_names_force_posts_and_villages():
    assert [(e.force, e.heads, e.desa) for e in smallest_extra(SHORT)] == [
        (Force.POLRI, 1, (B,)),
        (Force.TNI, 1, (A,)),
    ]
    assert [u.post for u in unmet_first(SHORT)] == [f"{A}-01", f"{B}-01"]


def test_the_plotting_list_shows_units_heads_and_gaps():
    units = [polsek(3), Unit("brimob", "Brimob", Force.POLRI, "brimob", 1, base=HALL, bko=True)]
    rows = plotting_rows(SHORT, DESA, TPS, units)
    assert [r.no for r in rows] == list(range(1, len(rows) + 1))
    assert sum(r.heads for r in rows) == SHORT.posted.total
    gap = next(r for r in rows if r.force is Force.TNI)
    assert (gap.unit, gap.heads, gap.remarks) == ("", 0, "BELUM TERPENUHI: kurang 1")
    assert next(r for r in rows if r.unit == "Brimob").remarks == "BKO"
    assert rows[0].desa == "Contoh, Kec. Peraga"


def test_every_column_of_the_list_has_a_value_in_the_language_of_the_reader():
    rows = plotting_rows(SHORT, DESA, TPS, [polsek(3)])
    style = PlottingStyle({1: "rendah", 2: "sedang", 3: "tinggi"}, ZoneInfo("Asia/Jakarta"), "en")
    listed = plotting_table(rows, style)
    columns = "No, Satuan, Unsur, Jumlah, Kode pos, Tempat, Desa, Kelas, Mulai, Padal, Keterangan"
    assert {", ".join(row) for row in listed} == {columns}
    assert {row["Unsur"] for row in listed} <= {"Polri", "TNI", "Linmas"}
    assert "(none yet)" in {row["Satuan"] for row in listed}
    assert {row["Kelas"] for row in listed} <= {"", "rendah", "sedang", "tinggi"}


def test_totals_name_who_is_posted_and_who_is_missing():
    posted, missing = plotting_totals(SHORT)
    assert posted.startswith(f"Ditempatkan {SHORT.posted.total} orang: ")
    assert missing.startswith(f"Kurang {SHORT.missing.total} orang: ") and "TNI" in missing


def test_readiness_is_what_the_next_assessment_reads():
    ready = {r.desa: r for r in readiness(SHORT, DESA, [polsek(3)])}
    assert ready[A].shortfall == 25.0  # 1 of 4
    assert ready[B].shortfall == 100.0
    assert "99.01.01.2003" not in ready


def test_a_reserve_that_may_not_stand_in_a_village_is_no_reserve_for_it():
    posts = [
        post(f"{A}-01", polri=1),
        Post("99.01.01-CADANGAN", "cadangan", None, "Cadangan", Strength(tni=2), FAR, 3),
    ]
    units = [polsek(1), Unit("koramil", "Koramil", Force.TNI, "koramil", 2, base=HALL)]
    plan = planned(posts, units)
    (free,) = readiness(plan, DESA, units)
    (barred,) = readiness(plan, DESA, [units[0], replace(units[1], not_at=(A,))])
    assert free.reserve_minutes and free.reserve_minutes > 30
    assert barred.reserve_minutes is None


def test_command_and_reserve_wait_at_the_nearest_police_base():
    units = [
        Unit("b-jauh", "Polres", Force.POLRI, "polres", 9, base=Point(-7.4, 112.4)),
        polsek(9),
        Unit("a-koramil", "Koramil", Force.TNI, "koramil", 9, base=FAR),
    ]
    assert waiting_places(DESA, units) == {"99.01.01": HALL}
    assert waiting_places(DESA, units[2:]) == {}  # no police base: unknown stays unknown
    assert waiting_places([Desa(A, "Contoh", "Peraga", memilih=True)], units) == {}
