"""What `detente forecasts` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.questions.answers import NOT_MODELLED
from detente.report.text import ask
from detente.report.text.actors import legend
from detente.report.text.first_line import head_line
from detente.report.text.numbers import percent, portion, spread_text

if TYPE_CHECKING:
    from detente.studies.claims.forecasts import Forecasts


def text_of(result: Forecasts) -> str:
    """Return the forecasts in plain words."""
    value = result.to_dict()
    futures = value["futures"]
    head = head_line(value, f"{futures['count']:,} futures from seed {futures['seed']}")
    case = result.run.case
    lines = [head, *filter(None, [legend(case, case.argument.principals or ())])]
    for row, found in zip(value["forecasts"], result.rows, strict=True):
        lines += ["", *_row(row, spread_text(found.asked.spread))]
    lines += ["", "Mean scores, lower is better, over the forecasts that all could make"]
    for name, mean in value["means"].items():
        scores = (
            "none"
            if mean is None
            else f"Brier {mean['brier']:.3f}, log {mean['log']:.3f} ({mean['forecasts']})"
        )
        lines.append(f"  {name:<22} {scores}")
    lines += ["", "The forecasts are few and depend on each other: the means describe them and prove little."]
    return "\n".join(lines)


def _row(row: dict[str, Any], draws: str) -> list[str]:
    word, q = row["word"], row["question"]
    lines = [
        f"{row['claim']}  {row['text']}",
        f"  question    {q['text']} ({q['opens']} to {q['closes']}): {q['outcome']}",
    ]
    tails = f", outer tenths {word['p10']:.2f} and {word['p90']:.2f}" if word["p10"] is not None else ""
    spread = (
        f'  words       "{row["words"]}", read as {word["word"]}: {word["median"]:.2f} '
        f"(half of readers {word['q25']:.2f} to {word['q75']:.2f}{tails})"
    )
    lines.append(spread)
    if q["probability"] is None:
        none = NOT_MODELLED if q["status"] == NOT_MODELLED else "none: no future settles it"
        lines.append(f"  model       {none}")
    else:
        unclear = f"; {percent(q['ambiguous'])} ambiguous" if q["ambiguous"] else ""
        more = "" if q["certain"] else f"; draws {draws}{unclear}"
        lines.append(f"  model       {ask.chance_text(q)}{more}")
    if row["before"] is not None:
        then = row["before"]
        way = "higher since" if then["higher_now"] else "not higher since"
        lines.append(f"              {portion(then['probability'])} as of {then['as_of']}: {way}")
    rates = ", ".join(
        "none"
        if r["share"] is None
        else f"{portion(r['share'])} of {r['windows']:,} windows since {r['since']}"
        for r in q["base_rates"].values()
    )
    lines.append(f"  base rates  {rates}")
    scores = ", ".join(
        f"{name} {'none' if s is None else format(s['brier'], '.3f') + ' / ' + format(s['log'], '.3f')}"
        for name, s in row["scores"].items()
    )
    lines.append(f"  Brier/log   {scores}")
    return lines


def add_sentences(value: dict[str, Any], result: Forecasts) -> None:
    """Add to the question of each forecast its caveats as notes."""
    for row, found in zip(value["forecasts"], result.rows, strict=True):
        ask.add_to_question(row["question"], found.asked)
