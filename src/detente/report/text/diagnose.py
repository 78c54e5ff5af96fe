"""What `detente diagnose` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.languages.formats import iso_window
from detente.report.languages.language import _, for_later, word
from detente.report.text.actors import with_legend
from detente.report.text.first_line import head_line
from detente.report.text.numbers import of_count, percent, share

if TYPE_CHECKING:
    from detente.studies.diagnose.result import Calibration, Checks, Pit, Predictive, Rootogram

    Check = Pit | Calibration | Rootogram | Predictive

COUNTED = {
    "acts": for_later("acts between the principals in all"),
    "largest week": for_later("acts in the week with most of them"),
    "largest four weeks": for_later("acts in the block of 28 days with most of them"),
    "quiet weeks": for_later("share of weeks without an act between the principals"),
    "runs of force": for_later("runs of consecutive weeks with force between the principals"),
    "longest run of force": for_later("weeks in the longest such run"),
    "one-sided talks": for_later(
        "share of CONSULT and AGREE acts between the principals that are in one direction only"
    ),
}
"""What each property of a whole window counts."""


def text_of(result: Checks) -> str:
    """Return the checks in plain words, each with its number and its verdict."""
    value = result.to_dict()
    add_sentences(value, result)
    fitted = iso_window(*value["fit"]["window"])
    lines = [
        head_line(
            value,
            f"fitted {fitted}, {value['fit']['acts_in_channels']:,} acts in channels on these days",
            f"{value['futures']} futures a block, {value['paths']:,} windows from seed {value['seed']}",
        ),
        f"{value['outside']} of {value['checks']} checks leave their 99 % band; chance alone takes one in a hundred.",
        "All are made inside the fitted window: being inside is no proof of foresight (see docs/checks.md).",
    ]
    radius = value["spectral_radius"]
    lines += [
        "",
        (
            f"Spectral radius: in a burst each act brings on {radius['mode']:.2f} further acts, at the mode and the "
            f"mean memories of the fitted days ({radius['mode_last_year']:.2f} at those of the last year); over "
            f"{radius['draws']:,} posterior draws {radius['median']:.2f} ({radius['low']:.2f} to {radius['high']:.2f}, "
            f"90 %). {percent(radius['at_or_above_one'], 1)} of draws are at 1 or more, where a burst ends only "
            "because memories saturate."
        ),
    ]
    for span, title in ((28, "PIT of 28-day totals"), (1, "PIT of one-day counts")):
        lines += [
            "",
            f"{title} (chance of a worse histogram under the model; largest gap and its 99 % limit)",
        ]
        for c in value["pit"]:
            if c["span_days"] == span:
                gaps = f"p {share(c['p'])}  gap {c['distance']:.4f} of {c['distance_limit']:.4f}"
                lines.append(
                    f"  {c['channel']:<34} {c['acts']:>6,} acts  {gaps}  {c['sentences']['verdict']}"
                )
    lines += [
        "",
        "Calibration: probability of at least one act, forecast and observed, all channels of the principals",
    ]
    for c in value["calibration"]:
        lines.append(
            f"  a {'day' if c['span_days'] == 1 else 'week'}: p {share(c['p'])}  {c['sentences']['verdict']}"
        )
        for n, chance, seen in zip(c["forecasts"], c["chance"], c["observed"], strict=True):
            lines.append(
                f"    {n:>8,} forecasts  forecast {percent(chance, 3):>10}  observed {percent(seen / n, 3):>10}"
            )
    for span, spans in ((7, "weeks"), (1, "days")):
        lines += [
            "",
            f"Rootograms: {spans} with 0, 1, 2, ... acts (the last holds all above): observed / expected",
        ]
        for c in value["rootograms"]:
            if c["span_days"] == span:
                lines.append(f"  {c['channel']:<34} p {share(c['p'])}  {c['sentences']['verdict']}")
                cells = zip(c["observed"], c["expected"], strict=True)
                lines.append("    " + "  ".join(f"{seen:,.0f} / {mean:,.1f}" for seen, mean in cells))
    lines += [
        "",
        "Properties of the whole window: observed, 5 - 50 - 95 % of simulated windows, share with more",
    ]
    for c in value["predictive"]:
        low, middle, high, p = ("-" if c[k] is None else _number(c[k]) for k in ("q5", "q50", "q95", "p"))
        seen = "-" if c["observed"] is None else _number(c["observed"])
        lines.append(
            f"  {c['name']:<22} {seen:>6}  {low} - {middle} - {high}  p {p}  {c['sentences']['verdict']}"
        )
    folded = (
        "Talks in the joint channel are never one-sided, in events or in futures: folding makes them so. Only talks "
        "in a directed channel are one-sided."
        if value["folded"]
        else "No act is folded in this class scheme: a CONSULT or AGREE is two-sided if one goes the other way then."
    )
    return with_legend("\n".join([*lines, "", folded]), value["rivalry"])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 2 else f"{value:.3g}"


def verdict(check: Check) -> str:
    """Return in words whether a check lies in its band, and how far outside it is."""
    from detente.studies.diagnose.result import check_verdict

    code = check_verdict(check)
    if code == "outside":
        return _("outside the band: {how}").format(how=_outside(check))
    return _("inside its 99 % band") if code == "inside" else word(code)


def _outside(check: Check) -> str:
    from detente.studies.diagnose import result

    match check:
        case result.Pit():
            return _outside_pit(check)
        case result.Calibration():
            worst = check.acts.outside[0]
            n, chance = check.forecasts[worst], check.chance[worst]
            seen, low, high = (x[worst] / n for x in (check.acts.observed, check.acts.low, check.acts.high))
            return _("forecast {forecast}, observed {seen} ({low} to {high})").format(
                forecast=_percent(chance), seen=_percent(seen), low=_percent(low), high=_percent(high)
            )
        case result.Rootogram():
            return _outside_rootogram(check)
    low, high = check.quantile((1 - result.LEVEL) / 2), check.quantile((1 + result.LEVEL) / 2)
    said = (
        _("more than in 99 % of simulated windows ({low:.4g} to {high:.4g})")
        if check.observed > high
        else _("less than in 99 % of simulated windows ({low:.4g} to {high:.4g})")
    )
    return said.format(low=low, high=high)


def _outside_pit(check: Pit) -> str:
    worst = check.bars.outside[0]
    bars = len(check.bars.observed)
    return _(
        "{seen:.1f} of {counts:,} counts fell into the tenth {start:.1f} to {end:.1f} of their distribution, the model "
        "expects {expected:.1f} ({low:.1f} to {high:.1f})"
    ).format(
        seen=check.bars.observed[worst],
        counts=check.times,
        start=worst / bars,
        end=(worst + 1) / bars,
        expected=check.bars.expected[worst],
        low=check.bars.low[worst],
        high=check.bars.high[worst],
    )


def _outside_rootogram(check: Rootogram) -> str:
    k = check.times.outside[0]
    last = k == len(check.times.observed) - 1
    acts = _("{n} or more acts").format(n=k) if last else of_count(k, "act")
    said = (
        _("{seen:.0f} days had {acts}, the model expects {expected:.1f} ({low:.1f} to {high:.1f})")
        if check.span_days == 1
        else _("{seen:.0f} weeks had {acts}, the model expects {expected:.1f} ({low:.1f} to {high:.1f})")
    )
    return said.format(
        seen=check.times.observed[k],
        acts=acts,
        expected=check.times.expected[k],
        low=check.times.low[k],
        high=check.times.high[k],
    )


def _percent(share: float) -> str:
    return percent(share, 1)


def add_sentences(value: dict[str, Any], result: Checks) -> None:
    """Add to each check its verdict in words, and what a property counts."""
    checks: dict[str, tuple[Check, ...]] = {
        "pit": result.pits,
        "calibration": result.calibrations,
        "rootograms": result.rootograms,
        "predictive": result.predictive,
    }
    for name, found in checks.items():
        for row, check in zip(value[name], found, strict=True):
            row["sentences"] = {"verdict": verdict(check)}
    for row in value["predictive"]:
        says = COUNTED[row["name"]]
        row["sentences"]["says"] = _(says)
