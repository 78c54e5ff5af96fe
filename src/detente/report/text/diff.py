"""What `detente diff` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.questions.statuses import NOT_MODELLED
from detente.report.languages.formats import iso_window
from detente.report.text.actors import act_line, legend
from detente.report.text.answers import changes
from detente.report.text.answers.amounts import amount_change_lines
from detente.report.text.first_line import data_text
from detente.report.text.numbers import change, interval_text, share

if TYPE_CHECKING:
    from detente.studies.diff import Diff, Shift

_SHOWN = 3  # acts shown under a question
_APART = 0.0005  # between two ways to take the difference, from which both are printed


def text_of(result: Diff) -> str:
    """Return each question with its change, what new acts have to do with it, and which of them."""
    value = result.to_dict()
    one, two, futures = value["before"], value["after"], value["futures"]
    first, second = (f"{side['as_of']} on {data_text(side['data']['digest'])}" for side in (one, two))
    head = (
        f"{value['rivalry']}, argument {value['argument']}: as of {first}, against {second}; "
        f"{futures['count']:,} futures each from seed {futures['seed']}; detente {value['version']}."
    )
    acts = (
        f"{value['new_acts']:,} acts are new and {value['gone_acts']:,} gone. Both sides answer the same dated "
        f"questions, asked on {two['as_of']}."
    )
    codes = [code for act in value["movers"] for code in (act["source"], act["target"])]
    names = legend(result.after, [*(result.after.argument.principals or ()), *codes])
    lines = [head, acts, *filter(None, [names]), "", changes.of_diff(result)]
    for q, shift in _ordered(value, result):
        lines += ["", f"{q['text']}   ({iso_window(q['opens'], q['closes'])})"]
        if decided := changes.decided_text(shift):
            lines.append(f"  {decided}")
            continue
        if q["status"] == NOT_MODELLED:
            lines.append(f"  {NOT_MODELLED}: the channels of the argument cannot bring it about")
            continue
        if "distribution" in q:
            lines += amount_change_lines(q)
            continue
        if q["before"] is None or q["after"] is None:
            lines.append("  no future settles it on one of the two days")
            continue
        lines += _shift(q)
        lines.append(f"  of this, new acts in memories and past: {_move(q['new_acts'])}")
        ranked = sorted(
            zip(value["movers"], q["by_act"], strict=True), key=lambda p: -abs(p[1]["points"] or 0)
        )
        sure = [(act, move) for act, move in ranked if _sure(move)][:_SHOWN]
        lines += [f"    {_act(act)}: {_move(move)}" for act, move in sure]
        if not sure and value["movers"]:
            lines.append("    no single act moves it beyond chance")
    tail = (
        "Intervals: 90 % of what more futures could change. An act's share: its traces are taken out of the memories "
        "and the past, coefficients kept, and the same futures run again; shares need not add up. The rest of a change "
        "is the days gone by and what the fit has learnt."
    )
    return "\n".join([*lines, "", tail])


def _ordered(value: dict[str, Any], result: Diff) -> list[tuple[dict[str, Any], Shift]]:
    """Return the questions, those that moved most first, as plain values and as they are."""
    rows = dict(zip(map(id, result.shifts), value["questions"], strict=True))
    return [(rows[id(shift)], shift) for shift in changes.shifts_by_move(result)]


def _shift(q: dict[str, Any]) -> list[str]:
    """Return both chances with the difference of what is shown; futures that one day leaves open are told apart."""
    before, after, move = q["before"], q["after"], q["change"]
    if move["points"] is None:
        return [f"  {share(before)} -> {share(after)}   not settled in the same futures"]
    apart = after - before - move["points"]
    shown = change(before, after, move["low"] + apart, move["high"] + apart, of_futures=True)
    lines = [f"  {shown.before} -> {shown.after}   {shown.difference} ({shown.interval})"]
    if abs(apart) >= _APART:
        lines.append(f"  in the futures that both days settle: {_move(move)}")
    return lines


def _move(move: dict[str, Any]) -> str:
    if move["points"] is None:
        return "not settled"
    return f"{move['points']:+z.3f} ({interval_text(move['low'], move['high'])})"


def _sure(move: dict[str, Any]) -> bool:
    return move["points"] is not None and (move["low"] > 0 or move["high"] < 0)


def _act(act: dict[str, Any]) -> str:
    return f"{act['date']} {act_line(act)}"


def add_sentences(value: dict[str, Any], result: Diff) -> None:
    """Add the bottom line."""
    value["sentences"] = {"bottom_line": changes.of_diff(result)}
