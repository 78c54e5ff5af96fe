"""What `detente claims` prints, of one pair and of all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.report.languages.language import _, for_later, ngettext, word
from detente.report.text import ask, bottom_line
from detente.report.text.actors import act_line, with_legend
from detente.report.text.evidence.evidence import elsewhere_text
from detente.report.text.first_line import first_lines, head_line, made_text
from detente.report.text.numbers import of_count, share, to

if TYPE_CHECKING:
    from detente.studies.article import Article
    from detente.studies.claims.claims import Claims
    from detente.studies.claims.episodes import Episode
    from detente.studies.claims.judge import Judgement
    from detente.studies.claims.over_pairs import Across
    from detente.studies.claims.rows import ClaimRow


def text_of(result: Claims) -> str:
    """Return every row on a line or two."""
    from detente.report.text.reasons import settle_text, why

    value = result.to_dict()
    lines = [
        head_line(
            value, *([f"{value['futures']:,} futures from seed {value['seed']}"] if value["futures"] else [])
        ),
        "",
        bottom_line.of_claims(result),
        "",
    ]
    for found, row in zip(result.rows, value["claims"], strict=True):
        number = number_text(row)
        measures = "" if found.judgement is None else _measures(found.judgement)
        where = ", ".join(map(str, row["paragraph"]))
        lines.append(f"{row['id']:<7} {row['verdict']:<15} {number:<24} {measures}".rstrip())
        told = f"{row['text']} (¶ {where})" if where else row["text"]
        lines += [f"        {told}", f"        {why(found)}."]
        if (settled := settle_text(found)) is not None:
            lines.append(f"        To settle it: {settled}.")
        if found.elsewhere is not None:
            lines.append(f"        {elsewhere_text(found.elsewhere)}.")
    foot = (
        f"{false_text(result)}\n"
        "A mechanism's number is a coefficient on the log of a daily rate, from a prior of mean zero, with its central "
        "90 % interval (0.1 means about a tenth more);\na forecast's is the model's chance with its Monte-Carlo "
        "interval, and its verdict is what happened, whatever chance the words gave it.\n"
        "p is the share of cases in which chance alone supports the claimed sign, or the opposite one, as strongly; "
        "power the probability of finding an effect of two prior sds;\nV the share of "
        "the prior's sd that events remove."
    )
    lines += ["", foot]
    return with_legend("\n".join(lines), value["rivalry"])


def number_text(row: Mapping[str, Any]) -> str:
    """Return the number of a claim's row with its interval; what was counted is whole and has none.

    Examples
    --------
    >>> number_text({"value": 0.5, "low": 0.4, "high": 0.62, "reason": {}})
    '0.50 (0.40 to 0.62)'
    >>> number_text({"value": 15.0, "low": 15.0, "high": 15.0, "reason": {"crises": 5}})
    '15 related pieces'
    """
    if row["value"] is None:
        return ""
    reason = row["reason"] or {}
    if "crises" in reason:
        return of_count(round(row["value"]), "related piece")
    digits = 0 if "third_parties" in reason else 2
    value, low, high = (f"{row[end]:z.{digits}f}" for end in ("value", "low", "high"))
    return value if row["low"] == row["value"] == row["high"] else f"{value} ({to(low, high)})"


def pairs_text_of(result: Across) -> str:
    """Return every claim over all pairs on a few lines."""
    value = result.to_dict()
    head = (
        f"{value['events']}, argument {value['argument']}, as of {value['as_of']}: {of_count(value['pairs'], 'pair')}; "
        f"{made_text(value)}."
    )
    lines = [first_lines(result.cautions) + head, ""]
    for row in value["claims"]:
        by = ", ".join(f"{n} {name}" for name, n in row["pairs_by_verdict"].items() if n)
        weakest = min(row["variants"].items(), key=lambda v: v[1] if row["P"] >= 0.5 else 1 - v[1])
        number = f"{row['value']:z.3f} ({row['low']:z.3f} to {row['high']:z.3f})"
        count = of_count(row["episodes"], "episode")
        measures = f"V {row['V']:.2f}, P {share(row['P'])}, {count}; claimed sign {row['sign']}"
        lines.append(f"{row['id']:<9} {row['verdict']:<13} {number}  {measures}")
        lines.append(f"          {row['text']}")
        lines.append(
            f"          between pairs ± {row['between']:.2f}; at its weakest P {share(weakest[1])} ({weakest[0]})"
        )
        moved = f"; the mean moves most without {row['most_moved_by']}" if value["pairs"] > 1 else ""
        lines.append(f"          pairs by themselves: {by}{moved}")
    expected = value["false_verdicts_expected"]
    lines += [
        "",
        f"If every true effect were zero, {expected:.2g} of the testable rows would not be silent.",
    ]
    lines += [
        "Claims that need declared facts, or deaths the file does not hold, are not here.",
        "Verdicts are by the first version of the rule, on V and P; those of one pair are by the rule in force.",
    ]
    return "\n".join(lines)


def row_text(row: ClaimRow) -> str:
    """Return one claim opened into what made it."""
    from detente.report.text.reasons import settle_text, why

    value = row.to_dict()
    where = f" (¶ {', '.join(map(str, value['paragraph']))})" if value["paragraph"] else ""
    head = f"{value['id']}: {value['text']}{where}"
    lines = [head, f"Verdict: {row.verdict}. {why(row)}."]
    if (settled := settle_text(row)) is not None:
        lines.append(f"To settle it: {settled}.")
    if row.elsewhere is not None:
        lines.append(f"{elsewhere_text(row.elsewhere)}.")
    inside = row.explained()
    for name, judged in (("Judged", inside["judged"]), *(("Also", b) for b in inside["beside"])):
        if judged is None:
            continue
        lines += ["", f"{name}: mean of {', '.join(judged['terms'])}, claimed sign {judged['sign']}"]
        lines.append(
            f"  the argument's own prior {_about(judged['prior'])}, posterior {_about(judged['posterior'])}"
        )
        lines.append(
            f"  from a prior of mean zero {judged['value']:z.3f} ({judged['low']:z.3f} to {judged['high']:z.3f}); "
            f"P {share(judged['P'])}, Bayes factor for the sign {judged['bayes_factor']:.2f}, V {judged['V']:.3f}"
        )
        if name == "Judged":
            lines += _tested(row.judgement)
            lines += [
                f"  {v['name']:<28} {v['value']:z7.3f} ± {v['sd']:.3f}  P {share(v['P'])}"
                for v in judged["variants"]
            ]
    if inside["forecast"] is not None:
        lines += ["", json.dumps(inside["forecast"]["chances"], indent=2)]
    if row.episodes:
        lines += ["", f"Episodes, at least eight weeks apart: {len(row.episodes)}"]
    for found, episode in zip(row.episodes, inside["episodes"], strict=True):
        lines.append(f"  {episode['day']}  {episode_text(found)}{_act(episode['act'])}")
    for act in inside["acts"]:
        lines.append(f"  {act['date']}{_act(act)}")
    return "\n".join(lines)


def _measures(j: Judgement) -> str:
    """Return the figures that a verdict rests on."""
    count = of_count(j.episodes, "episode")
    if j.test is None:
        return f"V {j.V:.2f}, P {share(j.P, 2)}, {count}"
    return (
        f"p {share(j.test.p_plus, 2)} for, {share(j.test.p_minus, 2)} against, power {share(j.test.power, 2)}, "
        f"V {j.V:.2f}, {count}"
    )


def _tested(j: Judgement | None) -> list[str]:
    """Return what the randomisation test says, line by line."""
    if j is None or j.test is None:
        return []
    test = j.test
    return [
        (
            f"  p {share(test.p_plus)} for the claimed sign, {share(test.p_minus)} against it "
            f"(shifts alone {share(test.shifts_plus)}, {share(test.shifts_minus)})"
        ),
        (
            f"  size: without an effect p is at most .05 in {share(test.size_plus)} and {share(test.size_minus)} of "
            f"chronicles (shifts alone {share(test.shifts_size_plus)}, {share(test.shifts_size_minus)})"
        ),
        f"  power {share(test.power)}; verdict under the first version of the rule: {j.first_verdict}",
    ]


def _act(act: dict[str, Any] | None) -> str:
    if act is None:
        return ""
    return f": {act_line(act)} [{act.get('citation') or 'no source'}]"


def _about(pair: tuple[float, float]) -> str:
    return f"{pair[0]:z.2f} ± {pair[1]:z.2f}"


def false_text(result: Claims) -> str:
    """Return how many verdicts chance alone would give."""
    powerful = sum(row.judgement is not None and row.verdict != "no power" for row in result.rows)
    if not powerful:
        return _(
            "No row about mechanisms has the power to be supported or contradicted, so none is so by chance."
        )
    return _(
        "If every mechanism's true effect were zero, {n:.2g} of the {rows} rows with power would read supported or "
        "contradicted."
    ).format(n=result.false_expected, rows=powerful)


def add_sentences(value: dict[str, Any], result: Claims) -> None:
    """Add the bottom line, and to each row why its verdict is what it is."""
    value["sentences"] = {"bottom_line": bottom_line.of_claims(result)}
    for row, found in zip(value["claims"], result.rows, strict=True):
        add_to_row(row, found)


def add_to_article(value: dict[str, Any], result: Article) -> None:
    """Add to each claim of an article why its verdict is what it is."""
    rows = () if result.claims is None else result.claims.rows
    for row, found in zip(value["claims"], rows, strict=True):
        add_to_row(row, found)


def add_to_row(value: dict[str, Any], row: ClaimRow) -> None:
    """Add to one row why its verdict is what it is."""
    from detente.report.text.reasons import settle_text, why

    value["sentences"] = {"why": why(row), "number": number_text(value)}
    if (settled := settle_text(row)) is not None:
        value["sentences"]["settle"] = settled
    if row.elsewhere is not None:
        value["sentences"]["elsewhere"] = elsewhere_text(row.elsewhere)


def explained(row: ClaimRow) -> dict[str, Any]:
    """Return what made a row as plain values, each episode with what began."""
    value = row.explained()
    for episode, found in zip(value["episodes"], row.episodes, strict=True):
        episode["sentences"] = {"why": episode_text(found)}
    if row.forecast is not None:
        ask.add_to_question(value["forecast"]["question"], row.forecast.asked)
    return value


_EPISODES = {
    "declared": for_later("declared {what} of {actor}"),
    "rank": for_later("killing of a {what} figure"),
    "pressure": for_later("{count} acts of pressure in 28 days"),
    "unknown toll": for_later("an attack whose toll is not recorded"),
    "reprisal": for_later("force within 30 days of force received"),
    "crisis": for_later("a crisis begins"),
    "force": for_later("force"),
    "deed": for_later("a friendly deed"),
    "offices": for_later("good offices"),
}


def episode_text(episode: Episode) -> str:
    """Return in words what began on the day of an episode.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.studies.claims.episodes import Episode
    >>> episode_text(Episode(date(2020, 1, 3), "rank", "senior"))
    'killing of a senior figure'
    >>> episode_text(Episode(date(2020, 1, 3), "deaths", count=1))
    '1 death'
    """
    if episode.kind == "deaths":
        return ngettext("{n} death", "{n} deaths", episode.count or 0).format(n=episode.count)
    said = _(_EPISODES[episode.kind])
    return said.format(what=word(episode.what), actor=episode.actor, count=episode.count)
