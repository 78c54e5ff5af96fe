"""What `detente compare` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.studies.scoring.compare import Comparison

_WIDE = 18


def told(result: Comparison) -> str:
    """Return the comparison as a sentence and tables."""
    value = result.to_dict()
    names: list[str] = value["arguments"]
    head = (
        f"{value['rivalry']}, as of {value['as_of']}: {' against '.join(names)}; {value['futures']:,} futures, "
        f"seed {value['seed']}."
    )
    return "\n".join(
        [
            head,
            "",
            value["sentence"],
            "",
            *_terms(value, names),
            "",
            *_questions(value, names),
            "",
            *_scores(value, names),
            "",
            *_plans(value, names),
            "",
            "Structural what-ifs under each argument: actors are taken to go on responding as fitted.",
        ]
    )


def _row(label: str, cells: list[str], wide: int = _WIDE) -> str:
    return f"  {label:<38}" + "".join(f"{cell:>{wide}}" for cell in cells)


def _terms(value: dict[str, Any], names: list[str]) -> list[str]:
    def pair(p: dict[str, float] | None) -> str:
        return "none" if p is None else f"{p['mean']:+.2f} ± {p['sd']:.2f}"

    lines = ["Priors on which they differ, and what is left of them"]
    lines.append(_row("", [f"{n} {what}" for n in names for what in ("prior", "post.")], 28))
    for term in value["terms"]:
        cells = [pair(p) for both in zip(term["priors"], term["posteriors"], strict=True) for p in both]
        lines.append(_row(term["term"], cells, 28))
    return lines


def _questions(value: dict[str, Any], names: list[str]) -> list[str]:
    lines = ["Chances of the questions, the furthest apart first", _row("", [*names, "stacked", "outcome"])]
    for row in value["questions"]:
        chances = [*row["chances"], row["stacked"]]
        cells = ["–" if c is None else f"{c:.2f}" for c in chances]
        lines.append(_row(row["id"], [*cells, row["outcome"]]))
    return lines


def _scores(value: dict[str, Any], names: list[str]) -> list[str]:
    told = value["competition"]
    evidence = [f"{row['log_evidence']:.1f}" for row in value["evidence"]]
    lines = ["Evidence and held-out log scores, nats (higher is better)", _row("", names)]
    lines.append(_row("evidence on the days fitted", evidence))
    lines.append(_row("log score a quarter", [f"{row['log_score']:.3f}" for row in value["scores"]]))
    for at, first in enumerate(value["scores"][0]["differences"]):
        lines.append(_row(f"minus {first['against']}", _against(value, at, None)))
        for part, when in (("before_split", "before"), ("after_split", "from")):
            if part in first:
                lines.append(_row(f"  {when} {told['split']}", _against(value, at, part)))
    lines += ["", f"{told['difference']}:"]
    for part, when in (("all", "all"), ("before_split", "before"), ("after_split", "from")):
        if part in told:
            d = told[part]
            which = f"{d['quarters']} quarters" + ("" if part == "all" else f" {when} {told['split']}")
            lines.append(f"  {which:<38}{_interval(d)}")
    stacked, weights = told["stacked"], value["stacked_weights_at_as_of"]
    lines += ["", f"Stacked, weights from earlier quarters alone: {stacked['log_score']:.3f} a quarter"]
    lines += [f"  {'minus ' + name:<38}{_interval(d)}" for name, d in stacked["against"].items()]
    for when, w in ((f"as of {value['as_of']}", weights), ("after the last quarter", stacked["weights"][-1])):
        lines.append(f"  weights {when:<30}" + ", ".join(f"{name} {share:.2f}" for name, share in w.items()))
    return lines


def _against(value: dict[str, Any], at: int, part: str | None) -> list[str]:
    found = [row["differences"][at] for row in value["scores"]]
    return [f"{(d if part is None else d[part])['mean']:+.3f}" for d in found]


def _interval(d: dict[str, Any]) -> str:
    return f"{d['mean']:>+8.3f}  ({d['low']:+.3f} to {d['high']:+.3f})"


def _plans(value: dict[str, Any], names: list[str]) -> list[str]:
    if not value["plans"]:
        return ["The first argument names no plan of levers."]
    days = value["plans"][0]["days"]
    lines = [f"Plans of levers over {days} days: change against nothing, 90 % Monte-Carlo interval"]
    for plan in value["plans"]:
        lines.append(f"  {plan['plan']} ({', '.join(plan['levers'])})")
        for under in plan["under"]:
            lines.append(f"    under {under['argument']}:")
            for kind in ("talks", "accords", "force", "pressure"):
                d = under[kind]
                lines.append(
                    f"      {kind:<12}{d['without']:>9.3f} to {d['with']:.3f}: {_interval(d).strip()}"
                )
    return lines
