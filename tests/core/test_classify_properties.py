"""What holds of a class whatever the answers: bad news raises, missing never calms, order never matters."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, settings
from hypothesis import given as example
from hypothesis import strategies as st

from kondusif.classes.classify import Published, assess
from tests.cast import ITEMS
from tests.core.test_classify import DAY, DESA, RECIPE, TPS, assessed, at, told

shares = st.dictionaries(st.sampled_from(sorted(ITEMS)), st.floats(0, 1), min_size=1)
words = st.dictionaries(st.sampled_from(sorted(RECIPE.companions)), st.sampled_from(["yes", "no", "unknown"]))


def told_all(shares, words, ago=0):
    risks = [told(i, round(at(ITEMS[i], s), 3), ago) for i, s in sorted(shares.items())]
    return risks + [told(c, w, ago) for c, w in sorted(words.items())]


@settings(max_examples=80, deadline=None)
@example(shares, words, st.data())
def test_more_bad_news_never_lowers_the_class(shares, words, data):
    before = told_all(shares, words)
    item = data.draw(st.sampled_from(sorted(shares)))
    worse = max(shares[item], data.draw(st.floats(0, 1)))
    after = told_all({**shares, item: worse}, words)
    if words and data.draw(st.booleans()):
        companion = data.draw(st.sampled_from(sorted(words)))
        after = told_all({**shares, item: worse}, {**words, companion: "yes"})
    indicator = ITEMS[item]
    old, new = (next(a.value for a in rows if a.item == item) for rows in (before, after))
    assume(indicator.risk(new) >= indicator.risk(old))
    a, b = assessed(*before), assessed(*after)
    assert b.level >= a.level
    assert b.tps[TPS].level >= a.tps[TPS].level
    assert (b.force_level or 0) >= (a.force_level or 0)  # None: only F01 and F03 are known


@settings(max_examples=80, deadline=None)
@example(shares, words, shares, st.integers(0, 800), st.data())
def test_deleting_or_ageing_answers_never_publishes_a_lower_class(shares, words, newer, days, data):
    """Whatever is deleted and however long we wait, also while new answers come in on other items."""
    old = told_all(shares, words, ago=2)
    first = assessed(*old)
    assume(first.level is not None)  # nothing was published
    base = Published(first.level, DAY, first.answer_ids, first.force_level)
    own = {TPS: Published(first.tps[TPS].level, DAY, first.answer_ids, first.tps_force_level.get(TPS))}
    later = DAY + timedelta(days)
    kept = data.draw(st.lists(st.sampled_from(old), unique_by=lambda a: a.id))
    fresh = [
        replace(a, id=f"new {a.id}", on=later)
        for a in told_all({k: v for k, v in newer.items() if k not in shares}, {})
    ]

    def again(answers):
        return assess(
            RECIPE, answers, DESA, [TPS], on=later, stage="masa_tenang", previous=base, tps_previous=own
        )

    # nothing new: whatever is gone or has aged, the class stays
    assert again(kept).level >= first.level
    assert again(kept).tps[TPS].level >= first.tps[TPS].level
    # something new, and something the class rested on is gone
    if len(kept) < len(old):
        assert again([*kept, *fresh]).level >= first.level
    # something new, nothing gone: no lower than had the old answers been observed today
    young = [replace(a, on=later) for a in old]
    today = assess(RECIPE, [*young, *fresh], DESA, [TPS], on=later, stage="masa_tenang")
    aged = again([*old, *fresh])
    assert aged.level >= min(first.level, today.level)
    assert aged.tps[TPS].level >= min(first.tps[TPS].level, today.tps[TPS].level)


@settings(max_examples=40, deadline=None)
@example(shares, words, st.randoms(use_true_random=False))
def test_row_order_never_matters(shares, words, random):
    answers = told_all(shares, words) + told_all(shares, words, ago=3)
    assert assessed(*random.sample(answers, len(answers))) == assessed(*answers)
