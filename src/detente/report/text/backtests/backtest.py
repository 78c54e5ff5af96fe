"""What `detente backtest` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.report.languages.formats import iso_window
from detente.report.languages.language import _, word
from detente.report.text.actors import with_legend
from detente.report.text.first_line import head_line
from detente.report.text.numbers import percent, to

if TYPE_CHECKING:
    from detente.studies.scoring.backtest_result import Backtest, Bar, FanWindow
    from detente.studies.scoring.fan_wars import WarTarget
    from detente.studies.scoring.protocol import Protocol
    from detente.studies.scoring.rows_behind import RowsBehind

_SENTENCES = {
    "log_score": "mean over quarters of the summed log density of daily counts; higher is better",
    "difference": "argument minus baseline, nats a quarter; above 0 the argument is better",
    "densities": "negative binomial at the posterior mode and the declared half-lives (no draws); fans use one draw a "
    "future, its half-lives included where the argument gives a grid",
}


def text_of(result: Backtest) -> str:
    """Return a backtest: its fans, the rolling origin, the targets and the robustness."""
    value = result.to_dict()
    protocol, fans = value["protocol"], value["fans"]
    subject = head_line(value, "a backtest") if result.head else f"Argument {value['argument']}."
    out = [subject, f"Dates: {dates(result.protocol)}.", ""]
    counted = [w for w in fans["windows"] if not w["apart"]]
    if fans["windows"]:
        out.append(
            f"Fans: {len(counted)} two-year windows that count, {fans['intervals']} intervals of "
            f"{percent(protocol['interval'])}, {protocol['futures']:,} futures from seed {protocol['seed']}."
        )
        out.append(f"  {'model':<24}{'coverage':>10}{'windows resampled':>20}{'interval score':>16}")
        out += [
            f"  {m['name']:<24}{percent(m['coverage'], 1):>10}{resampled(m):>20}{m['interval_score']:>16.2f}"
            for m in (fans["by_model"] if counted else ())
        ]
        out.append("  window by window, coverage and interval score of the argument:")
        for window, w in zip(result.windows, fans["windows"], strict=True):
            own = w["by_model"][0]
            row = f"  {iso_window(w['start'], w['end'])}{percent(own['coverage']):>8}{own['interval_score']:>10.1f}"
            out.append(f"{row}  {apart(window)}".rstrip())
        out.append("")
    quarters = f"{len(protocol['origins'])} quarter{'s' * (len(protocol['origins']) > 1)}"
    out.append(
        f"Rolling origin: {quarters}, {protocol['origins'][0]} to {protocol['end']}, {_SENTENCES['densities']}."
    )
    out.append(f"  {'model':<24}{'log score a quarter':>20}   (higher is better)")
    out += [f"  {m['name']:<24}{m['log_score']:>20.3f}" for m in value["models"]]
    out.append(
        "  difference, nats a quarter, with its 90 % block-bootstrap interval (above 0: the argument is better)"
    )
    for row in value["differences"]:
        out.append(
            f"  against {row['against']:<24}{row['mean']:>+z8.3f}  {row['low']:+z.3f} to {row['high']:+z.3f}"
        )
        if "in_blocks" in row:
            out.append(f"    {in_blocks(row)}")
        for part, when in (("before_split", "before"), ("after_split", "from")):
            if part in row:
                r = row[part]
                which = f"{r['quarters']} quarters {when} {protocol['split']}"
                out.append(f"    {which:<28}{r['mean']:>+z8.3f}  {r['low']:+z.3f} to {r['high']:+z.3f}")
    out += ["", "Targets:"]
    for bar in result.bars():
        rests = f"; {turned(bar)}" if bar.turned_by else ""
        out.append(f"  {'met   ' if bar.met else 'MISSED'}  {target(bar)}: {reached(bar)}{rests}")
    for war in result.war_targets():
        out.append(
            f"  {'met   ' if war.met else 'MISSED'}  {war_target(war)}: {war_reached(war, result.wars())}"
        )
    if result.rows is not None:
        out += ["", hindsight(result.rows)]
    if value["robustness"]:
        out += [
            "",
            "Robustness:",
            f"  {'row':<30}{'coverage':>9}{'interval score':>16}{'log score':>11}  against ridge",
        ]
        for r in value["robustness"]:
            share = "–" if r["coverage"] is None else percent(r["coverage"], 1)
            score = "–" if r["interval_score"] is None else f"{r['interval_score']:.2f}"
            d = r["against_ridge"]
            out.append(
                f"  {r['name']:<30}{share:>9}{score:>16}{r['log_score']:>11.3f}"
                f"  {d['mean']:+z.3f} ({d['low']:+z.3f} to {d['high']:+z.3f})"
            )
    return with_legend("\n".join(out), value.get("rivalry"))


def dates(protocol: Protocol) -> str:
    """Return how the days of a protocol were chosen."""
    if protocol.fixed:
        return "fixed in the repository"
    how = "derived from the coverage: first third for the first fit, then every whole quarter, ten even fan dates"
    return how if protocol.fan_dates else f"{how} (too short for a two-year fan)"


def apart(window: FanWindow) -> str:
    """Return why a window does not count; empty if it does."""
    if window.apart == "break":
        return f"crosses the break of {window.crossed}, not known at its start"
    return "reported, without a target" if window.apart else ""


def target(bar: Bar) -> str:
    """Return what the protocol asks for."""
    low, high = bar.target
    if bar.kind == "coverage":
        return _("fans cover {low} to {high}").format(low=percent(low or 0.0), high=percent(high or 0.0))
    if bar.kind == "interval score":
        return _("mean interval score not above {against}").format(against=word(bar.against))
    return _("lower limit against {against} above {low} nats a quarter").format(
        against=word(bar.against), low=f"{low:z.2f}"
    )


def reached(bar: Bar) -> str:
    """Return the value that is compared with a target."""
    if bar.kind == "coverage":
        return percent(bar.value, 1)
    if bar.kind != "interval score":
        return f"{bar.value:+z.3f}"
    return _("{value} against {other}").format(value=f"{bar.value:z.2f}", other=f"{bar.target[1]:z.2f}")


def turned(bar: Bar) -> str:
    """Return which windows decide alone whether a target is met; empty if none does."""
    if not bar.turned_by:
        return ""
    days = ", ".join(start.isoformat() for start in bar.turned_by)
    what = "missed" if bar.met else "met"
    if len(bar.turned_by) == 1:
        return f"rests on one window: without that of {days} it would be {what}"
    return f"without any one of the windows of {days} it would be {what}"


def war_target(found: WarTarget) -> str:
    """Return what is asked of wars and crises in futures."""
    low, high = found.target
    if found.kind == "deadly":
        shares = to(percent(low, 1), percent(high, 1))
        return f"{shares} of two-year futures hold 1,000 deaths between the two, as in other rivalries"
    if found.kind == "deadly_without":
        return f"at most {percent(high, 1)} of futures hold 1,000 deaths and no day of hostilities"
    return f"share of days in crisis within {100 * high:.0f} points of what happened"


def war_reached(found: WarTarget, mean: Mapping[str, float]) -> str:
    """Return the mean over fan dates that is compared with a target."""
    if found.kind == "crisis_days":
        ahead, seen = (percent(mean[name], 1) for name in ("crisis_days", "crisis_days_observed"))
        return f"{ahead} in futures, {seen} in what happened"
    if found.kind == "deadly":
        fought, seen = percent(mean["hostilities"], 1), percent(mean["hostilities_observed"])
        return f"{percent(found.value, 2)}; hostilities in {fought} of futures and {seen} of windows"
    return percent(found.value, 2)


def resampled(row: dict[str, Any]) -> str:
    """Return the interval of a coverage when windows are resampled; a dash if there are too few."""
    found = row["coverage_interval"]
    return "–" if found is None else to(percent(found[0]), percent(found[1]))


def in_blocks(row: dict[str, Any]) -> str:
    """Return the interval of a difference in longer blocks, and who is ahead by it."""
    found = row["in_blocks"]
    text = f"in blocks of {found['block']} quarters {found['low']:+z.3f} to {found['high']:+z.3f}"
    if found["high"] < 0:
        return f"{text}: {row['against']} is ahead"
    return f"{text}: {'the argument is ahead' if found['low'] > 0 else 'neither is surely ahead'}"


def hindsight(rows: RowsBehind) -> str:
    """Return what the compilers of the rows knew, and how many rows nobody checked."""
    said = ""
    if rows.compiled is not None:
        said = (
            f"The rows were chosen in {rows.compiled}, by people who knew what had happened until then: which acts of "
            "the past are on record may depend on what followed them, and no score here is free of that. "
        )
    acts = f"{rows.acts:,} acts before {rows.before}"
    if rows.unchecked is None:
        return f"{said}Nothing says how many of the {acts} were checked against a source."
    share = rows.unchecked / rows.acts if rows.acts else 0.0
    return (
        f"{said}Of the {acts}, {rows.unchecked:,} ({percent(share)}) rest on general knowledge and were not checked "
        "against a page."
    )


def add_sentences(value: dict[str, Any], result: Backtest) -> None:
    """Add how the days were chosen, what the scores mean, why windows do not count, and the targets in words."""
    value["protocol"]["sentences"] = {"dates": dates(result.protocol)} | _SENTENCES
    for row, window in zip(value["fans"]["windows"], result.windows, strict=True):
        row["sentences"] = {"apart": apart(window)}
    mean = result.wars()
    for row, war in zip(value["fans"]["wars"]["targets"], result.war_targets(), strict=True):
        row["sentences"] = {"asked": war_target(war), "got": war_reached(war, mean)}
    for row, bar in zip(value["bars"], result.bars(), strict=True):
        row["sentences"] = {"asked": target(bar), "got": reached(bar), "turned": turned(bar)}
    for row in value["differences"]:
        row["sentences"] = {"in_blocks": in_blocks(row) if "in_blocks" in row else ""}
    value["sentences"] = {"hindsight": "" if result.rows is None else hindsight(result.rows)}
