"""How many and when in words: medians, intervals over futures, and what earlier windows held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import exp, log1p
from typing import TYPE_CHECKING, Any

from detente.questions.statuses import NOT_MODELLED
from detente.report.languages.formats import day_text
from detente.report.languages.language import _, for_later, ngettext, own, pgettext, word
from detente.report.text.answers.past import left_out_text, unclear_text
from detente.report.text.numbers import chance, of_count, percent, phrases, to

if TYPE_CHECKING:
    from detente.questions.answers import Answer
    from detente.questions.base_rates import BaseRate
    from detente.questions.distributions import Distribution

LABELS = {"count": for_later("acts"), "deaths": for_later("deaths"), "day": for_later("first act")}


def amount(value: float | date | str | None) -> str:
    """Write a number of acts or deaths, or the day of the first act.

    Acts and deaths are whole: a part of one comes of tolls that are estimated.

    Examples
    --------
    >>> amount(12.0), amount(2.89), amount(0.4), amount("2020-03-01"), amount(None)
    ('12', '3', '< 1', '2020-03-01', 'none')
    """
    if value is None:
        return pgettext("amount", "none")
    if isinstance(value, date | str):
        return str(value)
    return f"{value:,.0f}" if value == 0 or value >= 0.5 else "< 1"


def _many(kind: str, value: float) -> str:
    """Write a number of acts or of deaths with what they are."""
    n = round(value) or int(value > 0)
    said = ngettext("{n} death", "{n} deaths", n) if kind == "deaths" else ngettext("{n} act", "{n} acts", n)
    return said.format(n=amount(value))


def between(quantiles: Mapping[str, Any]) -> str:
    """Write the central 90 % of a distribution.

    Examples
    --------
    >>> between({"0.05": 1.0, "0.95": 24.0}), between({"0.05": "2020-02-01", "0.95": None})
    ('1 to 24', '2020-02-01 to none')
    """
    low, high = (amount(quantiles[share]) for share in ("0.05", "0.95"))
    return to(low, high)


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
        apart = phrases(f"{rate['separate']:.1f} non-overlapping", *left_out_text(rate))
        lines.append(
            f"  {label} {part}; {of_count(rate['windows'], 'overlapping window')} since {rate['since']} ({apart})"
        )
        lines += [f"              {text}" for text in [unclear_text(rate)] if text]
    return [*lines, f"  observed    {observed_in_full(q)}"]


def observed_text(q: Mapping[str, Any]) -> str:
    """Return what happened, as far as that is known.

    Examples
    --------
    >>> observed_text({"outcome": "settled", "observed": None}), observed_text({"outcome": "not yet"})
    ('none', 'not yet')
    """
    if q["outcome"] != "settled":
        return word(str(q["outcome"]))
    seen = amount(q["observed"])
    return _("about {number}").format(number=seen) if _guessed(q) else seen


def guessed_text(q: Mapping[str, Any]) -> str:
    """Return what part of the tolls observed is not known, as a clause; empty if none is.

    Examples
    --------
    >>> guessed_text({"observed": 12.0, "observed_imputed": 0.5}), guessed_text({"outcome": "not yet"})
    ('an estimate, as 50 % of the tolls are not known and taken as usual', '')
    """
    guessed = _guessed(q)
    if not guessed:
        return ""
    if guessed == 1:
        return _("an estimate, as no toll is known and each is taken as usual")
    return _("an estimate, as {share} of the tolls are not known and taken as usual").format(
        share=percent(guessed)
    )


def observed_in_full(q: Mapping[str, Any]) -> str:
    """Return what happened, and how far it is an estimate.

    Examples
    --------
    >>> observed_in_full({"outcome": "settled", "observed": 3.6, "observed_imputed": 1.0})
    'about 4, an estimate, as no toll is known and each is taken as usual'
    """
    return phrases(*filter(None, [observed_text(q), guessed_text(q)]))


def _guessed(q: Mapping[str, Any]) -> float:
    return float(q.get("observed_imputed", 0.0)) if q.get("observed") is not None else 0.0


def amount_sentence(answer: Answer, rates: tuple[BaseRate, BaseRate] | None = None) -> str:
    """Return a distribution as one sentence, beside what earlier windows held."""
    question = answer.question
    text, told = _("“{text}”").format(text=own(question.text.rstrip("."))), answer.distribution
    if told is None:
        return _("In no future is it known {question}.").format(question=text)
    before = [
        _before(rate.distribution, question.window.start, lately=lately)
        for rate, lately in zip(rates or (), (False, True), strict=False)
        if rate.distribution is not None
    ]
    said = _said(told, question.window.end)
    if not before:
        return _("{question}: {said}.").format(question=text, said=said)
    return _("{question}: {said} ({past}).").format(question=text, said=said, past=phrases(*before))


def _before(told: Distribution, opens: date, *, lately: bool) -> str:
    """Return what the middle one of earlier windows held; of a day how many days it took."""
    median = told.quantiles[2]
    if isinstance(median, int | float):
        said = (
            _("a median of {amount} in those of the last four years")
            if lately
            else _("a median of {amount} in earlier windows")
        )
        return said.format(amount=_many(told.kind, median))
    if median is None:
        said = (
            _("no such act in {share} of those of the last four years")
            if lately
            else _("no such act in {share} of earlier windows")
        )
        return said.format(share=percent(told.never))
    said = (
        _("within {days} in half of those of the last four years")
        if lately
        else _("within {days} in half of earlier windows")
    )
    return said.format(days=_in_days(median, opens))


def _said(told: Distribution, end: date) -> str:
    median = told.quantiles[2]
    if isinstance(median, int | float):
        said = _("the median future holds {many}, 90 % of futures {interval}")
        return said.format(many=_many(told.kind, median), interval=between(told.to_dict()["quantiles"]))
    said = (
        _("fewer than half of the futures hold such an act before {day}, and {never} hold none")
        if median is None
        else _("it comes by {median} in half of the futures, and not before {day} in {never} of them")
    )
    by = "" if median is None else day_text(median)
    return said.format(median=by, never=chance(told.never), day=day_text(end))


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
        row["observed"] = observed_in_full(q)
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
    tail, mean = heavy_tail(told), told["mean"]
    middle = f"median {amount(at['0.5'])}" + ("" if tail or mean is None else f", mean {mean:,.1f}")
    line = (
        f"  {label:<11} {middle}; half of futures {to(amount(at['0.25']), amount(at['0.75']))}, "
        f"90 % {between(at)}; {none_text(kind, told['never'])} {many}"
    )
    guessed = told.get("imputed", 0.0)
    more = [f"{percent(guessed)} of the tolls are not known and taken as usual"] if guessed else []
    return [line, *(f"              {text}" for text in [*filter(None, [tail]), *more])]


def heavy_tail(told: Mapping[str, Any]) -> str:
    """Return that a few futures hold so many that a mean says nothing of the others; empty where it does.

    Examples
    --------
    >>> at = {"0.05": 0.0, "0.25": 1.0, "0.5": 7.0, "0.75": 26.0, "0.95": 226.0}
    >>> heavy_tail({"kind": "deaths", "mean": 695.5, "quantiles": at})
    'a few futures hold so many more that the mean of all lies outside those 90 % and is not given'
    >>> heavy_tail({"kind": "deaths", "mean": 31.0, "quantiles": at})
    ''
    """
    mean, at = told["mean"], told["quantiles"]
    if told["kind"] == "day" or mean is None or at["0.05"] <= mean <= at["0.95"]:
        return ""
    return _("a few futures hold so many more that the mean of all lies outside those 90 % and is not given")


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
