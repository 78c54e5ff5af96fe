"""What studies make of days that nobody covers: unknown, never quiet."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from detente.argument.argument import Argument
from detente.argument.blocks import ChannelSpec, GapSpec, PartySpec, QuestionSpec, RunSpec
from detente.base.days import Window
from detente.base.errors import ArgumentError, DataError
from detente.base.random import Stream, generator
from detente.events.chronicle import Chronicle
from detente.lab.case import Case
from detente.lab.chronicles import of_history
from detente.lab.too_little import require_covered
from detente.model.compiler import compile_argument
from detente.model.fit import fit
from detente.questions.base_rates import base_rates
from detente.questions.question import Question, bind, resolve
from detente.questions.settle import Outcome
from detente.report.pages.article import lead_picture, render_article
from detente.report.text.first_line import first_lines
from detente.studies.analogues.followed import NotKnown
from detente.studies.analogues.memories import past_of
from detente.studies.analogues.moments import moments
from detente.studies.article import article_on
from detente.studies.claims.judge import Fits
from detente.studies.claims.power import era_bounds
from detente.studies.claims.shifts import random_lags
from detente.studies.diagnose.predictive import simulate_blocks, simulate_paths
from detente.studies.drafting.quiet import quiet_stretches
from detente.studies.scoring.competition import in_common, same_days
from detente.studies.scoring.protocol import protocol_of, two_years_after
from detente.studies.scoring.question_protocol import question_protocol_of
from detente.studies.scoring.rolling import rolling
from detente.studies.whatif.door_test import other_days
from detente.studies.whatif.necessity import necessity
from worlds import baseline, random_chronicle

GAP = Window(date(2002, 2, 10), date(2004, 1, 25))
DAYS = 2600
END = date(2000, 1, 1) + timedelta(DAYS)


def argument() -> Argument:
    return baseline("A", "B").model_copy(update={"run": RunSpec(outbreaks=False, days=20, futures=20)})


def parted() -> Chronicle:
    whole = random_chronicle(days=DAYS)
    kept = whole.events.filter(~pl.col("date").is_between(GAP.start, GAP.end, "left"))
    return replace(whole, events=kept, gaps=(GAP,))


def case() -> Case:
    return Case(None, argument(), parted(), cache=False)


def declared_case() -> Case:
    """The same gap, declared by the argument."""
    gap = GapSpec(start=GAP.start, end=GAP.end, because="nobody looked")
    return Case(None, argument().model_copy(update={"gaps": (gap,)}), replace(parted(), gaps=()), cache=False)


def question(ask: str, day: date) -> Question:
    return bind(QuestionSpec(id="q", text="?", ask=ask), argument(), "detente", day)


@pytest.mark.parametrize(
    ("ask", "day", "outcome"),
    [
        ("A->B force count >= 1 within 30d", date(2002, 3, 1), Outcome.AMBIGUOUS),
        ("A->B force count <= 0 within 90d", date(2002, 2, 1), Outcome.AMBIGUOUS),
        ("A<->B force count <= 1000 within 30d", date(2004, 1, 10), Outcome.AMBIGUOUS),
        ("A->B force rate > last 12m within 30d", date(2004, 3, 1), Outcome.AMBIGUOUS),
        ("phase cold within 30d", date(2002, 3, 1), Outcome.AMBIGUOUS),
        ("A<->B force count <= 1000 within 30d", date(2004, 1, 25), Outcome.YES),
    ],
)
def test_a_question_over_a_gap_is_not_answered_by_its_silence(ask: str, day: date, outcome: Outcome) -> None:
    assert resolve(question(ask, day), of_history(argument(), parted())) == outcome


def test_base_rates_leave_windows_over_a_gap_out_and_count_covered_days() -> None:
    asked = question("A<->B force within 20d", END)
    shares = []
    for chronicle in (parted(), replace(parted(), gaps=())):
        every, _ = base_rates(asked, of_history(argument(), chronicle), END, chronicle.window.start)
        shares.append(every.share)
        gone = sum(gap.days + 19 for gap in chronicle.gaps)
        assert (every.windows, every.unsettled) == (DAYS - 19 - gone, gone)
        assert every.separate == chronicle.coverage.days / 20
    assert shares[0] > 1.3 * shares[1]


def test_an_as_of_in_a_gap_is_refused_and_the_gap_is_said_first() -> None:
    for day in (GAP.start, GAP.end, END):
        require_covered(parted(), day)
    with pytest.raises(
        DataError, match=r"as_of must be covered .* got 2003-01-01\. The chronicle covers 2000"
    ):
        case().known(date(2003, 1, 1))
    said = first_lines(case().cautions(END))
    assert re.match(r"714 of [0-9,]+ days are not covered: nobody coded 2002-02-10 to 2004-01-24\.", said)


def test_a_gap_that_an_argument_declares_is_one_of_the_coverage() -> None:
    declared = declared_case()
    with pytest.raises(
        DataError, match=r"as_of must be covered .* got 2003-01-01\. The chronicle covers 2000"
    ):
        declared.known(date(2003, 1, 1))
    assert declared.known(GAP.end).window.days == (GAP.start - date(2000, 1, 1)).days


def test_shifts_stay_within_the_parts_of_the_coverage() -> None:
    program = compile_argument(argument(), parted(), END)
    seam = (GAP.start - date(2000, 1, 1)).days
    assert era_bounds(program) == [0, seam, DAYS - GAP.days]
    lags = random_lags(era_bounds(program), 99, generator(1, Stream.SHIFTS))
    assert lags[:, 0].max() < seam


def test_a_backtest_leaves_quarters_and_fans_over_the_gap_out() -> None:
    found = protocol_of(argument(), parted())
    assert found.origins[:3] == (date(2001, 10, 1), date(2004, 4, 1), date(2004, 7, 1))
    assert all(not parted().coverage.touches(Window(day, two_years_after(day))) for day in found.fan_dates)
    assert found.fan_dates
    scores = rolling(
        argument(),
        parted(),
        replace(found, origins=found.origins[:2], end=found.origins[2]),
        {"own": _as_it_is},
        baselines=False,
        threads=1,
    )
    assert np.isfinite(scores["own"]).all()


def test_nothing_is_asked_on_days_of_the_gap() -> None:
    found = question_protocol_of(case())
    assert found.too_early == ()
    assert found.dates[:4] == (date(2001, 10, 1), date(2002, 1, 1), date(2004, 4, 1), date(2004, 7, 1))


def _as_it_is(program: Any) -> Any:
    return program


def test_a_year_of_a_gap_is_neither_left_out_in_turn_nor_drawn_as_one_without_acts() -> None:
    assert [*Fits.of(argument(), case().known(END)).years] == [2000, 2001, 2002, 2004, 2005, 2006, 2007]
    for one in (case(), declared_case()):
        article = article_on(one, as_of=END, computed=False)
        assert [year.year for year in article.years if not year.covered] == [2003]
        assert article.to_dict()["years"][3] == {
            "year": 2003,
            "force": None,
            "hostile": None,
            "friendly": None,
        }
        assert "2003: not covered" in lead_picture(article)
    article = article_on(case(), as_of=END, computed=False)
    assert "nobody coded 2002-02-10 to 2004-01-24" in render_article(article)
    assert "无人编码" in render_article(article, "zh-Hans")


def test_checks_of_a_fit_simulate_each_part_by_itself() -> None:
    program = compile_argument(argument(), parted(), END)
    posterior = fit(program)
    draws, covered = posterior.draws(3, 1), program.history.window
    observed, drawn = simulate_blocks(program, draws.beta, draws.log_alpha, 1, lambda *_: None, 1)
    first, second = (end - start for start, end in zip(covered.bounds, covered.bounds[1:], strict=False))
    assert len(observed) == len(drawn) == first // 28 + second // 28
    last = program.history.counts[:, first - 28 : first].sum()
    assert observed[first // 28 - 1].sum() == last  # a block ends with the last day before the gap
    log = simulate_paths(program, draws.beta, draws.log_alpha, 1, lambda *_: None, 1)
    assert log.day.min() < first < log.day.max() < covered.days
    assert (np.diff(log.future) >= 0).all()


def test_a_moment_lies_in_no_gap_and_what_followed_in_one_is_unknown() -> None:
    found, searched = moments(past_of(case(), END), count=50)
    assert min(each.day for each in found) < GAP.start
    assert not any(GAP.start < each.day <= GAP.end for each in found)  # the day before it stands in the gap
    assert searched < DAYS - GAP.days
    followed = [window for each in found for window in each.followed]
    over_gap = [window for window in followed if parted().coverage.touches(window.window)]
    assert over_gap
    assert all(isinstance(window, NotKnown) for window in over_gap)


def test_a_gap_is_no_quiet_stretch() -> None:
    assert quiet_stretches(parted()) == ()
    (taken,) = quiet_stretches(replace(parted(), gaps=()))
    assert taken.start <= GAP.start < GAP.end <= taken.end


def test_derived_days_of_the_door_test_are_covered() -> None:
    class Door:
        other_days: tuple[date, ...] = ()

    for one in (case(), declared_case()):
        days = other_days(one, Door(), END)  # type: ignore[arg-type]
        assert all(day in parted().coverage for day in days)
        assert len(days) == 2


def test_arguments_that_declare_other_gaps_are_not_compared() -> None:
    other = declared_case().argument.model_copy(update={"argument": "other"})
    with pytest.raises(ArgumentError, match="gaps must be the same as those of baseline, got 2002-02-10"):
        same_days([case(), replace(case(), argument=other)])


def test_arguments_of_other_as_of_days_are_scored_on_the_same_quarters_and_of_other_first_days_are_not() -> (
    None
):
    def since(**settings: date) -> Case:
        own = argument()
        changed = {"argument": "other", "run": own.run.model_copy(update=settings)}
        return replace(case(), argument=own.model_copy(update=changed))

    late = since(as_of=END - timedelta(days=900))
    same_days([case(), late])
    shared = in_common([protocol_of(one.argument, one.chronicle) for one in (case(), late)])
    assert shared is not None
    assert shared.split == late.argument.run.as_of
    with pytest.raises(ArgumentError, match="fit_from must be the same as those of baseline"):
        same_days([case(), since(fit_from=date(2002, 1, 1))])


def test_days_at_risk_of_a_step_leave_the_gap_out() -> None:
    day = pl.Series([date(2000, 6, 1), date(2006, 6, 1)])
    steps = pl.DataFrame(
        {"date": day, "source": "A", "target": "B", "class": "material-cooperation", "action": "YIELD"}
    )
    quiet = Chronicle.of(steps, Window(date(2000, 1, 1), END))
    ones = {
        name: necessity(Case(None, argument().model_copy(update={"locker": "A"}), chronicle), END)[0].expected
        for name, chronicle in {"quiet": quiet, "parted": replace(quiet, gaps=(GAP,))}.items()
    }
    assert ones["parted"] > ones["quiet"] > 0  # type: ignore[operator]


def test_arguments_with_channels_for_other_acts_are_not_compared() -> None:
    added = (ChannelSpec(source="third", target="A", role="force"),)
    third = {"third": PartySpec(members=("C",))}
    more = argument().model_copy(update={"argument": "other", "parties": third, "channels": added})
    for one, two in ((argument(), more), (more, argument())):
        with pytest.raises(ArgumentError, match="channels must be the same as those of"):
            same_days([replace(case(), argument=one), replace(case(), argument=two)])
