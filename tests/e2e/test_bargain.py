"""The bargain and the crisis game from the command line: the same numbers as from Python, and faults in plain words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import detente
from detente.lab.arguments import load_argument
from detente.report.text.as_json import to_json
from detente.report.text.bargain import move_text, zone_sentence
from detente.report.text.numbers import percent
from detente.studies.bargain import bargain, openings

DRAWS = ["--draws", "200"]


def test_three_doors_give_the_same_numbers() -> None:
    done = detente(
        "bargain", "us-iran", "--lever", "return-to-deal", "--lever", "guarantee", "--json", *DRAWS
    )
    result = bargain.bargain_of(
        openings.bargain_argument("us-iran"), draws=200, levers=["return-to-deal", "guarantee"]
    )
    assert json.loads(done.stdout) == json.loads(json.dumps(to_json(result)))


def test_text_says_what_python_says() -> None:
    done = detente("bargain", "us-iran", *DRAWS)
    result = bargain.bargain_of(openings.bargain_argument("us-iran"), draws=200)
    assert zone_sentence(result) in done.stdout
    assert "a structural what-if under this argument" in done.stdout.lower()
    for move in result.moves:
        if move.idle:
            assert f"    {move_text(move)}\n" in done.stdout
            continue
        needed = "none (at best" if move.share is None else percent(move.share, 1)
        assert f"{move_text(move)}: {needed}" in done.stdout
    assert all(f"{row.name:26}" in done.stdout for row in result.influences[:8])


def test_every_equilibrium_is_printed() -> None:
    given = [f"--set={v}" for v in ("war_a=-1.9", "audience_a=-1.2", "war_b=-2.9")]
    done = detente("crisis", "us-iran", *given)
    assert "3 equilibria" in done.stdout
    assert all(chance in done.stdout for chance in ("0.251", "0.595", "0.813"))
    assert "0.25110" not in done.stdout
    found = json.loads(detente("crisis", "us-iran", *given, "--json").stdout)
    assert [round(e["resists"], 5) for e in found["equilibria"]] == [0.25110, 0.59472, 0.81332]


@pytest.mark.slow
def test_the_schedule_it_prints_is_one_the_rates_take(tmp_path: Path) -> None:
    facts = detente("bargain", "us-iran", "--by-date", *DRAWS).stdout
    spans = json.loads(detente("bargain", "us-iran", "--by-date", "--json", *DRAWS).stdout)
    text = (
        "argument: linked\ntitle: a link\nprincipals: [USA, IRN]\nmechanisms: {zone: {}}\n"
        f"run: {{as_of: 2020-01-17, days: 90, futures: 20, seed: 1, fit_from: 1979-01-01}}\n{facts}"
    )
    path = tmp_path / "linked.yaml"
    path.write_text(text, encoding="utf-8")
    declared = load_argument(path).facts["zone_open"]
    assert [(f.start.isoformat(), f.value) for f in declared] == [
        (span["start"], round(span["chance"], 3)) for span in spans
    ]
    done = detente("run", "us-iran", "--argument", str(path), "--json")
    rows = [c for c in json.loads(done.stdout)["fit"]["coefficients"] if c["mechanism"] == "zone"]
    assert [(c["prior_mean"], c["prior_sd"]) for c in rows] == [(0.5, 0.3)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["bargain"], "rivalry is required"),
        (["bargain", "us-iran", "--lever", "foo"], "must be a lever of the bargain, got foo. Known: "),
        (["bargain", "us-iran", "--as-of", "never"], "YYYY-MM-DD"),
        (["bargain", "--argument", "baseline"], "needs a bargain: block"),
        (["crisis"], "payoffs must all be given"),
        (["crisis", "us-iran", "--set", "war=1"], "must name a payoff"),
        (["crisis", "us-iran", "--sweep", "war_a:1:2:1"], "2 to 200 steps"),
        (["crisis", "us-iran", "--set", "war_a=nan"], "from -30 to 30"),
    ],
)
def test_mistakes_are_told(arguments: list[str], told: str) -> None:
    done = detente(*arguments, code=None)
    assert done.returncode in (3, 4)  # a day that is none is a fault of data
    assert told in " ".join(done.stderr.split())
    assert done.stdout == ""
