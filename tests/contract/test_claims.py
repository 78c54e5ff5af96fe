"""Every row of the essay hangs on what it speaks of: altering that moves the row, and leaves unrelated rows alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl
import pytest

from detente.argument.argument import Argument
from detente.argument.blocks import FactSpec
from detente.events.chronicle import Chronicle
from detente.events.columns import COLUMNS
from detente.lab.case import Case
from detente.report.text.reasons import why
from detente.studies.claims.claims import claims
from detente.studies.claims.rows import ClaimRow
from worlds import AS_OF, embedded, essay, essay_case

FUTURES = 60
MECHANISMS = tuple(f"M{i}" for i in range(1, 14) if i != 7)
JUDGED = (*MECHANISMS, "R1")
FORECASTS = tuple(c.id for c in essay().claims if c.kind == "forecast")
HERE = tuple(c.id for c in essay().claims if c.kind in ("fact", "mechanism", "forecast", "rival"))

FORCE = {"class": "force", "action": "ASSAULT", "intensity": -9.0, "mode": "airstrike"}
WORD = {"class": "verbal-conflict", "action": "THREATEN", "intensity": -5.0, "mode": "statement"}
SANCTION = {"class": "pressure", "action": "SANCTION", "intensity": -7.0, "mode": "designation"}
TALKS = {"class": "joint", "action": "CONSULT", "intensity": 2.5, "mode": "talks", "mutual": True}
ACCORD = TALKS | {"action": "AGREE", "mode": "accord"}
OFFICE = {"class": "verbal-cooperation", "action": "CONSULT", "intensity": 2.5, "mode": "mediation"}


# What is altered -----------------------------------------------------------------------------------------------------


def act(day: date, source: str, target: str, kind: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {"date": day, "source": source, "target": target, "precision": "day"} | kind | fields


def with_acts(*acts: dict[str, Any]) -> Callable[[Case], Case]:
    def change(case: Case) -> Case:
        rows = pl.DataFrame([{"mutual": False} | a for a in acts])
        added = Chronicle.of(rows, case.chronicle.window).events
        events = pl.concat([case.chronicle.events, added]).sort("date", maintain_order=True)
        return replace(case, chronicle=replace(case.chronicle, events=events))

    return change


def without_acts(rule: pl.Expr) -> Callable[[Case], Case]:
    def change(case: Case) -> Case:
        events = case.chronicle.events.filter(~rule.fill_null(False))
        return replace(case, chronicle=replace(case.chronicle, events=events))

    return change


def with_facts(kind: str, *facts: FactSpec, instead: bool = False) -> Callable[[Case], Case]:
    def change(case: Case) -> Case:
        old = () if instead else case.argument.facts[kind]
        argument: Argument = case.argument.model_copy(
            update={"facts": {**case.argument.facts, kind: (*old, *facts)}}
        )
        return replace(case, argument=argument)

    return change


def both(*changes: Callable[[Case], Case]) -> Callable[[Case], Case]:
    def change(case: Case) -> Case:
        for one in changes:
            case = one(case)
        return case

    return change


def fact(actor: str, start: date, end: date | None = None, value: float = 1.0) -> FactSpec:
    return FactSpec(actor=actor, start=start, end=end, value=value, known_from=start, because="made up")


def every(days: int, first: date, last: date) -> list[date]:
    return [first + timedelta(days=k) for k in range(0, (last - first).days, days)]


LATE = pl.col("date") >= AS_OF
USA_IRN = pl.col("source").is_in(["USA", "IRN"]) & pl.col("target").is_in(["USA", "IRN"])


@dataclass(frozen=True)
class Alteration:
    """What is done, the rows it has to move, and rows it has nothing to do with."""

    name: str
    change: Callable[[Case], Case]
    moves: tuple[str, ...]
    unrelated: tuple[str, ...]


ALTERATIONS = (
    Alteration(
        "seven killings of senior figures in the nineties, each answered by years of pressure and blows",
        with_acts(
            *(
                act(d, "USA", "IRN", FORCE, victim_rank="senior", fatalities=5)
                for d in every(400, date(1990, 3, 1), date(1998, 1, 1))
            ),
            *(act(d, "IRN", "USA", FORCE) for d in every(60, date(1991, 1, 1), date(1999, 1, 1))),
        ),
        ("M1", "M12"),
        ("M3", "M6", "M9"),
    ),
    Alteration(
        "thirty deadly attacks on Americans in the nineties, not one of them answered",
        with_acts(*(act(d, "IRN", "USA", FORCE, fatalities=3) for d in every(100, date(1990, 3, 1), date(1998, 3, 1)))),
        ("M2",),
        ("M3", "M6", "M9", "M12"),
    ),
    Alteration(
        "six more orders to the military alone, in weeks crowded with partners' attacks",
        with_facts("delegated", *(fact("IRN", date(y, 6, 1)) for y in (2004, 2006, 2007, 2008, 2010, 2011))),
        ("M3",),
        ("M1", "M2", "M4", "M6", "M8", "M9", "M10", "M11", "M12", "M13", "R1"),
    ),
    Alteration(
        "deadly reprisals, each followed by more of the same",
        with_acts(
            *(
                act(d + timedelta(days=k), *pair, FORCE, fatalities=20)
                for d in every(300, date(1991, 1, 5), date(1999, 1, 1))
                for k, pair in ((0, ("USA", "IRN")), (5, ("IRN", "USA")), (9, ("USA", "IRN")), (14, ("IRN", "USA")))
            )
        ),
        ("M4", "M5"),
        ("M3", "M6"),
    ),
    Alteration(
        "a war would cost nobody anything",
        with_facts("war_cost", instead=True),
        ("M5",),
        ("M1", "M3", "M6", "M9", "M10", "M11", "M12", "R1"),
    ),
    Alteration(
        "hostages called to mind once a year, and harsh words in the weeks after",
        both(
            with_facts("evoked", *(fact("USA", date(y, 5, 1)) for y in range(1990, 2019))),
            with_acts(*(act(date(y, 5, d), "USA", "IRN", WORD) for y in range(1990, 2019) for d in (4, 9))),
        ),
        ("M6",),
        ("M3", "M4", "M12"),
    ),
    Alteration(
        "Iran short of countermeasures since 1984",
        with_facts("shortage", fact("IRN", date(1984, 1, 1)), instead=True),
        ("M8",),
        ("M1", "M3", "M4", "M6", "M9", "M12"),
    ),
    Alteration(
        "offers in every month before an election and in none of the others",
        with_acts(
            *(
                act(d, "USA", "IRN", {"class": "verbal-cooperation", "action": "SUPPORT", "intensity": 3.0})
                for y in range(1984, 2020, 4)
                for d in every(30, date(y - 1, 12, 1), date(y, 11, 1))
            )
        ),
        ("M9",),
        ("M3", "M4", "M6", "M12"),
    ),
    Alteration(
        "sanctions a month for twenty years, and never a friendly word or deed from Iran",
        both(
            without_acts((pl.col("source") == "IRN") & pl.col("class").str.contains("cooperation")),
            with_acts(
                *(
                    act(d + timedelta(days=k), "USA", "IRN", SANCTION)
                    for d in every(300, date(1985, 1, 1), date(2005, 1, 1))
                    for k in (0, 5, 9)
                )
            ),
        ),
        ("M10", "R1"),
        ("M3", "M4", "M12"),
    ),
    Alteration(
        "three more teams of negotiators that lost their standing",
        with_facts(
            "lost_standing", *(fact("USA", date(y, 2, 1), date(y + 3, 2, 1)) for y in (1986, 1992, 1998))
        ),
        ("M11",),
        ("M1", "M3", "M4", "M6", "M10", "M12", "R1"),
    ),
    Alteration(
        "talks a week after every one of thirty good offices",
        with_acts(
            *(act(d, "OMN", "IRN", OFFICE) for d in every(200, date(1990, 1, 1), date(2006, 1, 1))),
            *(act(d + timedelta(days=7), "USA", "IRN", TALKS) for d in every(200, date(1990, 1, 1), date(2006, 1, 1))),
        ),
        ("M13",),
        ("M3", "M4", "M6"),
    ),
)  # fmt: skip

# The future seen from as_of: it settles forecasts, and nothing else may move.
SETTLED = (
    ("silence", without_acts(LATE), {"F6 24m": "no", "F7": "no", "F8": "failed", "F8 60m": "failed"}),
    (
        "war",
        with_acts(
            *(act(d, "USA", "IRN", FORCE, fatalities=200) for d in every(3, date(2020, 2, 1), date(2021, 12, 1))),
            *(act(d, "IRN", "USA", FORCE, fatalities=20) for d in every(3, date(2020, 2, 2), date(2021, 12, 1))),
        ),
        {"F1": "failed", "F3": "failed", "F3 24m": "failed", "F5": "failed"},
    ),
    (
        "words alone",
        both(
            without_acts(LATE & USA_IRN & (pl.col("class") == "force")),
            with_acts(*(act(d, "USA", "IRN", WORD) for d in every(5, AS_OF, date(2022, 1, 1)))),
        ),
        {"F2": "came true", "F2 24m": "came true"},
    ),
    (
        "an accord",
        with_acts(act(date(2020, 6, 1), "USA", "IRN", ACCORD)),
        {"F4": "failed", "F6": "yes"},
    ),
)  # fmt: skip


@cache
def base() -> dict[str, ClaimRow]:
    return rows_of(essay_case(), HERE)


def rows_of(case: Case, only: Sequence[str] = ()) -> dict[str, ClaimRow]:
    return {row.claim.id: row for row in claims(case, futures=FUTURES, only=only).rows}


def happened(row: ClaimRow) -> str:
    """Return the verdict of a forecast, or its outcome where no outcome can make it fail."""
    if row.verdict != "cannot fail":
        return row.verdict
    assert row.forecast is not None
    return row.forecast.asked.answer.outcome.word


def moved(row: ClaimRow, before: ClaimRow) -> bool:
    """Whether a row's verdict, episodes or value is another; a value by more than a twentieth of its prior's sd."""
    if row.verdict != before.verdict or len(row.episodes) != len(before.episodes):
        return True
    if row.judgement is None or before.judgement is None:
        return row.value != before.value
    return abs(row.judgement.value - before.judgement.value) > 0.05 * before.judgement.prior_sd


@pytest.fixture(scope="module", autouse=True)
def _few_chronicles() -> Iterator[None]:
    """Size and power from few simulations: what is tested here is what moves a row, not how surely."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("detente.studies.claims.power.CHRONICLES", 20)
        yield


# The tests -----------------------------------------------------------------------------------------------------------


@pytest.mark.like_cases(2)
@pytest.mark.parametrize("alteration", ALTERATIONS, ids=lambda a: a.name)
def test_what_a_mechanism_row_speaks_of_moves_it_and_leaves_unrelated_rows_alone(
    alteration: Alteration,
) -> None:
    found = rows_of(alteration.change(essay_case()), (*alteration.moves, *alteration.unrelated))
    for name in alteration.moves:
        assert moved(found[name], base()[name]), f"{name} stays where it was"
    for name in alteration.unrelated:
        row, before = found[name].judgement, base()[name].judgement
        assert row is not None
        assert before is not None
        assert abs(row.value - before.value) <= 0.05 * before.prior_sd, (
            f"{name} moves by {(row.value - before.value) / before.prior_sd:.3f} prior sd"
        )


def test_every_judged_row_has_an_alteration() -> None:
    assert {name for a in ALTERATIONS for name in a.moves} == set(JUDGED)
    assert {name for _, _, verdicts in SETTLED for name in verdicts} == set(FORECASTS)


@pytest.mark.parametrize(("name", "change", "verdicts"), SETTLED, ids=[s[0] for s in SETTLED])
def test_what_happens_after_as_of_settles_forecasts_and_moves_no_chance(
    name: str, change: Callable[[Case], Case], verdicts: dict[str, str]
) -> None:
    before = base()
    found = rows_of(change(essay_case()), FORECASTS)
    for row, verdict in verdicts.items():
        assert happened(before[row]) != verdict
        assert happened(found[row]) == verdict, row
    assert {r: found[r].value for r in FORECASTS} == {r: before[r].value for r in FORECASTS}


def test_what_happened_before_as_of_moves_the_chances_of_forecasts() -> None:
    """A year without force before makes most chances others, and war no likelier."""
    year = pl.col("date").is_between(date(2019, 1, 1), AS_OF) & (pl.col("class") == "force")
    found = rows_of(without_acts(year)(essay_case()), FORECASTS)
    changed = [name for name in FORECASTS if found[name].value != base()[name].value]
    assert len(changed) > len(FORECASTS) / 2  # of sixty futures the same share may say yes
    assert (found["F3"].value or 0) >= (base()["F3"].value or 0)


def test_a_recorded_fact_is_missing_once_its_act_or_a_field_of_it_is_gone() -> None:
    assert base()["E1"].verdict == "recorded"
    answer = (pl.col("date") == date(2020, 1, 8)) & (pl.col("action") == "ASSAULT")
    gone = rows_of(without_acts(answer)(essay_case()), ["E1"])["E1"]
    assert (gone.verdict, gone.value) == ("missing", 0.5)
    case = essay_case()
    toll = (
        pl.when(answer)
        .then(3)
        .otherwise(pl.col("fatalities"))
        .alias("fatalities")
        .cast(COLUMNS["fatalities"])
    )
    deadly = replace(case, chronicle=replace(case.chronicle, events=case.chronicle.events.with_columns(toll)))
    assert rows_of(deadly, ["E1"])["E1"].verdict == "missing"


def test_the_ledger_turns_with_the_weights_declared() -> None:
    assert base()["M7"].verdict == "heavier on IRN"
    heavy = with_facts("injury", fact("USA", date(2001, 1, 1), value=100.0))
    assert rows_of(heavy(essay_case()), ["M7"])["M7"].verdict == "heavier on USA"
    level = with_facts("injury", fact("USA", date(2015, 1, 1), value=9.0))
    assert rows_of(level(essay_case()), ["M7"])["M7"].verdict == "level"


def test_as_of_the_essays_day_hardly_any_mechanism_can_be_told() -> None:
    """Where this fails, look for a leak first: the events of that day remove little of any prior."""
    told = [n for n in MECHANISMS if base()[n].verdict not in ("no power", "not testable", "silent")]
    assert len(told) <= 2, told


def test_every_row_of_the_essay_is_there_with_a_verdict_and_numbers() -> None:
    rows = base()
    assert list(rows) == list(HERE)
    assert set(HERE) == {"E1", "M7", *FORECASTS, *JUDGED}
    for row in rows.values():
        assert row.verdict != "coming"
        assert why(row)
        assert row.value is not None
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.value <= row.high
        assert row.claim.paragraphs


def test_the_json_of_claims_keeps_its_shape() -> None:
    value = claims(essay_case(), futures=FUTURES, only=["E1", "M3"]).to_dict()
    assert list(value) == [
        "rivalry",
        "argument",
        "as_of",
        "version",
        "data",
        "futures",
        "seed",
        "claims",
        "false_verdicts_expected",
        "scores",
    ]
    for row in (r.to_dict() for r in base().values()):
        assert list(row) == [
            "id",
            "kind",
            "paragraph",
            "text",
            "verdict",
            "value",
            "low",
            "high",
            "prior",
            "posterior",
            "V",
            "P",
            "p_plus",
            "p_minus",
            "size",
            "power",
            "mde",
            "first_verdict",
            "episodes",
            "elsewhere",
            "reason",
        ]
    (m3,) = [r for r in value["claims"] if r["id"] == "M3"]
    assert list(m3["prior"]) == list(m3["posterior"]) == ["mean", "sd"]
    assert list(base()["F1"].to_dict()["prior"]) == ["mean", "low", "high"]


def test_forecasts_at_hand_give_the_same_rows_as_forecasts_run_anew() -> None:
    from detente.lab.ask import asked_of
    from detente.lab.run import run
    from detente.studies.claims.forecasts import forecasts_of

    case = essay_case()
    result = run(case, futures=FUTURES)
    told = forecasts_of(case, result, asked_of(result))
    result_rows = {
        r.claim.id: r for r in claims(case, futures=FUTURES, only=FORECASTS, get_forecasts=lambda: told).rows
    }
    for name in FORECASTS:
        assert result_rows[name].to_dict() == base()[name].to_dict()


def test_embedded_is_not_touched_by_alterations() -> None:
    assert essay_case().chronicle is embedded()
