"""Questions beyond an argument's own channels: what is added for them, and that nothing possible is 0 or 1."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from detente.argument.blocks import QuestionSpec
from detente.base.random import Stream, generator
from detente.events.ontology.actions import action_names
from detente.events.ontology.classes import ROLES
from detente.lab.added import counted_acts, covered, lacking, need_of
from detente.lab.ask import ask
from detente.lab.case import Case, load_case
from detente.model.act_table import ActTable
from detente.model.wider import LikePairs, seen_from, widen
from detente.questions.question import Question, bind
from detente.questions.statuses import NOT_MODELLED
from worlds import essay_case

DAY = date(2020, 1, 17)
SAMPLE, SWEEP = 12, 600


def asked(line: str) -> Question:
    return bind(QuestionSpec(id="q", text="?", ask=line), essay_case().argument, "detente", DAY)


def added(line: str) -> list[str]:
    return [channel.label for channel in need_of(asked(line), essay_case().known(DAY)).channels]


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("USA->IRN force within 90d", []),
        ("IRN,proxies->USA ASSAULT deaths>=1 within 90d", []),
        ("SAU->IRN ASSAULT within 60d", ["IRN -> SAU force", "SAU -> IRN force"]),
        ("SAU<->IRN force within 60d", ["IRN -> SAU force", "SAU -> IRN force"]),
        ("SAU<->IRN talks within 60d", ["IRN -- SAU joint"]),
        ("how many SAU->IRN force within 60d", ["IRN -> SAU force", "SAU -> IRN force"]),
        (
            "USA->IRN force within 90d given SAU->IRN force within 60d",
            ["IRN -> SAU force", "SAU -> IRN force"],
        ),
        ("phase crisis within 90d", []),
    ],
)
def test_what_is_added_is_what_no_channel_takes(line: str, labels: list[str]) -> None:
    assert added(line) == labels


def test_an_open_end_is_every_pair_seen_without_a_channel() -> None:
    (channel,) = need_of(asked("any->IRN force within 60d"), essay_case().known(DAY)).channels
    known = essay_case().known(DAY)
    taken = {pair for c in known.layout.channels if "force" in c.classes for pair in c.pairs()}
    force = known.chronicle.events.filter(known.chronicle.events["class"] == "force")
    seen = {pair for pair in zip(force["source"], force["target"], strict=True) if pair[1] == "IRN"}
    assert set(channel.pairs()) == seen - taken


def test_a_fit_is_not_changed_by_the_channels_added_to_it() -> None:
    case = essay_case()
    fit = case.fitted(DAY)
    wide = widen(
        fit,
        case.argument,
        case.chronicle,
        need_of(asked("SAU->IRN force within 60d"), case.known(DAY)).channels,
    )
    own = len(fit.program.coefficients)
    old, new = fit.draws(50, 1), wide.draws(50, 1)
    part = new.parts[0][0]
    assert wide.program.layout.channels[: len(fit.program.layout.channels)] == fit.program.layout.channels
    assert [c.mechanism for c in wide.program.coefficients[own:]] == [
        "intercept",
        "momentum",
        "reprisal",
        "intercept",
    ]
    assert np.allclose(part.covariance[own:, :own], 0)
    assert old.beta.shape[1] == own
    same = next(p for p in getattr(fit, "posteriors", (fit,)) if p.program.clocks == part.program.clocks)
    assert np.array_equal(part.mean[:own], same.mean)
    assert wide.spectral_radius == pytest.approx(fit.spectral_radius, rel=0.01)
    assert np.allclose(part.covariance[:own, :own], same.covariance)


def test_each_end_sees_the_other_as_its_only_opponent() -> None:
    known = essay_case().known(DAY)
    layout = replace(
        known.layout,
        channels=(*known.layout.channels, *need_of(asked("SAU->IRN force within 60d"), known).channels),
    )
    seen = seen_from(layout, layout.channels[-1])
    assert [c.label for c in seen.sided()] == ["IRN -> SAU force", "SAU -> IRN force"]


def test_more_acts_seen_raise_the_level_and_none_leave_it_near_like_pairs() -> None:
    like = LikePairs.of(np.repeat([0, 1, 30], [95, 3, 2]))
    rates = [np.exp(mean + sd**2 / 2) for mean, sd in (like.level(n, 1000.0, 1000.0) for n in (0, 1, 5, 50))]
    assert rates == sorted(rates)
    assert 1000 * rates[0] < like.mean < 1
    assert 45 < 1000 * rates[-1] < 50


def possible_lines(case: Case, seed: int, count: int) -> list[str]:
    """Return lines about actors, actions, modes and classes of the chronicle or the ontology."""
    events, draw = case.chronicle.events, generator(seed, Stream.LEDGER)
    actors = sorted({*events["source"], *events["target"]})
    modes = sorted(events["mode"].drop_nulls().unique())
    shown = sorted(
        {f"{action} mode={mode}" for action, mode in events.select("action", "mode").drop_nulls().rows()}
    )

    def one_of(*choices: str) -> str:
        return choices[int(draw.integers(len(choices)))]

    out = []
    for _ in range(count):
        a, b = draw.permutation(actors)[:2] if draw.random() < 0.6 else ("USA", "IRN")
        named = one_of(*action_names("detente"), *ROLES, "")
        what = one_of(named, named, one_of(*shown), f"{named} mode={one_of(*modes)}")
        more = one_of("", "", " count>=3", " deaths>=1")
        no = one_of("", "no ") * ("count" not in more)
        out.append(f"{no}{a}{one_of('->', '<->')}{b} {what}{more} within {one_of('30d', '90d', '1y')}")
    return out


def _nothing_is_certain(count: int, futures: int, seed: int) -> None:
    case = load_case("us-iran")
    lines = possible_lines(case, seed, count)
    result = ask(case, *lines, as_of=DAY, futures=futures, seed=1)
    for line, one in zip(lines, result.asked, strict=True):
        p = one.answer.probability
        assert (p is None) == (one.answer.status == NOT_MODELLED), line
        assert p is None or 0 < p < 1, line


def test_no_possible_act_is_answered_with_0_or_1() -> None:
    _nothing_is_certain(SAMPLE, 20, 5)


@pytest.mark.slow
def test_no_possible_act_is_answered_with_0_or_1_in_a_whole_sweep() -> None:
    for seed in range(3):
        _nothing_is_certain(SWEEP // 3, 20, seed)


def test_what_no_future_can_bring_about_is_lacking() -> None:
    table = essay_case().known(DAY).acts
    quiet = replace(table, chance=table.chance * ~table.looks["action"].is_in(["ASSAULT", "AID"]).to_numpy())
    untold = replace(table, deaths_known=False)
    quad = replace(table, scheme="quad")

    def lacks(line: str, of: ActTable) -> list[tuple[str, str]]:
        return [(lack.why, lack.phase) for lack in lacking(asked(line), of)]

    everything = ("hostilities", "crisis", "thaw", "cold")
    for line in (*(f"phase {word} within 90d" for word in everything), "talks within 90d", "war within 90d"):
        assert lacks(line, table) == [], line
    assert lacks("phase hostilities within 90d", quiet) == [("phase", "hostilities")]
    assert lacks("war within 90d", quiet) == [("phase", "war")]
    assert lacks("USA->IRN force within 90d given phase hostilities within 30d", quiet) == [
        ("phase", "hostilities")
    ]
    assert lacks("phase crisis within 90d", quiet) == lacks("phase cold within 90d", quiet) == []
    assert lacks("talks within 90d", quad) == [("phase", "talks")]
    assert lacks("war within 90d", untold) == [("tolls", "war")]
    assert lacks("how many deaths USA->IRN force within 90d", untold) == [("tolls", "")]
    assert lacks("IRN->USA ASSAULT deaths>=1 within 90d", untold) == [("tolls", "")]
    assert lacks("how many USA->IRN force within 90d", untold) == []


def test_covered_means_that_nothing_is_lacking() -> None:
    known = essay_case().known(DAY)
    for line in ("USA->IRN force within 90d", "SAU->IRN force within 90d", "USA->IRN mode=accrod within 90d"):
        question = asked(line)
        need = need_of(question, known)
        whole = not need.channels and not need.lacks and not lacking(question, known.acts)
        assert covered(question, known, known.acts) == whole == line.startswith("USA->IRN force")
        assert counted_acts(question)
