"""What `detente ask` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.text import added

if TYPE_CHECKING:
    from detente.lab.ask import Ask, Caveat, QuestionResult


def text_of(result: Ask) -> str:
    """Return the answers in plain words."""
    value = result.to_dict()
    futures = value["futures"]
    head = (
        f"{value['rivalry']}, argument {value['argument']}, as of {value['as_of']}: {futures['count']:,} futures "
        f"from seed {futures['seed']}; detente {value['version']}, data {value['data']['digest'][:12]}."
    )
    files = result.run.case.chronicle.provenance.added
    lines = [head, *(added.text_of(file, result.run.as_of) for file in files)]
    for question, asked in zip(value["questions"], result.asked, strict=True):
        lines += ["", *_question(question)]
        lines += [f"  note        {caveat_text(caveat)}" for caveat in asked.caveats]
    tail = (
        "Monte Carlo: 90 % of what more futures could change. Draws: 90 % of what the events leave open within this "
        "argument. Neither covers uncertainty about the argument itself."
    )
    lines += ["", tail]
    return "\n".join(lines)


def _question(q: dict[str, Any]) -> list[str]:
    lines = [f"{q['text']}   ({q['opens']} to {q['closes']})"]
    if q["probability"] is None:
        lines.append("  chance      none: no future settles it")
    else:
        lines.append(
            f"  chance      {q['probability']:.3f}; Monte Carlo {q['low']:.3f} to {q['high']:.3f} "
            f"({q['settled']:,} futures)"
        )
    if q["ambiguous"]:
        lines.append(f"              {q['ambiguous']:.1%} of futures are ambiguous and left out")
    spread = q["spread"]
    if spread is not None and spread["sd"] < 0.0005:
        said = f"no spread distinguishable from chance; its sd may be up to {spread['sd_high']:.3f}"
        lines.append(f"  draws       {said if spread['sd_high'] else 'all settled futures agree'}")
    elif spread is not None:
        lines.append(
            f"  draws       {spread['low']:.3f} to {spread['high']:.3f} (sd {spread['sd']:.3f}; that sd itself "
            f"{spread['sd_low']:.3f} to {spread['sd_high']:.3f})"
        )
    elif q["probability"] is not None:
        lines.append("  draws       too few settled futures to separate draws from chance")
    if "first" in q:
        days = [
            f"{float(k):.0%} by {day or 'none by then'}" for k, day in q["first"].items() if k != "observed"
        ]
        lines.append(f"  first act   {', '.join(days)}")
        lines.append(f"              in history: {q['first']['observed'] or 'none, or not covered'}")
    for label, rate in zip(("base rates ", "           "), q["base_rates"].values(), strict=True):
        share = "none" if rate["share"] is None else f"{rate['share']:.3f}"
        left = f", {rate['unsettled']:,} not settled" if rate["unsettled"] else ""
        lines.append(
            f"  {label} {share} of {rate['windows']:,} overlapping windows since {rate['since']} "
            f"({rate['separate']:.1f} non-overlapping{left})"
        )
    label = "why"
    for m in q["why"]:
        moved = "" if m["moved"] is None else f"; events removed {m['moved']:.0%} of its prior sd"
        where = f" ({m['channels'][0]}{', ...' if len(m['channels']) > 1 else ''})" if m["channels"] else ""
        lines.append(
            f"  {label:<11} {m['name']}{where} {m['points']:+.3f} a sd, error {m['error']:.3f}{moved}"
        )
        label = ""
    if not q["why"]:
        lines.append(
            f"  why         no coefficient moves it beyond chance, as far as {q['settled']:,} futures show"
        )
    lines.append(f"  outcome     {q['outcome']}")
    return lines


def caveat_text(caveat: Caveat) -> str:
    """Return a caveat as a sentence.

    Examples
    --------
    >>> from detente.lab.ask import Caveat
    >>> caveat_text(Caveat("unknown", "mode", "dron", "drone"))
    'no act known by then has mode dron, so futures never hold it. Did you mean drone?'
    """
    if caveat.kind == "early":
        return (
            f"its window opens on {caveat.opens}, before the futures start: use a window that starts on or after "
            f"{caveat.start}"
        )
    hint = f" Did you mean {caveat.near}?" if caveat.near else ""
    return f"no act known by then has {caveat.column} {caveat.word}, so futures never hold it.{hint}"


def add_sentences(value: dict[str, Any], result: Ask) -> None:
    """Add to each question its caveats as notes."""
    for question, asked in zip(value["questions"], result.asked, strict=True):
        add_to_question(question, asked)


def add_to_question(value: dict[str, Any], asked: QuestionResult) -> None:
    """Add to one question its caveats as notes."""
    value["sentences"] = {"notes": [caveat_text(caveat) for caveat in asked.caveats]}
