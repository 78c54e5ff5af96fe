"""``detente claims`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import detente


def test_one_claim_opens_into_terms_variants_and_episodes(tmp_path: Path) -> None:
    told = detente("claims", "us-iran", "--explain", "M3", cwd=tmp_path).stdout
    assert told.startswith("M3: The order that only the military would answer held armed groups back. (¶ 3)")
    assert "Verdict: no power." in told
    for part in ("delegation.partners_force", "eras by channel", "generational clock", "2020-01-06"):
        assert part in told, part
    acts = detente("claims", "us-iran", "--explain", "E1", cwd=tmp_path).stdout
    assert acts.count("[") >= 2, "every act has its citation"


def test_the_same_as_data(tmp_path: Path) -> None:
    value = json.loads(detente("claims", "us-iran", "--explain", "M3", "--json", cwd=tmp_path).stdout)
    (row,) = value["claims"]
    assert (row["id"], row["kind"], row["paragraph"], row["verdict"]) == (
        "M3",
        "mechanism",
        [3],
        "no power",
    )
    judged = value["explained"]["judged"]
    assert judged["value"] == row["value"]
    assert judged["V"] == row["V"]
    assert {v["name"] for v in judged["variants"]} >= {
        "one level per era",
        "eras by channel",
        "free dynamics",
    }


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("us-iran", "--explain", "M99"), 4, "must be a claim of the argument, got M99"),
        (("us-iran", "--as-of", "2020-02-30"), 3, "2020-02-30"),
        (
            ("us-iran", "--argument", "baseline", "--principals", "USA,IRN", "--as-of", "2020-01-17"),
            4,
            "claims",
        ),
    ],
)
def test_a_mistake_is_told_without_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = detente("claims", *arguments, cwd=tmp_path, code=code)
    assert told in " ".join(done.stderr.split())
