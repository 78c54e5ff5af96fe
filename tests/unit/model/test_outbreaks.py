"""What is learnt of outbreaks: from the past of a chronicle alone, and nothing where an argument rules them out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from detente.argument.argument import Argument
from detente.base.days import Window
from detente.base.errors import ArgumentError
from detente.events.chronicle import Chronicle
from detente.events.provenance import Provenance
from detente.futures.futures import simulate
from detente.lab.arguments import load_argument
from detente.model.compiler import compile_argument
from detente.model.fit import fit
from detente.model.fit_cache import fit_key
from detente.model.known import read_known
from detente.model.outbreaks import PRIOR_DAYS, Outbreaks, learn_outbreaks
from worlds import baseline, random_chronicle

WAR, AS_OF = date(2003, 6, 1), date(2003, 5, 20)


def at_war(chronicle: Chronicle, first: date = WAR, strikes: int = 6) -> Chronicle:
    """The same with strikes each way on each of six days."""
    look = {"class": "force", "action": "ASSAULT", "mode": "airstrike", "intensity": -9.0, "issue": "other"}
    rows = [
        {"date": first + timedelta(days=n // 2), "source": "AB"[n % 2], "target": "BA"[n % 2], **look}
        for n in range(2 * strikes)
    ]
    columns = ["date", "source", "target", "class", "action", "mode", "intensity", "issue", "fatalities"]
    old = chronicle.events.select(columns)
    more = pl.DataFrame(rows).with_columns(fatalities=pl.lit(None, dtype=pl.Int64)).select(columns)
    table = pl.concat([old, more], how="vertical_relaxed").sort("date", maintain_order=True)
    given = Provenance("war", rows_read=table.height)
    return Chronicle.of(table, chronicle.window, chronicle.scheme, provenance=given)


@cache
def peace() -> Chronicle:
    calm = random_chronicle(per_day=0.05)
    return replace(calm, events=calm.events.filter(pl.col("action") != "ASSAULT"))


def learnt(chronicle: Chronicle, as_of: date, argument: Argument | None = None) -> Outbreaks:
    return read_known(argument or baseline("A", "B"), chronicle, as_of).acts.outbreaks


def excluded() -> Argument:
    argument = baseline("A", "B")
    return argument.model_copy(update={"run": argument.run.model_copy(update={"outbreaks": False})})


def test_a_war_still_to_come_teaches_nothing() -> None:
    before, after = learnt(peace(), AS_OF), learnt(at_war(peace()), AS_OF)
    assert before.hazard.tobytes() == after.hazard.tobytes()
    assert before.strikes.tobytes() == after.strikes.tobytes()


def test_a_war_on_record_doubles_the_hazard_and_says_how_hard_sides_strike() -> None:
    day = WAR + timedelta(days=60)
    calm, war = learnt(peace(), day), learnt(at_war(peace()), day)
    assert war.hazard.mean() / calm.hazard.mean() == pytest.approx(2, rel=0.03)
    assert calm.strikes.mean() == pytest.approx(0.5, rel=0.01)
    assert 0.5 < war.strikes.mean() < 1.0


def test_quiet_days_count_where_they_are_fitted_and_covered() -> None:
    day = date(2003, 1, 1)
    for update, days in (({}, 1096), ({"fit_from": date(2002, 1, 1)}, 365)):
        argument = baseline("A", "B")
        argument = argument.model_copy(update={"run": argument.run.model_copy(update=update)})
        expected = 1 / (PRIOR_DAYS + days)
        assert learnt(peace(), day, argument).hazard.mean() == pytest.approx(expected, rel=0.005)
    spells, window = read_known(baseline("A", "B"), peace(), day).hostilities, Window(date(2000, 1, 1), day)
    gap = Window(date(1999, 1, 1), date(2001, 1, 1))
    hazard = learn_outbreaks(spells, window, [gap, gap]).hazard
    assert hazard.mean() == pytest.approx(1 / (PRIOR_DAYS + 730), rel=0.005)


def test_an_argument_may_rule_them_out_and_its_fit_is_another() -> None:
    assert not learnt(at_war(peace()), WAR + timedelta(days=60), excluded()).hazard.any()
    known = read_known(baseline("A", "B"), peace(), AS_OF)
    assert fit_key(baseline("A", "B"), known) != fit_key(excluded(), known)


def test_the_switch_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    text = "argument: mine\ntitle: Mine\nmechanisms: {momentum: {}}\nrun: {outbreaks: %s}\n"
    path.write_text(text % "false")
    assert load_argument(path).run.outbreaks is False
    path.write_text(text % "perhaps")
    with pytest.raises(ArgumentError, match="outbreaks"):
        load_argument(path)


@pytest.mark.parametrize("scheme", ["detente", "quad"])
def test_fighting_breaks_out_in_futures_of_any_scheme(scheme: str) -> None:
    chronicle = random_chronicle(per_day=0.05, days=900, scheme=scheme)
    strikes = pl.col("action") == "ASSAULT"
    chronicle = replace(
        chronicle, events=chronicle.events.filter(~strikes | (pl.int_range(pl.len()) % 5 == 0))
    )
    day = date(2002, 6, 1)
    argument = baseline("A", "B")
    posterior = fit(compile_argument(argument, chronicle, day))
    shares = []
    for hazard in (0.0, 1 / 60):
        known = Outbreaks(np.array([hazard]), np.array([1.0]))
        acts = replace(posterior.program.acts, outbreaks=known)
        other = replace(posterior, program=replace(posterior.program, acts=acts))
        futures = simulate(
            other,
            days=120,
            futures=60,
            seed=1,
            threads=1,
            scheme=chronicle.scheme,
            codebook=chronicle.codebook,
        )
        roles = acts.roles[futures.log.act]
        struck = np.bincount(futures.log.future, np.isin(roles, (1, 2)), 60)
        shares.append(float((struck >= 10).mean()))
    assert shares[1] > shares[0] + 0.4


def test_a_strike_counts_by_what_its_channel_shows() -> None:
    program = compile_argument(baseline("A", "B"), random_chronicle(), date(2003, 1, 1))
    chance, share = program.acts.strikes
    labels = [channel.label for channel in program.layout.channels]
    assert {label for label, s in zip(labels, share, strict=True) if s} == {"A -> B force", "B -> A force"}
    assert share[share > 0].tolist() == [1.0, 1.0]
    assert (chance >= 0).all()
    assert (chance <= 1 + 1e-9).all()
