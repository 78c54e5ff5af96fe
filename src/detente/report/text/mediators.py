"""What `detente mediators` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.languages.formats import listed
from detente.report.languages.language import _
from detente.report.text.actors import legend, named
from detente.report.text.first_line import head_line

if TYPE_CHECKING:
    from detente.studies.whatif.mediators import Mediators

FORMULA = (
    "sqrt(smaller tie) * record; tie = 1 / (1 + exp(-(cooperation - conflict) / scale)); "
    "record = (1 + R) / (2 + R)"
)
_NAMED = 12  # actors not ranked that are named
_ACTS = 3  # acts shown behind each rank


def text_of(result: Mediators) -> str:
    """Return the ranks in one table, with the weightiest acts behind each."""
    value = result.to_dict()
    sides = list(value["mediators"][0]["ties"]) if value["mediators"] else []
    head = head_line(value, f"{value['draws']:,} draws from seed {value['seed']}")
    formula = (
        f"Suitability = {FORMULA}; half-lives {value['tie_half_life_days']:,.0f} days for ties, "
        f"{value['record_half_life_days']:,.0f} for the record. A tie of 0.50 is no tie, a record of 0.50 none."
    )
    say = named(result.case)
    if not result.standings:
        lines = [head, nobody_text(result), who_ranks_text(), *_not_ranked(result)]
        return "\n".join(filter(None, lines))
    wide = max((len(say(m["actor"])) for m in value["mediators"]), default=4) + 2
    lines = [head, *filter(None, [legend(result.case, sides)]), formula, who_ranks_text()]
    if not any(m["mediations"] for m in value["mediators"]):
        lines.append("No known act is coded as mediation, so the ranks rest on the ties alone.")
    lines += [
        "",
        f"{'rank':>4} {'90 %':>8}  {'actor':<{wide}}{'suitability':>12}"
        + "".join(f"{'tie ' + side:>10}" for side in sides)
        + f"{'warmth':>8}{'balance':>9}{'record':>8}",
    ]
    for m in value["mediators"]:
        span = f"{m['low']} to {m['high']}"
        lines.append(
            f"{m['rank']:>4} {span:>8}  {say(m['actor']):<{wide}}{m['suitability']:>12.3f}"
            + "".join(f"{m['ties'][side]:>10.2f}" for side in sides)
            + f"{m['warmth']:>8.2f}{m['balance']:>9.2f}{m['record']:>8.2f}"
        )
        lines += [
            f"{'':>15}{act['date']} {act['source']} -> {act['target']} {act['action']}"
            f"{' ' + act['mode'] if act.get('mode') else ''}, {act['counts']} {act['weight']:+z.2f}"
            for act in m["acts"][:_ACTS]
        ]
        if len(m["acts"]) > _ACTS:
            lines.append(f"{'':>15}and {len(m['acts']) - _ACTS} more")
    thin = [say(m["actor"]) for m in value["mediators"] if not m["on_record"]]
    if thin:
        every = len(thin) == len(value["mediators"])
        lines += ["", f"{thin_ties(result)}{'' if every else ': ' + ', '.join(thin)}."]
    if value["unseen"]:
        lines += ["", f"No act known by then of {', '.join(map(say, value['unseen']))}."]
    lines += _not_ranked(result)
    lines += ["", f"Interval: {interval(result)}."]
    return "\n".join(lines)


def who_ranks_text() -> str:
    """Return who can be ranked."""
    return _(
        "Who can be ranked: the third parties that the argument declares, as members of a channel of good offices; "
        "where it declares none, other actors that did an act coded as mediation and are on no side. Victims of acts "
        "and those who only fight are no mediators."
    )


def nobody_text(result: Mediators) -> str:
    """Return that nobody can be ranked, and why; empty if somebody can, or the declared ones never acted."""
    if result.standings:
        return ""
    if result.unseen:
        return _(
            "Nobody can be ranked: no act of the declared third parties with either of the two was known by then."
        )
    return _(
        "Nobody can be ranked: the argument declares no third party, and in these data no act of another actor toward "
        "the two is coded as mediation. Whether somebody could mediate cannot be told from them."
    )


def not_ranked_text(result: Mediators) -> str:
    """Return which other actors are not ranked; empty if there are none."""
    if not result.not_ranked:
        return ""
    shown = listed([named(result.case)(code) for code in result.not_ranked[:_NAMED]])
    more = len(result.not_ranked) - _NAMED
    if more > 0:
        return _("Not ranked, since no act of mediation is known of them: {actors}, and {n} more.").format(
            actors=shown, n=f"{more:,}"
        )
    return _("Not ranked, since no act of mediation is known of them: {actors}.").format(actors=shown)


def _not_ranked(result: Mediators) -> list[str]:
    said = not_ranked_text(result)
    return ["", said] if said else []


def thin_ties(result: Mediators) -> str:
    """Return of which third parties no rank can be read."""
    from detente.studies.whatif.mediators import LEAST_ACTS

    said = (
        _(
            "Of these third parties too little is on record to rely on the rank (fewer than {n} acts with one of the "
            "principals; a tie of 0.50 is then a gap in the record)"
        )
        if any(s.on_record for s in result.standings)
        else _(
            "Of all of these too little is on record to rely on the rank (fewer than {n} acts with one of the "
            "principals; a tie of 0.50 is then a gap in the record)"
        )
    )
    return said.format(n=LEAST_ACTS)


def interval(result: Mediators) -> str:
    """Return what the interval of a rank is."""
    from detente.studies.whatif.mediators import FACTOR

    return _(
        "central 90 % of ranks over {draws} draws: each act reweighted (Bayesian bootstrap), both half-lives times a "
        "factor from {low:g} to {high:g}"
    ).format(draws=f"{result.draws:,}", low=1 / FACTOR, high=FACTOR)


def add_sentences(value: dict[str, Any], result: Mediators) -> None:
    """Add the formula of suitability, and what the interval of a rank is."""
    value["sentences"] = {
        "formula": FORMULA,
        "interval": interval(result),
        "thin_ties": thin_ties(result),
    } | {
        "rule": who_ranks_text(),
        "nobody": nobody_text(result),
        "not_ranked": not_ranked_text(result),
    }
