"""What seventeen commands say of the essay, kept: a change here is a change of results and belongs in the changelog.

`make golden` rewrites what is kept. Floats are compared to six digits; seconds, the version and every string of more
than three words are left out, so that a sentence may be put better without a change of results.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from command_line import detente

KEPT = Path(__file__).with_name("commands")
DIGITS, WORDS = 6, 3
AS_OF = ("--as-of", "2020-01-17")
SEEDED = ("--seed", "1")
RUN = (*SEEDED, "--threads", "2", "--futures", "100")
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "us-iran", "--days", "730", *AS_OF, *RUN),
    "analogues": ("analogues", "us-iran", "--no-cache", *AS_OF),
    "ask": ("ask", "us-iran", "IRN->USA ASSAULT deaths>=1 within 90d", *AS_OF, *RUN),
    "claims": ("claims", "us-iran", "--no-cache", *AS_OF, *RUN),  # a comparison that is kept would be told
    "forecasts": ("forecasts", "us-iran", *AS_OF, *RUN),
    "whatif": ("whatif", "us-iran", "--lever", "relief=0.33@30", *AS_OF, *RUN),
    "unlock": ("unlock", "us-iran", "--no-beside", *AS_OF, *SEEDED, "--threads", "2"),
    "mediators": ("mediators", "us-iran", *AS_OF),
    "bargain": ("bargain", "us-iran", "--draws", "2000", *AS_OF, *SEEDED),
    "crisis": ("crisis", "us-iran"),
    "clocks": ("clocks", "us-iran", *AS_OF),
    "phases": ("phases", "us-iran"),
    "diff": ("diff", "us-iran", "2020-01-02", "2020-01-17", *RUN),
    "exercise": ("exercise", "us-iran", "--days", "90", "--futures", "100", *AS_OF, *SEEDED),
    "events": ("events", "us-iran", "--count", "year"),
    "mechanisms": ("mechanisms",),
    "schema": ("schema",),
}


def rounded(value: Any) -> Any:
    """Return a result without what may change from run to run, or with every wording."""
    if isinstance(value, dict):
        gone = {"seconds", "version"}
        if "base_rates" in value or "notes" in value:
            gone.add("record")  # that of a question belongs to one state of the code
        return {
            key: rounded(part)
            for key, part in value.items()
            if key not in gone and not key.endswith("_seconds")
        }
    if isinstance(value, list):
        return [rounded(part) for part in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, str) and len(value.split()) > WORDS:
        return "…"
    return value


def result_of(name: str) -> Any:
    """Run a command and return its JSON, rounded."""
    flags = () if name == "schema" else ("--json",)
    return rounded(json.loads(detente(*COMMANDS[name], *flags).stdout))


def differences(kept: Any, now: Any, at: str = "") -> Iterator[str]:
    """Yield where two rounded results differ: the path, what was kept and what is there now."""
    if isinstance(kept, dict) and isinstance(now, dict):
        for key in sorted(kept.keys() | now.keys()):
            if key not in now or key not in kept:
                yield f"{at}.{key} {'is gone' if key in kept else 'is new'}"
            else:
                yield from differences(kept[key], now[key], f"{at}.{key}")
    elif isinstance(kept, list) and isinstance(now, list) and len(kept) == len(now):
        for i, (one, other) in enumerate(zip(kept, now, strict=True)):
            yield from differences(one, other, f"{at}[{i}]")
    elif kept != now or type(kept) is not type(now):
        yield f"{at}: {kept!r:.80} is now {now!r:.80}"


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_said(name: str) -> None:
    path = KEPT / f"{name}.json"
    assert path.exists(), f"{path} is not there: run `make golden`"
    found = list(differences(json.loads(path.read_text(encoding="utf-8")), result_of(name), name))
    told = "\n".join(found[:40])
    assert not found, (
        f"{len(found)} differences; if they are meant, run `make golden` and add a line to the changelog that names "
        f"which numbers moved and why\n{told}"
    )


def test_nothing_is_kept_that_no_command_gives() -> None:
    assert {path.stem for path in KEPT.glob("*.json")} <= COMMANDS.keys()


def test_a_difference_is_seen_unless_it_is_seconds_or_a_sentence() -> None:
    kept = {
        "p": 0.1234561,
        "n": [1, 2],
        "digest": "ab12",
        "seconds": 1.0,
        "words": "it may well come",
        "a": {},
    }
    same = {"p": 0.1234559, "fit_seconds": 2.0, "version": "2", "words": "it comes at all costs"}
    assert not list(differences(rounded(kept), rounded(kept | same)))
    for change, told in (
        ({"p": 0.12346}, ".p: 0.123456 is now 0.12346"),
        ({"n": [1, 3]}, ".n[1]: 2 is now 3"),
        ({"n": [1]}, ".n: [1, 2] is now [1]"),
        ({"digest": "ab13"}, ".digest: 'ab12' is now 'ab13'"),
        ({"a": {"b": 1}}, ".a.b is new"),
        ({"p": None}, ".p: 0.123456 is now None"),
    ):
        assert list(differences(rounded(kept), rounded(kept | change))) == [told]
    assert list(differences({"a": 1}, {})) == [".a is gone"]


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    for name in COMMANDS:
        text = json.dumps(result_of(name), indent=1, ensure_ascii=False)
        (KEPT / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        sys.stdout.write(f"wrote {name}.json\n")
