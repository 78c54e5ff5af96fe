"""What `detente evidence` prints, and what a claim's row says of other rivalries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.events.ontology.states import state_name
from detente.report.languages.language import _, for_later, own, word
from detente.report.text.numbers import clauses, to

if TYPE_CHECKING:
    from detente.model.elsewhere import Elsewhere
    from detente.studies.evidence.run import Evidence

RATES = {
    "war_after_violent_crisis": for_later("war given a violent crisis, those that start with it among them"),
    "war_later_in_violent_crisis": for_later("war given a violent crisis, more than 7 days after it began"),
    "exchange_in_year": for_later("an exchange of force begins, from the start of a year of rivalry"),
    "exchange_25_dead_in_year": for_later("the same, with more than 25 dead"),
    "war_in_year": for_later("a war begins, from the start of a year of rivalry"),
    "days_war_ucdp": for_later("days of a war (UCDP, a year with 1,000 dead)"),
    "days_war_dispute": for_later("days of a dispute that reached war"),
    "days_exchange": for_later("days of a dispute with an exchange of force"),
    "days_exchange_25_dead": for_later("the same, with more than 25 dead"),
    "deaths_war": for_later("battle deaths of a war"),
    "force_without_dead": for_later("disputes with force below war in which nobody died"),
    "force_25_dead": for_later("disputes with force below war with more than 25 dead"),
    "full_war_ends_in_agreement": for_later("crises with full-scale war that end in an agreement"),
    "violent_crisis_ends_in_agreement_24m": for_later(
        "violent crises that end in an agreement within 24 months"
    ),
}
"""The reference rates in words."""
CASES = {
    "violent_crises": for_later("pairs in a violent crisis"),
    "calm_crises": for_later("such pairs without war by day 7"),
    "rivalry_years": for_later("years of rivalry"),
}
"""What chances are of, in words."""
MEANING = {
    "holds elsewhere": for_later("the randomisation test finds the claimed direction"),
    "contradicted elsewhere": for_later("the randomisation test finds the opposite direction"),
    "negligible elsewhere": for_later("any effect is smaller than a quarter"),
    "silent elsewhere": for_later(
        "the test could have found a ratio of 1.5, and found none in either direction"
    ),
    "no power": for_later("the test would miss a ratio of 1.5 more often than not"),
    "not credible": for_later("episodes and controls already differed before the episode"),
    "no data": for_later("no public file has the episodes or the outcome"),
}
"""What each verdict means."""


def ratio(row: dict[str, Any]) -> str:
    """Write a ratio with its interval.

    Examples
    --------
    >>> ratio({"effect": 2.525, "low": 1.585, "high": 4.025})
    '2.52 (1.58 to 4.03)'
    """
    if row.get("effect") is None:
        return "–"
    low, high = (f"{row[end]:.2f}" for end in ("low", "high"))
    return f"{row['effect']:.2f} ({to(low, high)})"


def chance_of(p: float) -> str:
    """Write a p-value.

    Examples
    --------
    >>> chance_of(0.0005), chance_of(0.042), chance_of(0.5)
    ('< 0.001', '0.042', '0.50')
    """
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def text_of(result: Evidence) -> str:
    """Return every row on two lines, and the reference rates."""
    value = result.to_dict()
    shown = {row["id"] for row in value["rows"]}
    rows = [line for row in value["rows"] for line in (_line(row), f"{'':<15}{row['text']}")]
    lacking = [each for each in value["no_data"] if each["id"] not in shown]
    heads = "".join(f"{name:>{width}}" for name, width in _NUMBERS)
    return "\n".join(
        [
            *_heads(value, shipped=result.shipped),
            *([] if result.of_this_code else ["The table was made by another state of the program's code."]),
            "",
            f"{'row':<15}{'verdict':<24}{'ratio (90 %)':<24}{heads}",
            *rows,
            *(f"{each['id']:<15}{'no data':<24}{each['reason']}" for each in lacking),
            "",
            *_FOOT,
            "",
            "Reference rates of rivalries (90 % intervals)",
            *rate_lines(value["rates"]),
        ]
    )


_NUMBERS = (("power", 6), ("least", 7), ("episodes", 10), ("controls", 10), ("pairs", 7))
_FOOT = (
    "A ratio above 1: more often after an episode than in controls of the same cell. The text says what is claimed.",
    "Power is the chance to find a ratio of 1.5; least is the ratio found with probability .8.",
    "A row without power can still show a large ratio, which is then likely to be too large.",
    "These are associations under a design, not effects: docs/evidence.md.",
)


def _heads(value: dict[str, Any], *, shipped: bool) -> list[str]:
    """Return what the table is of, and the protocol it was made under."""
    made = "the table that comes with the program" if shipped else "computed from your files"
    rules = value["protocol"]
    return [
        (
            f"Claims on other rivalries ({made}): {value['rivalries']} pairs of states, "
            f"{value['rivalry_years']:,} years of rivalry; {' and '.join(value['held_out'])} held out."
        ),
        (
            f"Protocol of {rules['written']}: SHA-256 {rules['first_sha256'][:16]}… before any outcome was joined, "
            f"{rules['sha256'][:16]}… with its amendments."
        ),
        f"Results of an earlier trial were known for {', '.join(rules['seen_before'])}.",
        f"{value['permutations']:,} permutations, seed {value['seed']}.",
    ]


def _line(row: dict[str, Any]) -> str:
    power, least = (f"{row[k]:.2f}" if row.get(k) is not None else "–" for k in ("power", "mde"))
    counts = (f"{row[name]:,}" for name in ("n_episodes", "n_controls", "n_rivalries"))
    numbers = zip((power, least, *counts), _NUMBERS, strict=True)
    return f"{row['id']:<15}{row.get('verdict', '–'):<24}{ratio(row):<24}" + "".join(
        f"{number:>{width}}" for number, (_, width) in numbers
    )


def rate_lines(rates: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return the reference rates, one a line, each with its source."""
    heads = "".join(f"{f'{months} months':>20}" for months in (6, 12, 24))
    return [
        f"{'':<66}{heads}",
        *map(_chance_line, rates["chances"]),
        *map(_quantile_line, rates["quantiles"]),
        *map(_exponent_line, rates["exponents"]),
        *map(_share_line, rates["shares"]),
    ]


def _chance_line(each: dict[str, Any]) -> str:
    cells = "".join(f"{b['share']:.3f} ({b['low']:.3f}–{b['high']:.3f})".rjust(20) for b in each["by"])
    return f"{RATES[each['id']]:<66}{cells}  {each['n']:,} {CASES[each['of']]} [{each['source']}]"


def _quantile_line(each: dict[str, Any]) -> str:
    return (
        f"{RATES[each['id']]}: {each['q10']:,.0f} / {each['q50']:,.0f} / {each['q90']:,.0f} "
        f"(10, 50, 90 %; {each['n']} cases) [{each['source']}]"
    )


def _exponent_line(each: dict[str, Any]) -> str:
    return (
        f"{RATES[each['id']]} above {each['from']:,.0f}: exponent of survival {each['value']:.2f} "
        f"± {each['error']:.2f} ({each['n']} wars) [{each['source']}]"
    )


def _share_line(each: dict[str, Any]) -> str:
    return (
        f"{RATES[each['id']]}: {each['share']:.2f} ({each['low']:.2f}–{each['high']:.2f}; {each['n']} cases) "
        f"[{each['source']}]"
    )


def evidence_row_text(result: Evidence) -> str:
    """Return one row opened into what made it."""
    row = result.to_dict()["rows"][0]
    lines = [f"{row['id']}: {row['text']}"]
    if row.get("effect") is None:
        return "\n".join([*lines, "There is nothing to compare."])
    if verdict := row.get("verdict"):
        lines.append(f"Verdict: {verdict}: {MEANING[verdict]}.")
    lines += [
        (
            f"{row['scale'].capitalize()} {ratio(row)}; means {row['mean_episodes']:.4g} after episodes, "
            f"{row['mean_controls']:.4g} in controls."
        ),
        (
            f"{row['n_episodes']:,} episodes and {row['n_controls']:,} controls in {row['n_cells']:,} cells, "
            f"{row['n_rivalries']} pairs of states; {row['n_episodes_unmatched']:,} episodes have no control."
        ),
        *_tests(row),
        *_windows(row),
    ]
    decades = [f"{d['decade']}s {d['effect']:.2f}" for d in row["without_decade"] if d["effect"] is not None]
    lines.append(f"Without a decade: {', '.join(decades)}.")
    lines += [f"{v['name'][:1].upper()}{v['name'][1:]}: {ratio(v)}." for v in row["variants"]]
    return "\n".join([*lines, *_over_pairs(row)])


def _tests(row: dict[str, Any]) -> list[str]:
    lines = [f"Standard error, clustered by pair and by year: {row['error']:.3f}."]
    if row.get("spread") is not None:
        lines += [
            (
                f"{row['draws']:,} permutations: spread {row['spread']:.3f}, p {chance_of(row['p_for'])} for the "
                f"claim, {chance_of(row['p_against'])} against it."
            ),
            f"Power against 1.5: {row['power']:.2f}. Found with probability .8: × {row['mde']:.2f}.",
        ]
    if row.get("e_value") is not None:
        lines.append(
            f"E-value {row['e_value']:.2f}, of the interval's limit {row['e_value_of_limit']:.2f}: an unmeasured cause "
            "would have to go with both episode and outcome at least this strongly."
        )
    return lines


def _windows(row: dict[str, Any]) -> list[str]:
    before, after = (
        ", ".join(f"{w['from']} to {w['until']}: {ratio(w)}" for w in row[part]) for part in ("leads", "lags")
    )
    p = "" if row.get("leads_p") is None else f"; jointly zero p {chance_of(row['leads_p'])}"
    lines = [f"Before the episode (placebo): {before}{p}."] if before else []
    return [*lines, f"After it: {after}."] if after else lines


def _over_pairs(row: dict[str, Any]) -> list[str]:
    if not (pooled := row.get("pooled")):
        return []
    lines = [
        (
            f"Spread between rivalries: {pooled['between']:.2f} ({pooled['between_low']:.2f} to "
            f"{pooled['between_high']:.2f}); before the data {pooled['between_prior_median']:.2f}."
        ),
        f"A rivalry not among them: log ratio {pooled['new_mean']:z.2f} ± {pooled['new_sd']:.2f}.",
    ]
    pairs = [p for p in pooled["pairs"] if p["without"] is not None]
    if pairs:
        most = max(pairs, key=lambda p: abs(p["without"] - row["effect"]))
        low, high = min(p["without"] for p in pairs), max(p["without"] for p in pairs)
        lines.append(
            f"Without any one rivalry: {low:.2f} to {high:.2f}; it moves most without {pair_name(most)} "
            f"({most['without']:.2f})."
        )
    return lines


def pair_name(pair: dict[str, Any]) -> str:
    """Return the names of a pair of states."""
    return "–".join(state_name(code) for code in pair["pair"])


def elsewhere_text(found: Elsewhere) -> str:
    """Return in a sentence what other rivalries say of a claim, beside the verdict on the chronicle.

    Examples
    --------
    >>> from detente.model.elsewhere import elsewhere
    >>> print(elsewhere_text(elsewhere("M11")))
    In other rivalries: no data (row M11 of detente evidence)
    >>> print(elsewhere_text(elsewhere("R1")).split(";")[0])
    In other rivalries, “Sanctions on trade or finance succeed less often than lighter ones”: no power
    """
    verdict = word(found.verdict.removesuffix(" elsewhere"))
    if found.effect is None or found.power is None or found.mde is None:
        return _("In other rivalries: {verdict} (row {row} of detente evidence)").format(
            verdict=word(found.verdict), row=found.row
        )
    head = (
        _("In other rivalries: {verdict}")
        if found.text is None
        else _("In other rivalries, “{claim}”: {verdict}")
    )
    claim = own(found.text.rstrip(".")) if found.text else ""
    ratio_ = (
        _("{scale} {ratio}, claimed above 1") if found.sign == "+" else _("{scale} {ratio}, claimed below 1")
    )
    parts = [
        head.format(verdict=verdict, claim=claim),
        ratio_.format(scale=word(found.scale or ""), ratio=ratio(found.to_dict())),
        _("{episodes:,} episodes in {rivalries} pairs of states").format(
            episodes=found.n_episodes, rivalries=found.n_rivalries
        ),
        _("power {power:.2f} against 1.5, found with .8: × {mde:.2f}").format(
            power=found.power, mde=found.mde
        ),
    ]
    if found.left_out:
        parts.append(_("this pair left out of the ratio"))
    return _("{says} (row {row} of detente evidence)").format(says=clauses(parts), row=found.row)
