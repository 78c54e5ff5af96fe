"""What `detente crisis` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.studies.bargain.crisis_game import Equilibrium


def _row(e: Equilibrium) -> str:
    return (
        f"  {e.resists:.5f}  {e.challenges:.5f}     {e.fights:.5f}  {e.status_quo:.5f}     {e.concession:.5f}     "
        f"{e.war:.5f}  {e.backing_down:.5f}"
    )
