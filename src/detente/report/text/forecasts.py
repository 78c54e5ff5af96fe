"""What `detente forecasts` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.questions.statuses import NOT_MODELLED
from detente.report.languages.formats import iso_window
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
        lines += ["", *_row(row, spread_text(found.asked.spread, agree=ask.agree(found.asked)))]
    lines += ["", "Mean scores, lower is better, over the forecasts that all could make"]
    lines += _means(value["means"])
    if any(row["cannot_fail"] for row in value["forecasts"]):
        lines += [
            "",
            "The same without those whose words agree with every outcome",
            *_means(value["means_that_can_fail"]),
        ]
    lines += ["", "The forecasts are few and depend on each other: the means describe them and prove little."]
    return "\n".join(lines)


def _means(means: dict[str, Any]) -> list[str]:
    lines = []
    for name, mean in means.items():
        scores = (
            "none"
            if mean is None
            else f"Brier {mean['brier']:.3f}, log {mean['log']:.3f} ({mean['forecasts']})"
        )
        lines.append(f"  {name:<22} {scores}")
    return lines


def _interval(row: dict[str, Any]) -> str:
    """Return the words as an interval, and where the model's chance lies."""
    found = row["interval"]
    said = f"  interval    {found['low']:.2f} to {found['high']:.2f}"
    for name, (low, high) in found["standards"].items():
        said += f"; {name} {low:.2f} to {high:.2f}"
    if row["cannot_fail"]:
        return f"{said}. Cannot fail: a least chance agrees with every outcome"
    if found["model"] is not None:
        said += f"; the model's probability is {found['model']}"
    return (
        said
        if found["brier"] is None
        else f"{said}; Brier {found['brier'][0]:.3f} to {found['brier'][1]:.3f}"
    )


def _row(row: dict[str, Any], draws: str) -> list[str]:
    word, q = row["word"], row["question"]
    lines = [
        f"{row['claim']}  {row['text']}",
        f"  question    {q['text']} ({iso_window(q['opens'], q['closes'])}): {q['outcome']}",
    ]
    tails = f", outer tenths {word['p10']:.2f} and {word['p90']:.2f}" if word["p10"] is not None else ""
    spread = (
        f'  words       "{row["words"]}", read as {word["word"]}: {word["median"]:.2f} '
        f"(half of readers {word['q25']:.2f} to {word['q75']:.2f}{tails})"
    )
    lines += [spread, _interval(row)]
    if q["probability"] is None:
        none = NOT_MODELLED if q["status"] == NOT_MODELLED else "none: no future settles it"
        lines.append(f"  model       {none}")
    else:
        unclear = f"; {percent(q['ambiguous'])} ambiguous" if q["ambiguous"] else ""
        more = "" if q["certain"] or q["only_bounds"] else f"; draws {draws}{unclear}"
        lines.append(f"  model       {ask.chance_text(q)}{more}")
    if row["before"] is not None:
        then = row["before"]
        way = "higher since" if then["higher_now"] else "not higher since"
        lines.append(
            f"              its own chance was {portion(then['probability'])} as of {then['as_of']}: {way}"
        )
    rates = ", ".join(
        "none"
        if r["share"] is None
        else f"{portion(r['share'])} of {r['windows']:,} windows since {r['since']}"
        for r in q["base_rates"].values()
    )
    lines.append(f"  base rates  {rates}")
    for part in row["parts"]:
        chances = [part["probability"], *(r["share"] for r in part["base_rates"].values())]
        model, *rates_of_part = ("none" if p is None else portion(p) for p in chances)
        lines.append(f"  part        {part['text']}: {part['outcome']}")
        lines.append(f"              model {model}; base rates {', '.join(rates_of_part)}")
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
