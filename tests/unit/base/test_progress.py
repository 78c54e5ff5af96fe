"""What several threads have done, summed up."""

from __future__ import annotations

from detente.base.progress import Tally
from detente.base.workers import Threads


def test_a_tally_adds_what_every_thread_has_done() -> None:
    seen: list[int] = []
    tally = Tally(seen.append)

    def work(steps: int) -> None:
        tell = tally.part()
        for done in range(1, steps + 1):
            tell(done)

    Threads(4).map(work, [50] * 8)
    assert seen == list(range(1, 401))


def test_a_tally_without_a_callback_is_silent() -> None:
    Tally(None).part()(3)
