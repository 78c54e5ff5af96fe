"""The streams of random numbers keep their numbers."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from detente.base.random import Branch, Stream, branch_seed, generator

NUMBERS = {
    "COEFFICIENTS": 0,
    "BOOTSTRAP": 0,
    "PIT": 0,
    "CHECKED_COUNTS": 0,
    "DISPERSIONS": 1,
    "RECENT_RATE": 2,
    "HALF_LIVES": 3,
    "LEDGER": 7,
    "SHIFTS": 16,
    "CHRONICLES": 20,
    "MEDIATORS": 13,
    "REFERENCE_RATES": 17,
    "WORLD_TOTALS": 0,
    "NEW_TERM": 0,
    "EVIDENCE": 0,
    "BARGAIN": None,
}


def test_no_stream_changes_its_number() -> None:
    assert {stream.name: stream.number for stream in Stream} == NUMBERS
    assert {branch.name: branch.number for branch in Branch} == {
        "DAYS": 11,
        "BLOCKS": 12,
        "PATHS": 13,
        "TOLD": 14,
    }


def test_every_stream_says_what_draws_from_it() -> None:
    uses = [one.use for one in (*Stream, *Branch)]
    assert all(uses)
    assert len(set(uses)) == len(uses)


@pytest.mark.parametrize("stream", [s for s in Stream if s.number is not None], ids=lambda s: s.name)
def test_a_generator_is_philox_keyed_by_seed_and_number(stream: Stream) -> None:
    assert stream.number is not None
    for seed, index in ((1, 0), (2**63 - 1, 0), (5, 40), (5, zlib.crc32(b"grievance.force"))):
        plain = np.random.Generator(np.random.Philox(key=[seed, stream.number + index]))
        assert generator(seed, stream, index).random(3).tolist() == plain.random(3).tolist()


def test_the_bargain_is_numpys_own_generator() -> None:
    assert generator(4, Stream.BARGAIN).random(3).tolist() == np.random.default_rng(4).random(3).tolist()


def test_a_branch_is_a_seed_of_its_own() -> None:
    plain = np.random.SeedSequence([9, 12, 4]).generate_state(1, np.uint64)[0]
    assert branch_seed(9, Branch.BLOCKS, 4) == int(plain >> np.uint64(1))
    seeds = {branch_seed(s, b, i) for s in (1, 2) for b in Branch for i in range(50)}
    assert len(seeds) == 2 * 4 * 50
    assert max(seeds) < 2**63
