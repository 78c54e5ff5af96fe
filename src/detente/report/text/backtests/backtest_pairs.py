"""What `detente backtest FILE --pairs` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.report.languages.formats import iso_window
from detente.report.text.first_line import caution_text, data_text
from detente.report.text.numbers import percent

if TYPE_CHECKING:
    from detente.studies.world.skill import Skill


SCORE = "log score in nats and CRPS in acts a directed pair and period, summed over the classes"
CLAIM = "a fast and a slow clock predict more than either alone"
_VERDICTS = {"supported against one": "supported against one of them only"}


def _ends(row: dict[str, Any], prefix: str = "") -> str:
    mean, low, high = (row[f"{prefix}{key}"] for key in ("mean", "low", "high"))
    return f"{mean:+z.4f} ({low:+z.4f} to {high:+z.4f})"


def text_of(result: Skill) -> str:
    """Return the backtest over many pairs: every model at every horizon, and what the world model gains."""
    protocol = result.protocol
    window = iso_window(*protocol["window"])
    out = [
        *map(caution_text, protocol.get("cautions", ())),
        (
            f"{protocol['directed_pairs']} directed pairs, {protocol['acts']:,} acts, {window}; "
            f"fitted on {protocol['days']['train']} days, "
            f"scored from {protocol['test_from']} on ({protocol['days']['test']} days); "
            f"{data_text(protocol['digest'])}."
        ),
        f"{SCORE}; intervals of {percent(protocol['interval'])} over blocks of days.",
    ]
    for h in protocol["horizons"]:
        head = "one day ahead" if h == 1 else f"totals of {h} days, {protocol['starts_of_totals']} starts"
        out += ["", f"{head:<34}{'log score':>10}{'CRPS':>9}{'quiet pairs':>13}{'onsets':>9}{'seconds':>9}"]
        for m in result.models:
            if m["horizon"] == h:
                onsets = f"{m['onsets']:9.3f}" if m["onsets"] is not None else f"{'-':>9}"
                out.append(
                    f"  {m['name']:<32}{m['log_score']:>10.4f}{m['crps']:>9.4f}{m['quiet_pairs']:>13.4f}{onsets}"
                    f"{m['seconds']:>9.1f}"
                )
        out.append("  detente minus: log score (above 0 it is better); CRPS (below 0 it is better)")
        out += [
            f"    {row['against']:<30}{_ends(row)}; {_ends(row, 'crps_')}"
            for row in [*result.differences, *result.ablations]
            if row["horizon"] == h
        ]
    ours = next(m for m in result.models if m["name"] == "detente")
    out += ["", "PIT one day ahead, ten bins: " + " ".join(f"{share:.3f}" for share in ours["pit"])]
    if result.verdict:
        out += ["", f"Claim: {CLAIM}: {_verdict(result)}."]
        out += [f"  against {row['against']}: {_ends(row)}" for row in result.verdict["differences"]]
    more = notes(result)
    return "\n".join([*out, *("" for _ in more[:1]), *more])


def _verdict(result: Skill) -> str:
    code: str = result.verdict["verdict"]
    return _VERDICTS.get(code, code)


def notes(result: Skill) -> list[str]:
    """Return what was left out, and which intervals say little."""
    from detente.studies.world.skill import LEAST_SPANS

    out = [
        f'{name} is not installed, so its row is left out; pip install "detente[dev]" brings it.'
        for name in result.left_out
    ]
    return out + [
        f"The test days hold fewer than {LEAST_SPANS} spans of {h} days: the intervals at this horizon say little."
        for h in result.few_spans
    ]


def add_sentences(value: dict[str, Any], result: Skill) -> None:
    """Add what the scores are, the claim that is judged, and notes."""
    value["sentences"] = {"notes": notes(result)}
    value["protocol"] = value["protocol"] | {
        "sentences": {"score": SCORE, "ranked_by": f"acts before {result.protocol['ranked_before']}"}
    }
    if result.verdict:
        value["verdict"] = value["verdict"] | {"sentences": {"claim": CLAIM, "verdict": _verdict(result)}}
