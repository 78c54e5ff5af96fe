"""What `detente compare` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp
from typing import TYPE_CHECKING, Any

from detente.questions.statuses import MODELLED
from detente.report.languages.formats import listed
from detente.report.languages.language import _, own
from detente.report.text.actors import named, with_legend
from detente.report.text.answers.amounts import amount, observed_text
from detente.report.text.bottom_line import SHARES
from detente.report.text.first_line import made_text
from detente.report.text.numbers import change, interval_text, percent, share
from detente.report.text.unread import unread_text, why_inert

if TYPE_CHECKING:
    from detente.studies.claims.reasons import Rival
    from detente.studies.scoring.compare import Comparison
    from detente.studies.scoring.competition import Competition
    from detente.studies.whatif.whatif import WhatIf

_WIDE = 18


def text_of(result: Comparison) -> str:
    """Return the comparison as a sentence and tables."""
    value = result.to_dict()
    add_sentences(value, result)
    names: list[str] = value["arguments"]
    head = (
        f"{value['rivalry']}, as of {value['as_of']}: {' against '.join(names)}; {value['futures']:,} futures from "
        f"seed {value['seed']}; {made_text(value)}."
    )
    text = "\n".join(
        [
            head,
            "",
            value["sentences"]["sentence"],
            "",
            *_terms(value, names),
            "",
            *_questions(value, names),
            "",
            *_scores(value, names),
            "",
            *_plans(value, result.plans),
            "",
            "Structural what-ifs under each argument: actors are taken to go on responding as fitted.",
        ]
    )
    return with_legend(text, value["rivalry"])


def _row(label: str, cells: list[str], wide: int = _WIDE) -> str:
    return f"  {label:<38}" + "".join(f"{cell:>{wide}}" for cell in cells)


def _terms(value: dict[str, Any], names: list[str]) -> list[str]:
    def pair(p: dict[str, float] | None) -> str:
        return "none" if p is None else f"{p['mean']:+z.2f} ± {p['sd']:.2f}"

    if not value["terms"]:
        return ["Their priors differ on no term."]
    lines = ["Priors on which they differ, and their posteriors"]
    lines.append(_row("", [f"{n} {what}" for n in names for what in ("prior", "post.")], 28))
    for term in value["terms"]:
        cells = [pair(p) for both in zip(term["priors"], term["posteriors"], strict=True) for p in both]
        lines.append(_row(term["term"], cells, 28))
    return lines


def _questions(value: dict[str, Any], names: list[str]) -> list[str]:
    lines = [
        "Probabilities of the questions, the largest difference first; medians of how many and when",
        _row("", [*names, "stacked", "outcome"]),
    ]
    for row in value["questions"]:
        chances = [*row["chances"], row["stacked"]]
        cells = ["–" if c is None else share(c, 2) for c in chances]
        if "distributions" in row:  # the median
            told = row["distributions"]
            cells = [*("–" if d is None else amount(d["quantiles"]["0.5"]) for d in told), "–"]
        came = observed_text(row) if "distributions" in row else row["outcome"]
        lines.append(_row(row["id"], [*cells, came]))
        beyond = [
            f"{status} under {name}"
            for status, name in zip(row["statuses"], names, strict=True)
            if status != MODELLED
        ]
        lines += [f"    {listed(beyond)}"] if beyond else []
    return lines


def _scores(value: dict[str, Any], names: list[str]) -> list[str]:
    found = value["competition"]
    evidence = [f"{row['log_evidence']:z.1f}" for row in value["evidence"]]
    lines = ["Evidence and held-out log scores, nats (higher is better)", _row("", names)]
    lines.append(_row("evidence on the days fitted", evidence))
    lines.append(_row("log score a quarter", [f"{row['log_score']:z.3f}" for row in value["scores"]]))
    for at, first in enumerate(value["scores"][0]["differences"]):
        lines.append(_row(f"minus {first['against']}", _against(value, at, None)))
        for part, when in (("before_split", "before"), ("after_split", "from")):
            if part in first:
                lines.append(_row(f"  {when} {found['split']}", _against(value, at, part)))
    lines += ["", f"{found['sentences']['difference']}:"]
    for part, when in (("all", "all"), ("before_split", "before"), ("after_split", "from")):
        if part in found:
            d = found[part]
            which = f"{d['quarters']} quarters" + ("" if part == "all" else f" {when} {found['split']}")
            lines.append(f"  {which:<38}{_interval(d)}")
    stacked, weights = found["stacked"], value["stacked_weights_at_as_of"]
    lines += ["", f"Stacked, weights from earlier quarters alone: {stacked['log_score']:.3f} a quarter"]
    lines += [f"  {'minus ' + name:<38}{_interval(d)}" for name, d in stacked["against"].items()]
    for when, w in ((f"as of {value['as_of']}", weights), ("after the last quarter", stacked["weights"][-1])):
        lines.append(f"  weights {when:<30}" + ", ".join(f"{name} {share:.2f}" for name, share in w.items()))
    return lines


def _against(value: dict[str, Any], at: int, part: str | None) -> list[str]:
    found = [row["differences"][at] for row in value["scores"]]
    return [f"{(d if part is None else d[part])['mean']:+z.3f}" for d in found]


def _interval(d: dict[str, Any]) -> str:
    return f"{d['mean']:>+z8.3f}  ({interval_text(d['low'], d['high'])})"


def _plans(value: dict[str, Any], results: Mapping[str, Sequence[WhatIf]]) -> list[str]:
    if not value["plans"]:
        return ["The first argument names no plan of levers."]
    days = value["plans"][0]["days"]
    lines = [f"Plans of levers over {days:,} days: change against nothing, 90 % Monte-Carlo interval"]
    for plan in value["plans"]:
        lines.append(f"  {plan['plan']} ({', '.join(plan['levers'])})")
        for under, result in zip(plan["under"], results[plan["plan"]], strict=True):
            lines.append(f"    under {under['argument']}:")
            if result.inert:
                lines.append(f"      changes nothing: {why_inert(result)}")
            else:
                say = named(result.case)
                lines += [f"      partly without effect: {unread_text(what, say)}" for what in result.unread]
            for kind in ("talks", "accords", "force", "pressure"):
                d = under[kind]
                if d is None:
                    lines.append(f"      {kind:<12}{'not modelled':>12}")
                    continue
                shown = change(d["without"], d["with"], d["low"], d["high"], of_futures=kind in SHARES)
                said = f"{shown.before:>9} to {shown.after}: {shown.difference} ({shown.interval})"
                lines.append(f"      {kind:<12}{said}")
    return lines


def competition_sentence(found: Competition) -> str:
    """Return what the held-out quarters say between the two best arguments."""
    first, second = found.best_two()
    judged, every = found.contest(first, second, held_out=found.judged), found.contest(first, second)
    favoured = judged.favours(first, second)
    said = {
        (True, True): _(
            "Events of the {quarters} quarters from {split} favour {favoured}: {mean:+z.3f} nats a quarter for {first} "
            "over {second} ({low:+z.3f} to {high:+z.3f}); over all {every.quarters} quarters {every.mean:+z.3f} "
            "({every.low:+z.3f} to {every.high:+z.3f})."
        ),
        (True, False): _(
            "Events of the {quarters} quarters from {split} do not separate {first} from {second}: {mean:+z.3f} nats a "
            "quarter for {first} over {second} ({low:+z.3f} to {high:+z.3f}); over all {every.quarters} quarters "
            "{every.mean:+z.3f} ({every.low:+z.3f} to {every.high:+z.3f})."
        ),
        (False, True): _(
            "Events of the {quarters} quarters favour {favoured}: {mean:+z.3f} nats a quarter for {first} over "
            "{second} ({low:+z.3f} to {high:+z.3f})."
        ),
        (False, False): _(
            "Events of the {quarters} quarters do not separate {first} from {second}: {mean:+z.3f} nats a quarter for "
            "{first} over {second} ({low:+z.3f} to {high:+z.3f})."
        ),
    }[bool(found.judged), bool(favoured)]
    return said.format(
        quarters=judged.quarters,
        split=found.split,
        favoured=favoured,
        first=first,
        second=second,
        mean=judged.mean,
        low=judged.low,
        high=judged.high,
        every=every,
    )


def rival_text(rival: Rival) -> str:
    """Return what held-out quarters say between an argument and its rival, or the command that finds out."""
    if rival.competition is None:
        names = f"{rival.argument} {rival.against}"
        command = own(f"detente compare {rival.rivalry} {names}")
        return _("no stored backtests to compare: run {command}").format(command=command)
    return competition_sentence(rival.competition).rstrip(".。")


def sentence(result: Comparison) -> str:
    """Return in a few sentences what the data can and cannot separate."""
    return f"{competition_sentence(result.competition)} {_evidence(result)} {_disagreement(result)}"


def _evidence(result: Comparison) -> str:
    ordered = sorted(zip(result.evidence, result.names, strict=True), reverse=True)
    (most, name), (next_best, other) = ordered[:2]
    ahead = most - next_best
    if f"{ahead:.1f}" == "0.0":
        return f"On the days fitted the evidence does not separate {name} from {other}."
    return (
        f"On the days fitted the evidence favours {name} by {ahead:.1f} nats, a Bayes factor of "
        f"{exp(min(ahead, 50)):,.1f}."
    )


def _disagreement(result: Comparison) -> str:
    from detente.studies.scoring.compare import APART, widest_gap
    from detente.studies.whatif.whatif import MOVED

    moved = [t for t in result.terms if t.moved >= MOVED]
    rows = result.questions()
    far = [row for row in rows if widest_gap(row["chances"]) >= APART]
    text = f"Their priors differ on {len(result.terms)} terms; events moved {len(moved)} of them by a tenth or more."
    if not result.terms:
        text = "Their priors differ on no term."
    if not far:
        return f"{text} On no question do their probabilities differ by {100 * APART:.0f} points."
    chances = " and ".join(percent(c) for c in far[0]["chances"])
    return (
        f"{text} Their probabilities differ by {100 * APART:.0f} points or more on {len(far)} of {len(rows)} "
        f"questions, most on {far[0]['id']} ({chances})."
    )


def add_sentences(value: dict[str, Any], result: Comparison) -> None:
    """Add what the data can separate, and how the numbers of the competition read."""
    first, second = result.competition.best_two()
    value["sentences"] = {"sentence": sentence(result)}
    value["competition"]["sentences"] = {
        "sentence": competition_sentence(result.competition),
        "difference": f"{first} minus {second}, nats a quarter; above 0 {first} is better",
    }
    value["competition"]["stacked"]["sentences"] = {
        "weights_come_from": "the quarters before each alone; equal before the first"
    }
