"""What `detente backtest --questions` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _, for_later, ngettext, sentences, word
from detente.report.text.actors import with_legend
from detente.report.text.first_line import head_line
from detente.report.text.numbers import of_count, percent, phrases, to

if TYPE_CHECKING:
    from detente.studies.scoring.question_backtest import QuestionBacktest

FORECASTERS = {
    "all": for_later("base rate, all earlier windows"),
    "four_years": for_later("base rate, last four years"),
    "type": for_later("frequency of the type"),
}
"""The forecasters beside the argument, in words."""
_RATES = {
    "all": for_later("all earlier windows"),
    "four_years": for_later("last four years"),
    "type": for_later("frequency of the type"),
}
_REASONS = {
    "ambiguous": for_later("{n} ambiguous"),
    "not_yet": for_later("{n} not yet settled"),
    "unstable": for_later("{n} refused (--allow-unstable scores them)"),
    "not_modelled": for_later("{n} not modelled by the argument"),
    "no_base_rate": for_later("{n} without a base rate"),
}
_NOTES = (
    for_later(
        "Skill: how much lower the Brier score is than that of the better base rate, as a share of it; above 0 the "
        "argument is better. Intervals hold 90 % of resampled dates, in blocks of two years."
    ),
    for_later(
        "Separate: windows that do not overlap, summed over questions. Questions asked on one day depend on each "
        "other, too, so they are worth fewer."
    ),
    for_later(
        "Log: minus the log of the probability given to what happened, kept within .005 and .995; "
        "lower is better. Slope: 1 if probabilities are as far from one half as they should be, below"
        " 1 if too far. AUC: the chance that a case that happened had a higher probability than one "
        "that did not."
    ),
)


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
    told = with_legend("\n".join([*lines, "", *map(_, _NOTES)]), value.get("rivalry"))
    return f"{question_summary(value)}\n\n{told}"


def question_summary(value: Mapping[str, Any]) -> str:
    """Return what a reader needs first: how good the forecasts were beside the better base rate, and what they miss."""
    refused, dates = len(value["unstable"]), len(value["protocol"]["dates"])
    if not refused:
        return sentences(_compared(value), _better(value))
    said = _(
        "On {refused:,} of {dates:,} dates the argument was refused: bursts of acts would grow without end."
    ).format(refused=refused, dates=dates)
    return sentences(_compared(value), _better(value), said)


def _compared(value: Mapping[str, Any]) -> str:
    overall, (ours, *others) = value["overall"], value["forecasters"]
    if not overall["cases"]:
        return _("No past question could be scored.")
    reference = next(row for row in others if row["reference"])
    found, cases = overall["skill"], of_count(overall["cases"], "past question")
    if found["mean"] is None:
        return _(
            "Over {cases} the better base rate made no error; the argument's Brier score is {score}."
        ).format(cases=cases, score=three(ours["brier"]))
    said = (
        _(
            "Over {cases} the forecasts of {argument} were {share} better than the better base rate, {rate} "
            "({interval}): Brier score {ours} against {theirs}."
        )
        if found["mean"] > 0
        else _(
            "Over {cases} the forecasts of {argument} were {share} worse than the better base rate, {rate} "
            "({interval}): Brier score {ours} against {theirs}."
        )
    )
    return said.format(
        cases=cases,
        argument=value["argument"],
        share=percent(abs(found["mean"])),
        rate=_(_RATES[reference["name"]]),
        interval=_interval(**found),
        ours=three(ours["brier"]),
        theirs=three(reference["brier"]),
    )


def _interval(mean: float, low: float | None, high: float | None) -> str:
    """Return the interval of a skill, its ends in the direction in which the sentence tells the skill."""
    if low is None or high is None:
        return _("too few dates for an interval")
    ends = (low, high) if mean > 0 else (-high, -low)
    said = (
        _("90 % interval {low} to {high}: no clear difference")
        if low <= 0 <= high
        else _("90 % interval {low} to {high}")
    )
    return said.format(low=percent(ends[0]), high=percent(ends[1]))


def _better(value: Mapping[str, Any]) -> str:
    """Return which simple forecast beat the argument most, if one did that the comparison does not name."""
    ours, *others = value["forecasters"]
    beat = [
        row for row in others if None not in (row["brier"], ours["brier"]) and row["brier"] < ours["brier"]
    ]
    best = min(beat, key=lambda row: row["brier"], default=None)
    if best is None or best["reference"]:
        return ""
    return _("A simple forecast was better still: {name}, with {score}.").format(
        name=_(FORECASTERS[best["name"]]), score=three(best["brier"])
    )


def questions_asked(value: Mapping[str, Any]) -> str:
    """Return how many cases there are, from which dates, and what was left out."""
    protocol, overall = value["protocol"], value["overall"]
    dates, early = protocol["dates"], len(protocol["too_early"])
    days = dates[0]
    if len(dates) > 1:
        days = _("{n:,} dates from {first} to {last}").format(n=len(dates), first=dates[0], last=dates[-1])
    asked = (
        _(
            "{questions} questions on {days}, declared by the rivalry; {futures:,} futures each, from seed {seed}."
        )
        if protocol["days_from"] == "rivalry"
        else _(
            "{questions} questions on {days}, after the first third of the coverage; {futures:,} futures each, from "
            "seed {seed}."
        )
    )
    left = [_(_REASONS[name]).format(n=f"{count:,}") for name, count in value["left_out"].items() if count]
    return sentences(
        asked.format(
            questions=len(protocol["questions"]),
            days=days,
            futures=protocol["futures"],
            seed=protocol["seed"],
        ),
        _("{cases:,} cases, {separate:,} separate windows.").format(
            cases=overall["cases"], separate=overall["separate"]
        ),
        _("Left out: {reasons}.").format(reasons=phrases(*left)) if left else "",
        ngettext(
            "{n:,} earlier date had too little data to fit.",
            "{n:,} earlier dates had too little data to fit.",
            early,
        ).format(n=early)
        if early
        else "",
    )


def forecaster(name: str, value: Mapping[str, Any]) -> str:
    """Return the name of a forecaster in words."""
    if name in FORECASTERS:
        return _(FORECASTERS[name])
    return _("argument {argument}").format(argument=value["argument"])


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
    interval = "" if found["low"] is None else f" ({_ends(found['low'], found['high'])})"
    return f"{found['mean']:+z.2f}{interval}"


def bin_text(row: Mapping[str, Any]) -> str:
    """Return the probabilities of a tenth.

    Examples
    --------
    >>> bin_text({"low": 0.3, "high": 0.4})
    '.3 to .4'
    """
    return to(*(f"{end:.0f}" if end in (0, 1) else f"{end:.1f}"[1:] for end in (row["low"], row["high"])))


def question_target(row: Mapping[str, Any]) -> str:
    """Return what a target asks for."""
    low, high = row["target"]
    if row["kind"] == "skill":
        return _("skill over all cases at least {low}").format(low=f"{low:z.2f}")
    if row["kind"] == "skill of horizon":
        return _("skill at {days} days above 0").format(days=row["of"])
    if row["kind"] == "skill of type":
        return _("skill on {type} above 0").format(type=word(row["of"]))
    if row["kind"] == "slope":
        return _("calibration slope {low} to {high}").format(low=f"{low:.1f}", high=f"{high:.1f}")
    return _("{type}: mean probability within a factor of {factor} of how often it happened").format(
        type=word(row["of"]), factor=f"{row['factor']:g}"
    )


def question_reached(row: Mapping[str, Any]) -> str:
    """Return what was found of a target."""
    if row["kind"] == "frequency":
        if row["met"] is None:
            return _("{value}, and it never happened").format(value=two(row["value"]))
        return _("{value} against {other}").format(value=two(row["value"]), other=two(row["beside"]))
    if row["value"] is None:
        return _("too few cases of yes or no")
    if row["kind"] == "slope":
        return f"{row['value']:z.2f}"
    if row["interval"] is None:
        return phrases(f"{row['value']:+z.2f}", _("too few dates for an interval"))
    return f"{row['value']:+z.2f} ({_ends(*row['interval'])})"


def met_word(row: Mapping[str, Any]) -> str:
    """Return whether a target was met, in a word or two."""
    return {True: _("met"), False: _("MISSED"), None: _("not measured")}[row["met"]]


def three(number: float | None) -> str:
    """Return a score with three decimals; a dash where there is none."""
    return "–" if number is None else f"{number:z.3f}"


def two(number: float | None) -> str:
    """Return a share with two decimals; a dash where there is none."""
    return "–" if number is None else f"{number:z.2f}"


def add_sentences(value: dict[str, Any], result: QuestionBacktest) -> None:
    """Add the answer, what was asked and what the scores mean, and the targets in words."""
    value["sentences"] = {
        "answer": question_summary(value),
        "asked": questions_asked(value),
        "notes": [_(note) for note in _NOTES],
    }
    for row in value["targets"]:
        row["sentences"] = {
            "asked": question_target(row),
            "got": question_reached(row),
            "verdict": met_word(row),
        }


def _group_head(title: str) -> str:
    return f"{title:<50}{'cases':>6}{'separate':>9}{'yes':>5}{'said':>6}{'seen':>6}{'Brier':>7}{'base':>7}  skill"


def _group_row(name: str, row: Mapping[str, Any]) -> str:
    return (
        f"{name:<50}{row['cases']:>6,}{row['separate']:>9,}{row['yes']:>5,}{two(row['probability']):>6}"
        f"{two(row['frequency']):>6}{three(row['brier']):>7}{three(row['reference']):>7}  {skill_text(row['skill'])}"
    )


def _ends(low: float, high: float) -> str:
    return to(f"{low:+z.2f}", f"{high:+z.2f}")
