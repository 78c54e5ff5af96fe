"""What `detente crisis` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.text.numbers import share

if TYPE_CHECKING:
    from detente.studies.bargain.crisis import CrisisStudy
    from detente.studies.bargain.crisis_game import Equilibrium

_HEAD = "  resists  challenges  fights  status quo  concession  war      backing down"


def text_of(result: CrisisStudy) -> str:
    """Return every equilibrium of the game, over the ranges too, and along a payoff."""
    lines = [
        f"{game(result)}: {', '.join(f'{k} {v:g}' for k, v in vars(result.stakes).items())}.",
        "A is the challenger and B the target; payoffs are in standard deviations of what each keeps to itself.",
        "",
        f"{len(result.found)} {'equilibrium' if len(result.found) == 1 else 'equilibria'}",
        _HEAD,
        *map(_row, result.found),
    ]
    if len(result.found) > 1:
        lines += [
            "",
            "The payoffs do not say which one is played: a forecast from one of them alone would be a guess.",
        ]
    if result.war is not None:
        counted = ", ".join(f"{n} in {draws:,}" for n, draws in result.counts.items())
        low, high = result.war
        lines += [
            "",
            (
                f"Over the ranges ({len(result.spread):,} draws, seed {result.seed}) the number of equilibria is "
                f"{counted}; the probability of war is between {share(low)} and {share(high)}."
            ),
        ]
        if max(result.counts) > 1:
            lines.append("So the number of equilibria depends on payoffs that are not known.")
    for value, found in result.swept:
        lines += ["", f"{result.moved} {value:g}", *map(_row, found)]
    return "\n".join(lines)


def game(result: CrisisStudy) -> str:
    """Return who plays, and where the payoffs come from."""
    if result.players is None:
        return "payoffs as given"
    challenger, target = result.players
    return f"{challenger} challenges {target}, argument {result.argument}, as of {result.as_of}, medians"


def _row(e: Equilibrium) -> str:
    return (
        f"  {share(e.resists):7}  {share(e.challenges):10}  {share(e.fights):6}  {share(e.status_quo):10}  "
        f"{share(e.concession):10}  {share(e.war):7}  {share(e.backing_down)}"
    )


def add_sentences(value: dict[str, Any], result: CrisisStudy) -> None:
    """Add who plays."""
    value["sentences"] = {"told": game(result)}
