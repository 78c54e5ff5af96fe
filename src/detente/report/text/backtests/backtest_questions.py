"""What `detente backtest --questions` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.report.text.actors import with_legend
from detente.report.text.first_line import head_line
from detente.report.text.numbers import percent

if TYPE_CHECKING:
    from detente.studies.scoring.question_backtest import QuestionBacktest

FORECASTERS = {
    "all": "base rate, all earlier windows",
    "four_years": "base rate, last four years",
    "type": "frequency of the type",
}
"""The forecasters beside the argument, in words."""
_REASONS = {
    "ambiguous": "ambiguous",
    "not_yet": "not yet settled",
    "unstable": "refused (--allow-unstable scores them)",
    "not_modelled": "not modelled by the argument",
    "no_base_rate": "without a base rate",
}
_SKILL = (
    "Skill: how much lower the Brier score is than that of the better base rate, as a share of it; above 0 the "
    "argument is better. Intervals hold 90 % of resampled dates, in blocks of two years."
)
_SEPARATE = (
    "Separate: windows that do not overlap, summed over questions. Questions asked on one day depend on each other, "
    "too, so they are worth fewer."
)
_SCORES = (
    "Log: minus the log of the probability given to what happened, held within .005 and .995; lower is better. Slope: "
    "1 if probabilities are as far from one half as they should be, below 1 if too far. AUC: the chance that a case "
    "that happened had a higher probability than one that did not."
)
_NOTES = (_SKILL, _SEPARATE, _SCORES)


def text_of(result: QuestionBacktest) -> str:
    """Return a backtest of questions: the answer, the tables, the targets."""
    value = result.to_dict()
    lines = [head_line(value, "a backtest of questions"), questions_asked(value), ""]
    decades = [row["from"] for row in value["forecasters"][0]["by_decade"]]
    columns = "".join(f"{f'{decade}s':>8}" for decade in decades)
    lines.append(f"{'forecaster':<32}{'Brier':>7}{columns}{'log':>8}  {'skill':<24}{'slope':>6}{'AUC':>6}")
    for row in value["forecasters"]:
        parts = "".join(f"{three(part['brier']):>8}" for part in row["by_decade"])
        lines.append(
            f"{forecaster(row['name'], value):<32}{three(row['brier']):>7}{parts}{three(row['log']):>8}  "
            f"{'(the better base rate)' if row['reference'] else skill_text(row['skill']):<24}"
            f"{two(row['calibration_slope']):>6}{two(row['auc']):>6}"
        )
    for title, rows, name in (
        ("horizon", value["by_horizon"], lambda row: f"{row['horizon']} days"),
        ("type", value["by_type"], lambda row: row["type"]),
        ("question", value["by_question"], lambda row: row["ask"]),
    ):
        lines += ["", _group_head(title), *(_group_row(name(row), row) for row in rows)]
    lines += ["", f"{'probability':<16}{'cases':>7}{'mean':>8}{'happened':>10}"]
    lines += [
        f"{bin_text(row):<16}{row['cases']:>7,}{two(row['probability']):>8}{two(row['frequency']):>10}"
        for row in value["reliability"]
    ]
    lines += ["", "Targets:"]
    lines += [
        f"  {met_word(row):<13}{question_target(row)}: {question_reached(row)}" for row in value["targets"]
    ]
    told = with_legend("\n".join([*lines, "", *_NOTES]), value.get("rivalry"))
    return f"{question_summary(value)}\n\n{told}"


def question_summary(value: Mapping[str, Any]) -> str:
    """Return what a reader needs first: how good the forecasts were beside the better base rate, and what they miss."""
    told = " ".join(filter(None, [_compared(value), _better(value)]))
    refused, dates = len(value["unstable"]), len(value["protocol"]["dates"])
    if not refused:
        return told
    return f"{told} On {refused:,} of {dates:,} dates the argument was refused: bursts of acts would grow without end."


def _compared(value: Mapping[str, Any]) -> str:
    overall, (ours, *others) = value["overall"], value["forecasters"]
    if not overall["cases"]:
        return "No past question could be scored."
    reference = next(row for row in others if row["reference"])
    cases = f"{overall['cases']:,} past question{'s' * (overall['cases'] != 1)}"
    found, scores = (
        overall["skill"],
        f"Brier score {three(ours['brier'])} against {three(reference['brier'])}",
    )
    if found["mean"] is None:
        return f"Over {cases} the better base rate made no error; the argument's Brier score is {three(ours['brier'])}."
    way = "better" if found["mean"] > 0 else "worse"
    if found["low"] is None:
        interval = "too few dates for an interval"
    else:
        low, high = found["low"], found["high"]
        ends = (low, high) if found["mean"] > 0 else (-high, -low)
        interval = f"90 % interval {_signed(ends[0])} to {_signed(ends[1])}"
        if low <= 0 <= high:
            interval += ": no clear difference"
    forecasts = f"the forecasts of {value['argument']} were {percent(abs(found['mean']))} {way}"
    rate = FORECASTERS[reference["name"]].removeprefix("base rate, ")
    return f"Over {cases} {forecasts} than the better base rate, {rate} ({interval}): {scores}."


def _better(value: Mapping[str, Any]) -> str:
    """Return which simple forecast beat the argument most, if one did that the comparison does not name."""
    ours, *others = value["forecasters"]
    beat = [
        row for row in others if None not in (row["brier"], ours["brier"]) and row["brier"] < ours["brier"]
    ]
    best = min(beat, key=lambda row: row["brier"], default=None)
    if best is None or best["reference"]:
        return ""
    return f"A simple forecast was better still: {FORECASTERS[best['name']]}, with {three(best['brier'])}."


def questions_asked(value: Mapping[str, Any]) -> str:
    """Return how many cases there are, from which dates, and what was left out."""
    protocol, overall = value["protocol"], value["overall"]
    dates = protocol["dates"]
    where = (
        "declared by the rivalry"
        if protocol["days_from"] == "rivalry"
        else "after the first third of the coverage"
    )
    days = dates[0] if len(dates) == 1 else f"{len(dates):,} dates from {dates[0]} to {dates[-1]}"
    text = (
        f"{len(protocol['questions'])} questions on {days}, {where}; {protocol['futures']:,} futures each, from seed "
        f"{protocol['seed']}. {overall['cases']:,} cases, {overall['separate']:,} separate windows."
    )
    left = [f"{count:,} {_REASONS[name]}" for name, count in value["left_out"].items() if count]
    text += f" Left out: {', '.join(left)}." if left else ""
    early = len(protocol["too_early"])
    return text + (f" {early:,} earlier date{'s' * (early > 1)} had too little data to fit." if early else "")


def forecaster(name: str, value: Mapping[str, Any]) -> str:
    """Return the name of a forecaster in words."""
    return FORECASTERS.get(name) or f"argument {value['argument']}"


def skill_text(found: Mapping[str, Any]) -> str:
    """Return a skill with its interval.

    Examples
    --------
    >>> (
    ...     skill_text({"mean": 0.183, "low": 0.09, "high": 0.26}),
    ...     skill_text({"mean": None, "low": None, "high": None}),
    ... )
    ('+0.18 (+0.09 to +0.26)', '–')
    """
    if found["mean"] is None:
        return "–"
    interval = "" if found["low"] is None else f" ({found['low']:+.2f} to {found['high']:+.2f})"
    return f"{found['mean']:+.2f}{interval}"


def bin_text(row: Mapping[str, Any]) -> str:
    """Return the probabilities of a tenth.

    Examples
    --------
    >>> bin_text({"low": 0.3, "high": 0.4})
    '.3 to .4'
    """
    return (
        f"{row['low']:.1f} to {row['high']:.1f}".replace("0.", ".")
        .replace(".0 to", "0 to")
        .replace("1.0", "1")
    )


def question_target(row: Mapping[str, Any]) -> str:
    """Return what a target asks for."""
    low, high = row["target"]
    if row["kind"] == "skill":
        return f"skill over all cases at least {low:.2f}"
    if row["kind"] == "skill of horizon":
        return f"skill at {row['of']} days above 0"
    if row["kind"] == "skill of type":
        return f"skill on {row['of']} above 0"
    if row["kind"] == "slope":
        return f"calibration slope {low:.1f} to {high:.1f}"
    return f"{row['of']}: mean probability within a factor of {row['factor']:g} of how often it happened"


def question_reached(row: Mapping[str, Any]) -> str:
    """Return what was found of a target."""
    if row["kind"] == "frequency":
        if row["met"] is None:
            return f"{two(row['value'])}, and it never happened"
        return f"{two(row['value'])} against {two(row['beside'])}"
    if row["value"] is None:
        return "too few cases of yes or no"
    if row["kind"] == "slope":
        return f"{row['value']:.2f}"
    if row["interval"] is None:
        return f"{row['value']:+.2f}, too few dates for an interval"
    low, high = row["interval"]
    return f"{row['value']:+.2f} ({low:+.2f} to {high:+.2f})"


def met_word(row: Mapping[str, Any]) -> str:
    """Return whether a target was met, in a word or two."""
    return {True: "met", False: "MISSED", None: "not measured"}[row["met"]]


def three(number: float | None) -> str:
    """Return a score with three decimals; a dash where there is none."""
    return "–" if number is None else f"{number:.3f}"


def two(number: float | None) -> str:
    """Return a share with two decimals; a dash where there is none."""
    return "–" if number is None else f"{number:.2f}"


def add_sentences(value: dict[str, Any], result: QuestionBacktest) -> None:
    """Add the answer, what was asked and what the scores mean, and the targets in words."""
    value["sentences"] = {
        "answer": question_summary(value),
        "asked": questions_asked(value),
        "notes": list(_NOTES),
    }
    for row in value["targets"]:
        row["sentences"] = {
            "asked": question_target(row),
            "got": question_reached(row),
            "verdict": met_word(row),
        }


def _group_head(title: str) -> str:
    return f"{title:<50}{'cases':>6}{'separate':>9}{'yes':>5}{'said':>6}{'came':>6}{'Brier':>7}{'base':>7}  skill"


def _group_row(name: str, row: Mapping[str, Any]) -> str:
    return (
        f"{name:<50}{row['cases']:>6,}{row['separate']:>9,}{row['yes']:>5,}{two(row['probability']):>6}"
        f"{two(row['frequency']):>6}{three(row['brier']):>7}{three(row['reference']):>7}  {skill_text(row['skill'])}"
    )


def _signed(share: float) -> str:
    return f"{100 * share:.0f} %"
