"""How many and when in words: medians, intervals over futures, and what earlier windows held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import exp, log1p
from typing import TYPE_CHECKING, Any

from detente.questions.statuses import NOT_MODELLED
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, for_later, own, pgettext, word
from detente.report.text.answers.past import unclear_text
from detente.report.text.numbers import chance, of_count, percent, phrases, to

if TYPE_CHECKING:
    from detente.questions.answers import Answer
    from detente.questions.base_rates import BaseRate
    from detente.questions.distributions import Distribution

LABELS = {"count": for_later("acts"), "deaths": for_later("deaths"), "day": for_later("first act")}


def amount(value: float | date | str | None) -> str:
    """Write a number of acts or deaths, or the day of the first act.

    Examples
    --------
    >>> amount(12.0), amount(2.89), amount(4031.5), amount("2020-03-01"), amount(None)
    ('12', '2.9', '4,032', '2020-03-01', 'none')
    """
    if value is None:
        return pgettext("amount", "none")
    if isinstance(value, date | str):
        return str(value)
    return f"{value:,.0f}" if value == round(value) or value >= 10 else f"{value:.1f}"


def between(quantiles: Mapping[str, Any]) -> str:
    """Write the central 90 % of a distribution.

    Examples
    --------
    >>> between({"0.05": 1.0, "0.95": 24.0}), between({"0.05": "2020-02-01", "0.95": None})
    ('1 to 24', '2020-02-01 to none')
    """
    low, high = (amount(quantiles[share]) for share in ("0.05", "0.95"))
    return low if low == high else to(low, high)


def none_text(kind: str, never: float) -> str:
    """Write the share of futures that hold none.

    Examples
    --------
    >>> none_text("day", 0.12), none_text("deaths", 0.7)
    ('no such act in 12 %', 'no death in 70 %')
    """
    said = _("no death in {share}") if kind == "deaths" else _("no such act in {share}")
    return said.format(share=chance(never))


def amount_lines(q: Mapping[str, Any]) -> list[str]:
    """Return what `ask` prints of a question that asks how many or when, after its text."""
    told = q["distribution"]
    missing = NOT_MODELLED if q["status"] == NOT_MODELLED else "none: it is known in no future"
    none = [f"  amount      {missing}"]
    lines = none if told is None else _over_futures(told, q["settled"])
    if q["ambiguous"] and told is not None:
        lines.append(f"              in {percent(q['ambiguous'])} of futures it is known in part only")
    for label, rate in zip(("before     ", "           "), q["base_rates"].values(), strict=True):
        then = rate.get("distribution")
        part = "not known" if then is None else earlier(then, q["opens"])
        left = f", {rate['unsettled']:,} not settled" if rate["unsettled"] else ""
        lines.append(
            f"  {label} {part}; {rate['windows']:,} overlapping windows since {rate['since']} "
            f"({rate['separate']:.1f} non-overlapping{left})"
        )
        lines += [f"              {text}" for text in [unclear_text(rate)] if text]
    return [*lines, f"  observed    {observed_text(q)}{guessed_text(q)}"]


def observed_text(q: Mapping[str, Any]) -> str:
    """Return what happened, as far as that is known.

    Examples
    --------
    >>> observed_text({"outcome": "settled", "observed": None}), observed_text({"outcome": "not yet"})
    ('none', 'not yet')
    """
    if q["outcome"] != "settled":
        return word(str(q["outcome"]))
    return amount(q["observed"])


def guessed_text(q: Mapping[str, Any]) -> str:
    """Return what part of the tolls observed is not known, with a comma before it; empty if none is.

    Examples
    --------
    >>> guessed_text({"observed": 12.0, "observed_imputed": 0.5}), guessed_text({"outcome": "not yet"})
    (', 50 % of the tolls not known and taken as usual', '')
    """
    guessed = q.get("observed_imputed", 0.0) if q.get("observed") is not None else 0.0
    if not guessed:
        return ""
    return _(", {share} of the tolls not known and taken as usual").format(share=percent(guessed))


def amount_sentence(answer: Answer, rates: tuple[BaseRate, BaseRate] | None = None) -> str:
    """Return a distribution as one sentence, beside what earlier windows held."""
    question = answer.question
    text, told = _("“{text}”").format(text=own(question.text.rstrip("."))), answer.distribution
    if told is None:
        return _("In no future is it known {question}.").format(question=text)
    before = [
        said.format(what=_before(rate.distribution, question.window.start))
        for rate, said in zip(rates or (), (_("{what} in the past"), _("{what} lately")), strict=False)
        if rate.distribution is not None
    ]
    said = _said(told, question.window.end)
    if not before:
        return _("{question}: {said}.").format(question=text, said=said)
    return _("{question}: {said} ({past}).").format(question=text, said=said, past=phrases(*before))


def _before(told: Distribution, opens: date) -> str:
    """Return what the middle one of earlier windows held; of a day how many days it took."""
    median = told.quantiles[2]
    if told.kind != "day":
        said = _("{amount} acts") if told.kind == "count" else _("{amount} deaths")
        return said.format(amount=amount(median))
    if not isinstance(median, date):
        return _("none in {share} of windows").format(share=percent(told.never))
    return _("after {days}").format(days=_in_days(median, opens))


def _said(told: Distribution, end: date) -> str:
    low, median, high = (told.quantiles[i] for i in (0, 2, 4))
    if told.kind != "day":
        many = (
            _("the median future holds {median} acts, 90 % of futures {low} to {high}")
            if told.kind == "count"
            else _("the median future holds {median} deaths, 90 % of futures {low} to {high}")
        )
        return many.format(median=amount(median), low=amount(low), high=amount(high))
    said = (
        _("fewer than half of the futures hold such an act before {day}, and {never} hold none")
        if median is None
        else _("in half of the futures it comes by {median}, and in {never} not before {day}")
    )
    return said.format(median=amount(median), never=chance(told.never), day=day_text(end))


def amount_change_lines(q: Mapping[str, Any]) -> list[str]:
    """Return what `diff` prints of a question that asks how many or when, after its text."""
    before, after = (q["distribution"][side] for side in ("before", "after"))
    move = q["change"]
    if before is None or after is None or move["points"] is None:
        return ["  known in no future on one of the two days"]
    one, other = (amount(told["quantiles"]["0.5"]) for told in (before, after))
    lines = [
        f"  median {one} -> {other}   90 % {between(before['quantiles'])} -> {between(after['quantiles'])}"
    ]
    if after["kind"] == "day":
        days, low, high = (move[name] for name in ("points", "low", "high"))
        moved = f"mean day, later days counted as the window's end: {days:+z.1f} days ({low:+z.1f} to {high:+z.1f})"
    else:
        ends = [exp(move[name]) for name in ("points", "low", "high")]
        moved = f"1 + {LABELS[after['kind']]}: {ends[0]:.2f} times as many ({ends[1]:.2f} to {ends[2]:.2f})"
    return [*lines, f"  {moved}"]


def amount_bars(questions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what a page shows of each question that asks how many or when, with the ends of its bars in percent.

    Acts are drawn from 0 to the most shown, deaths so on the scale of log(1 + deaths), days over the window.
    """
    rows = []
    for q in questions:
        if "distribution" not in q:
            continue
        row = {name: q[name] for name in ("closes", "status")} | {"text": own(q["text"])}
        row["observed"] = f"{observed_text(q)}{guessed_text(q)}"
        told = q["distribution"]
        if told is None:
            rows.append(row | {"median": None, "none": "–"})
            continue
        at, known = list(told["quantiles"].values()), q["outcome"] == "settled"
        seen = q["observed"]
        along = [_along(q, told["kind"], v) for v in at] + [_along(q, told["kind"], seen) if known else 0.0]
        full = max(*along, _full(q, told["kind"]))
        low, lower, median, upper, high, there = (round(100 * x / full, 2) for x in along)
        rows.append(
            row
            | {
                "median": amount(at[2]),
                "half": to(amount(at[1]), amount(at[3])),
                "spread": between(told["quantiles"]),
                "none": chance(told["never"]),
                "at": (low, lower, median),
                "wide": (round(high - low, 2), round(upper - lower, 2)),
                "seen": there if known and (seen is not None or told["kind"] == "day") else None,
            }
        )
    return rows


def _full(q: Mapping[str, Any], kind: str) -> float:
    """Return the length of a bar that is at least drawn."""
    return float(_days(q["opens"], q["closes"])) if kind == "day" else 1.0


def _along(q: Mapping[str, Any], kind: str, value: float | str | None) -> float:
    """Return how far along its bar an amount lies; a day that did not come at the end."""
    if kind == "day":
        return float(_days(q["opens"], q["closes"] if value is None else str(value)))
    number = float(value or 0.0)
    return log1p(number) if kind == "deaths" else number


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _over_futures(told: Mapping[str, Any], futures: int) -> list[str]:
    kind, at = told["kind"], told["quantiles"]
    label, many = LABELS[kind], f"({futures:,} futures)"
    if kind == "day":
        came = [f"{percent(float(q))} by {day}" for q, day in at.items() if day is not None]
        rest = [] if len(came) == len(at) else ["the others later or never"] if came else ["none in most"]
        days = ", ".join([*came, *rest])
        return [f"  {label:<11} {days}", f"              {none_text(kind, told['never'])} {many}"]
    line = (
        f"  {label:<11} median {amount(at['0.5'])}, mean {told['mean']:,.1f}; half of futures "
        f"{amount(at['0.25'])} to {amount(at['0.75'])}, 90 % {between(at)}; {none_text(kind, told['never'])} {many}"
    )
    guessed = told.get("imputed", 0.0)
    more = f"              {percent(guessed)} of the tolls are not known and taken as usual"
    return [line, more] if guessed else [line]


def earlier(told: Mapping[str, Any], opens: str) -> str:
    """Return what earlier windows held; a first act is told in days, since each window had dates of its own.

    Examples
    --------
    >>> at = {"0.05": 0.0, "0.25": 1.0, "0.5": 2.0, "0.75": 4.0, "0.95": 9.0}
    >>> earlier({"kind": "count", "quantiles": at, "never": 0.2}, "2020-01-01")
    'median 2, 90 % 0 to 9, no such act in 20 % of windows'
    """
    at = dict(told["quantiles"])
    if told["kind"] == "day":
        start = date.fromisoformat(opens)
        at = {q: day and _in_days(date.fromisoformat(day), start) for q, day in at.items()}
    none = none_text(told["kind"], told["never"])
    said = _("median {median}, 90 % {interval}, {none} of windows")
    return said.format(median=amount(at["0.5"]), interval=between(at), none=none)


def _in_days(day: date, opens: date) -> str:
    """Write the day of a first act as the days since its window opened.

    Examples
    --------
    >>> _in_days(date(2020, 1, 1), date(2020, 1, 1)), _in_days(date(2020, 3, 1), date(2020, 1, 1))
    ('0 days', '60 days')
    """
    days = (day - opens).days
    return of_count(days, "day")
