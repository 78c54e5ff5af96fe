"""Templates that come with the program: sound without events, measured on somebody's own, and runnable there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from command_line import detente
from detente.base.days import Window
from detente.base.errors import ArgumentError, DataError
from detente.events.chronicle import Chronicle
from detente.events.files.event_file import load_events
from detente.events.provenance import Provenance
from detente.lab.arguments import load_argument
from detente.studies.drafting.shipped import copy_template, template_names
from worlds import SHARED

START = date(1985, 1, 1)
KINDS = {
    "verbal-cooperation": (4.0, "040"),
    "material-cooperation": (6.0, "070"),
    "verbal-conflict": (-4.0, "130"),
    "material-conflict": (-9.0, "190"),
}


def made(pair: tuple[str, str], *, a_day: float, days: int = 1600, others: str = "UN") -> Chronicle:
    """Return acts of every kind between two, and friendly words of another to both."""
    rng = np.random.default_rng(1)
    kinds = {kind: tone for kind, (tone, _) in KINDS.items()}
    friendly = {"verbal-cooperation": 4.0}
    rows = [
        {
            "date": START + timedelta(days=day),
            "source": source,
            "target": target,
            "class": kind,
            "intensity": tone,
        }
        for day in range(days)
        for source, target in (pair, pair[::-1], (others, pair[0]), (others, pair[1]))
        for kind, tone in (kinds if source in pair else friendly).items()
        for _ in range(int(rng.poisson(a_day)))
    ]
    window = Window(START, START + timedelta(days=days))
    return Chronicle.of(
        pl.DataFrame(rows), window, "quad", provenance=Provenance("made.csv", "cameo", rows_read=len(rows))
    )


@pytest.mark.parametrize("name", template_names())
def test_a_template_names_its_sources_and_has_no_events(name: str) -> None:
    argument = load_argument(name)
    assert argument.principals
    assert argument.run.as_of
    assert argument.event_file() is None
    assert argument.source
    kinds = [claim.kind for claim in argument.claims]
    assert {"mechanism", "forecast"} <= set(kinds)
    assert len(argument.questions) >= 8


def test_a_copy_has_the_share_of_each_question_and_the_day(tmp_path: Path) -> None:
    chronicle = made(("IRN", "IRQ"), a_day=0.2)
    template = copy_template("iran-iraq", chronicle, events="made.csv")
    assert template.argument.run.as_of == date(
        1988, 8, 20
    )  # the template's own: the chronicle knows a year before it
    assert "events: made.csv\nprincipals: [IRN, IRQ]\n" in template.text
    shares = {question.id: question.share for question in template.questions}
    assert shares["many-blows"] is not None
    assert 0.05 < shares["many-blows"] < 0.95
    assert shares["talks"] == 1.0
    assert ": hardly a question here; change its window or its number.\n  # - id: talks\n" in template.text
    assert template.absent == ("backers", "kurds")
    assert template.radius is not None
    assert template.radius < 1


def test_a_copy_asks_what_fits_and_what_a_claim_speaks_of() -> None:
    chronicle = made(("IRN", "IRQ"), a_day=0.02)
    template = copy_template("iran-iraq", chronicle)
    share = {question.id: question for question in template.questions}
    shares = {each.spec.id: each.share for each in template.added}
    assert shares
    assert not share["many-blows"].fits
    for question in template.argument.questions:
        if question.id in shares and not (question.id in share and share[question.id].fits):
            assert 0.05 <= shares[question.id] <= 0.95
        else:
            assert share[question.id].fits or share[question.id].claimed
    asked = {question.id for question in template.argument.questions}
    assert "fewer-blows" in asked
    own = {question.id for question in template.questions if question.fits or question.claimed}
    assert set(template.argument.texts["zh-Hans"].questions) == own  # none of a question that it asks no more


def test_what_came_later_changes_nothing() -> None:
    whole, day = made(("ISR", "SYR"), a_day=0.1), date(1988, 1, 1)
    cut = replace(whole, events=whole.events.filter(pl.col("date") < day))
    both = [copy_template("israel-syria", each, day) for each in (whole, cut)]
    assert both[0].text == both[1].text
    assert f"as_of: {day}, days" in both[0].text


def test_a_day_that_the_chronicle_does_not_reach_gives_way_to_its_end() -> None:
    chronicle = made(("IRN", "IRQ"), a_day=0.2, days=900)
    assert copy_template("iran-iraq", chronicle).argument.run.as_of == chronicle.window.end


def test_a_fit_without_end_starts_at_the_turn_instead() -> None:
    war, peace = made(("IRN", "IRQ"), a_day=1.5, days=1327), made(("IRN", "IRQ"), a_day=0.05, days=4000)
    events = pl.concat([war.events, peace.events.filter(pl.col("date") >= war.window.end)])
    both = replace(peace, events=events)
    template = copy_template("iran-iraq", both, date(1995, 1, 1))
    assert template.argument.run.fit_from == date(1988, 8, 20)
    assert "a fit to everything feeds itself by" in template.text


def test_who_never_met_and_what_is_no_template_are_refused() -> None:
    with pytest.raises(DataError, match=r"must have acted on each other before .*IND"):
        copy_template("iran-iraq", made(("IND", "PAK"), a_day=0.2))
    with pytest.raises(ArgumentError, match="Did you mean israel-syria"):
        copy_template("israel-siria", made(("ISR", "SYR"), a_day=0.2))


def test_the_command_writes_it_and_every_command_takes_it(tmp_path: Path) -> None:
    codes = {kind: code for kind, (_, code) in KINDS.items()}
    events = made(("ISR", "SYR"), a_day=0.03, days=900).events
    events = events.select("date", "source", "target", code=pl.col("class").replace_strict(codes))
    events.write_csv(tmp_path / "mine.csv")
    asked = ("new", "--template", "israel-syria", "--events", "mine.csv", "--codebook", "cameo")
    done = detente(*asked, cwd=tmp_path)
    assert "ISR and SYR as of 1987-06-" in done.stdout
    assert_told_as_asked(done.stdout, tmp_path / "israel-syria.yaml")
    assert "Parties of which nobody acts here: lebanese-fighters" in done.stdout
    assert "must not exist yet" in detente(*asked, cwd=tmp_path, code=9).stderr
    detente("check", "israel-syria.yaml", cwd=tmp_path)
    detente(
        "run", "israel-syria.yaml", "--codebook", "cameo", "--futures", "20", "--days", "30", cwd=tmp_path
    )
    assert "events is required" in detente("new", "--template", "israel-syria", code=4).stderr
    for more in (("ISR",), ("--with", "door")):
        refused = detente(
            "new", *more, "--template", "israel-syria", "--events", "mine.csv", cwd=tmp_path, code=4
        )
        assert "template cannot be combined with" in refused.stderr
    assert "one is required" in detente("new", code=4).stderr


def assert_told_as_asked(said: str, path: Path) -> None:
    """Check that what is said to be asked no more is not asked, and what is said to stay is."""
    asked = {question.id for question in load_argument(path).questions}
    lines = [line for line in said.splitlines() if line.startswith("Hardly questions in these events")]
    assert lines
    for line in lines:
        named = set(re.findall(r"([a-z0-9-]+) \((?:[0-9]+%|cannot be told)\)", line))
        assert named
        assert not named & asked if "asked no more" in line else named <= asked


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "file", "codebook", "day"),
    [
        ("iran-iraq", "gulf_weis", "weis", date(1988, 8, 20)),
        ("iran-iraq", "gulf_weis", "weis", date(1999, 4, 1)),
        ("israel-syria", "levant_cameo", "cameo", date(1991, 10, 30)),
        ("israel-syria", "levant_cameo", "cameo", date(2011, 12, 1)),
    ],
)
def test_every_question_of_a_template_fits_the_public_file(
    name: str, file: str, codebook: str, day: date
) -> None:
    path = SHARED / "data" / "keds" / f"{file}.csv.gz"
    if not path.exists():
        pytest.skip(f"NOT CHECKED on the real file: {path} is not there")
    template = copy_template(name, load_events(path, codebook=codebook, skip_bad=True), day)
    assert [question.id for question in template.questions if not question.fits] == []
    assert template.radius is not None
    assert template.radius < 1
