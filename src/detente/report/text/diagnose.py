"""What `detente diagnose` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.studies.diagnose.result import Checks


def told(result: Checks) -> str:
    """Return the checks in plain words, each with its number and its verdict."""
    value = result.to_dict()
    start, end = value["fit"]["window"]
    lines = [
        (
            f"{value['rivalry']}, argument {value['argument']}, as of {value['as_of']}: fitted {start} to {end}, "
            f"{value['fit']['acts_in_channels']:,} acts in channels; seed {value['seed']}, {value['futures']} futures "
            f"a block, {value['paths']:,} windows, detente {value['version']}."
        ),
        f"{value['outside']} of {value['checks']} checks leave their 99 % band; chance alone takes one in a hundred.",
        "All are made inside the fitted window: being inside is no proof of foresight (see docs/checks.md).",
    ]
    radius = value["spectral_radius"]
    lines += [
        "",
        (
            f"Spectral radius of the feedback at mean training memories: {radius['mode']:.2f} at the mode, "
            f"{radius['median']:.2f} ({radius['low']:.2f} to {radius['high']:.2f} with 90 %) over {radius['draws']} "
            f"posterior draws; {radius['at_or_above_one']:.1%} at 1 or above, where saturation alone ends bursts."
        ),
    ]
    for span, title in ((28, "PIT of 28-day totals"), (1, "PIT of one-day counts")):
        lines += [
            "",
            f"{title} (chance of a worse histogram under the model; largest gap and its 99 % limit)",
        ]
        for c in value["pit"]:
            if c["span_days"] == span:
                gaps = f"p {c['p']:.3f}  gap {c['distance']:.4f} of {c['distance_limit']:.4f}"
                lines.append(f"  {c['channel']:<34} {c['acts']:>6,} acts  {gaps}  {c['verdict']}")
    lines += [
        "",
        "Calibration: chance of at least one act, said and come true, all channels of the principals",
    ]
    for c in value["calibration"]:
        lines.append(f"  a {'day' if c['span_days'] == 1 else 'week'}: p {c['p']:.3f}  {c['verdict']}")
        for n, said, came in zip(c["forecasts"], c["chance"], c["observed"], strict=True):
            lines.append(f"    {n:>8,} forecasts  said {said:8.3%}  came {came / n:8.3%}")
    for span, word in ((7, "weeks"), (1, "days")):
        lines += [
            "",
            f"Rootograms: {word} with 0, 1, 2, ... acts (the last holds all above): seen / expected",
        ]
        for c in value["rootograms"]:
            if c["span_days"] == span:
                lines.append(f"  {c['channel']:<34} p {c['p']:.3f}  {c['verdict']}")
                cells = zip(c["observed"], c["expected"], strict=True)
                lines.append("    " + "  ".join(f"{seen:,.0f} / {mean:,.1f}" for seen, mean in cells))
    lines += ["", "Properties of the whole window: seen, 5 - 50 - 95 % of simulated windows, share with more"]
    for c in value["predictive"]:
        low, middle, high, p = ("-" if c[k] is None else _number(c[k]) for k in ("q5", "q50", "q95", "p"))
        seen = "-" if c["observed"] is None else _number(c["observed"])
        lines.append(f"  {c['name']:<22} {seen:>6}  {low} - {middle} - {high}  p {p}  {c['verdict']}")
    folded = (
        "Talks in the joint channel are never one-sided, in events or in futures: folding makes them so. One-sided are "
        "only the talks that stand in a directed channel."
        if value["folded"]
        else "Nothing folds talks in this class scheme: a talk is two-sided if one goes the other way the same day."
    )
    return "\n".join([*lines, "", folded])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 2 else f"{value:.3g}"
