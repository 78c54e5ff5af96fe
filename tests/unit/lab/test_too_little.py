"""The rule on too little data, and what may be given in place of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

import detente
from detente.argument.blocks import MechanismSpec, PriorSpec, RunSpec
from detente.argument.claim_blocks import ClaimSpec
from detente.base import limits
from detente.base.errors import DataError, DetenteError, UnstableModelError
from detente.events.chronicle import Chronicle
from detente.lab import too_little
from detente.lab.arguments import argument_of
from detente.lab.case import Case, case_of
from detente.lab.run import run
from detente.model.mechanisms import mechanism_registry
from detente.report.text.as_json import to_json
from detente.report.text.first_line import first_lines
from worlds import baseline, random_chronicle

START = date(2000, 1, 1)


def world(days: int, per_day: float = 0.4) -> Case:
    argument = baseline("A", "B").model_copy(update={"run": RunSpec(days=20, futures=20, seed=1)})
    return Case(None, argument, random_chronicle(days=days, per_day=per_day))


def on(case: Case, day: int) -> date:
    return START + timedelta(days=day)


def test_too_few_days_and_too_few_acts_are_refused() -> None:
    case = world(1500)
    with pytest.raises(
        DataError, match=r"at least 180 covered days before 2000-06-28 to fit on, got 179\. Take"
    ):
        run(case, as_of=on(case, 179))
    few = world(1500, per_day=0.01)
    assert few.chronicle.acts < 20
    with pytest.raises(DataError, match="at least 20 acts of the principals, dated to the day, before"):
        run(few, as_of=on(few, 1000))
    unbounded = replace(case, allow_unstable=True)  # half a year does not rule out that acts feed themselves
    assert run(unbounded, as_of=on(case, 180)).futures.count == 20


def test_acts_without_a_day_are_nothing_to_fit_on() -> None:
    case = world(1500)
    vague = replace(case.chronicle, events=case.chronicle.events.with_columns(precision=pl.lit("month")))
    with pytest.raises(DataError, match=r"at least 20 acts of the principals, .*, got 0\."):
        run(replace(case, chronicle=vague), as_of=on(case, 1000))


def test_a_fit_from_the_day_before_is_refused() -> None:
    case = world(1500)
    late = case.argument.model_copy(
        update={"run": case.argument.run.model_copy(update={"fit_from": on(case, 999)})}
    )
    with pytest.raises(DataError, match="180 covered days"):
        run(replace(case, argument=late), as_of=on(case, 1000))


def test_a_day_before_the_coverage_is_refused() -> None:
    with pytest.raises(DataError, match="The chronicle covers"):
        run(world(1500), as_of="1999-12-31")


def test_acts_of_others_do_not_count() -> None:
    case = world(1500)
    events = case.chronicle.events
    others = events.with_columns(
        source=events["source"].replace({"A": "C"}), target=events["target"].replace({"A": "C"})
    )
    chronicle = Chronicle.of(others.drop("row"), case.chronicle.window, "detente")
    with pytest.raises(DataError, match="20 acts of the principals, dated to the day"):
        Case(None, case.argument, chronicle).known(on(case, 1000))


def test_few_data_are_told_before_any_number() -> None:
    case = world(1500)
    assert case.cautions(on(case, 1400)) == ()
    few = run(case, as_of=on(case, 400))
    assert [(c.code, c.days) for c in few.cautions] == [("few_data", 400)]
    end = case.chronicle.window.end
    assert case.cautions(end + timedelta(days=30)) == ()
    (late,) = case.cautions(end + timedelta(days=31))
    assert (late.code, late.days, late.quiet) == ("past_end", 31, False)
    (told,) = to_json(few)["cautions"]
    assert told["code"] == "few_data"
    assert "The prior decides" in told["sentences"]["caution"]


def test_feedback_that_explodes_is_refused_unless_it_is_allowed() -> None:
    case = world(1500)
    strong = PriorSpec(mean=3.0, sd=0.001)
    roles = [term.name for term in mechanism_registry()["momentum"].terms]
    momentum = {"momentum": MechanismSpec(terms=dict.fromkeys(roles, strong))}
    wild = replace(case, argument=case.argument.model_copy(update={"mechanisms": momentum}))
    with pytest.raises(
        UnstableModelError, match=r"spectral radius below 1, got 1\.\d+\. .*allow_unstable"
    ) as caught:
        run(wild, as_of=on(case, 1400))
    radius = caught.value.faults[0].got
    assert radius > 1
    allowed = run(replace(wild, allow_unstable=True), as_of=on(case, 1400))
    assert [caution.code for caution in allowed.cautions] == ["unstable"]
    assert to_json(allowed)["cautions"][0]["spectral_radius"] == pytest.approx(radius, abs=1e-3)
    assert f"{radius:.3f} further acts (the spectral radius)" in first_lines(allowed.cautions)
    claim = ClaimSpec(id="m", text="m", kind="mechanism", terms=("momentum.force",), sign="+")
    claimed = replace(wild, argument=wild.argument.model_copy(update={"claims": (claim,)}))
    with pytest.raises(UnstableModelError, match="spectral radius below 1"):
        detente.claims(claimed, as_of=on(case, 1400))
    judged = detente.claims(replace(claimed, allow_unstable=True), as_of=on(case, 1400))
    assert [caution.code for caution in judged.cautions] == ["unstable"]


def test_a_case_may_be_given_by_its_name_or_its_file(tmp_path: Path) -> None:
    assert case_of("us-iran").rivalry == "us-iran"
    rows = "".join(
        f"{START + timedelta(days=3 * i)},AAA,BBB,{'ACCUSE' if i % 3 else 'ASSAULT'}\n" for i in range(200)
    )
    (tmp_path / "mine.csv").write_text("date,source,target,action\n" + rows)
    (tmp_path / "mine.yaml").write_text(
        "argument: mine\ntitle: Mine\nevents: mine.csv\nprincipals: [AAA, BBB]\n"
        "run: {as_of: 2001-06-01, days: 20, futures: 20, seed: 1}\nmechanisms: {momentum: {}}\n"
    )
    named, loaded = detente.run(str(tmp_path / "mine.yaml")), detente.run(case_of(tmp_path / "mine.yaml"))
    assert named.channels == loaded.channels


TAKE_A_CASE = (
    *(
        "analogues",
        "ask",
        "backtest",
        "claims",
        "clocks",
        "diagnose",
        "forecasts",
        "mediators",
        "phases",
        "report_on",
    ),
    *("run", "unlock"),
)


@pytest.mark.parametrize("name", TAKE_A_CASE)
def test_what_is_no_case_is_refused_in_the_family(name: str) -> None:
    for wrong in (3, None, "us-irn", Path("missing.yaml")):
        with pytest.raises(DetenteError):
            getattr(detente, name)(wrong)


def test_what_is_no_argument_is_refused_in_the_family() -> None:
    assert argument_of("us-iran").argument == "essay"
    assert argument_of("panama-canal").principals == ("USA", "PAN")
    for wrong in (3, "us-irn"):
        for use in (detente.bargain, detente.crisis):
            with pytest.raises(DetenteError):
                use(wrong)  # type: ignore[operator]
    with pytest.raises(DetenteError, match="from which the inputs of the bargain are known"):
        detente.bargain("us-iran", as_of="1800-01-01")


def test_the_rule_is_the_one_of_the_documentation() -> None:
    rule = too_little.LEAST_DAYS, too_little.LEAST_ACTS, limits.FEW_DAYS, limits.FEW_ACTS
    assert rule == (180, 20, 730, 100)
