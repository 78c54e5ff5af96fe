"""What ``check`` refuses because a run of it would fail, or would quietly answer something else."""

from __future__ import annotations

import pytest

from detente.argument.blocks import ChannelSpec
from detente.base.errors import ArgumentError
from detente.lab.arguments import argument_from_text
from detente.model.layout import lay_out
from worlds import among_others

SOUND = """argument: a
title: A
principals: [USA, IRN]
parties:
  israel: {members: [ISR], ally_of: USA}
  friends: {members: [ISR, SAU]}
channels:
  - {source: israel, target: IRN, role: force, modes: [airstrike]}
  - {source: friends, target: IRN, role: pressure}
agents:
  - {agents: [P51], acts_for: USA, partner: IRN, roles: [talks]}
mechanisms:
  momentum: {terms: {force: {mean: 0, sd: 0.5}}}
run: {as_of: 2020-01-17, fit_from: 1990-01-01}
"""
ROW = "id: A, kind: mechanism, text: x, terms: [momentum.force], sign: '+'"


def test_the_sound_argument_is_sound() -> None:
    assert argument_from_text(SOUND).argument == "a"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "run: {",
            f"claims: [{{{ROW}, given: [momentum.force]}}]\nrun: {{",
            r"claims\.0\.given can be used only with size_of",
        ),
        (
            "run: {",
            f"claims: [{{{ROW}, beside: [momentum.x]}}]\nrun: {{",
            r"claims\.0\.beside must be mechanism\.term",
        ),
        (
            "role: pressure",
            "role: force",
            r"channels\.1 must not take acts .*israel -> IRN force.*ISR.*yaml:9",
        ),
        ("source: friends", "source: USA", r"channels\.1 must not take acts .*principals' own.*yaml:9"),
        (
            "source: friends",
            "source: IRN",
            r"channels\.1\.target must differ from the source, got IRN \(.*yaml:9",
        ),
        (
            "source: friends, target: IRN",
            "source: israel, target: israel",
            r"channels\.1\.target must differ",
        ),
        ("role: pressure", "role: talks, includes: [force]", r"channels\.1 must not take acts"),
        (
            "members: [ISR, SAU]",
            "members: [ISR, USA]",
            r"friends\.members must not hold a principal, got USA",
        ),
        ("friends", "any", r"parties\.any must not be any .*yaml:6"),
        ("members: [ISR, SAU]", "members: [any]", r"members must not be any"),
        ("principals: [USA, IRN]", "principals: [any, IRN]", r"principals must not be any"),
        ("friends: {", "principals: {", r"parties\.principals must not be any or principals"),
        ("sd: 0.5", "sd: 1.0e-300", r"sd must be at least 0\.0001"),
        ("as_of: 2020-01-17", "as_of: 9999-12-31", r"run\.as_of must be in the years 0001 to 9700"),
        ("fit_from: 1990-01-01", "fit_from: 2020-01-17", r"run\.fit_from must be before as_of"),
        ("partner: IRN", "partner: USA", r"agents\.0\.partner must be the other principal"),
        (
            "roles: [talks]",
            "roles: [talks], from: 2010-01-01, until: 2010-01-01",
            r"until must be after from",
        ),
    ],
)
def test_what_would_fail_later_is_refused_with_its_line(old: str, new: str, told: str) -> None:
    assert old in SOUND
    with pytest.raises(ArgumentError, match=told):
        argument_from_text(SOUND.replace(old, new))


def test_channels_apart_by_mode_or_action_are_sound() -> None:
    apart = "role: force, modes: [missile-strike]"
    argument_from_text(
        SOUND.replace(
            "source: friends, target: IRN, role: pressure", f"source: friends, target: IRN, {apart}"
        )
    )


def test_channels_that_only_one_scheme_tells_apart_are_refused_under_the_other() -> None:
    channels = tuple(ChannelSpec(source="friends", target="A", role=role) for role in ("force", "pressure"))
    argument = among_others(channels=channels)
    assert len(lay_out(argument, "detente").channels) == 13
    with pytest.raises(ArgumentError, match="Remove one, or give them actions, modes or members that differ"):
        lay_out(argument, "quad")
