"""What `detente evidence` prints, and what a claim's row says of other rivalries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.studies.evidence.run import Evidence

RATES = {
    "war_after_violent_crisis": "war given a violent crisis, those that start with it among them",
    "war_later_in_violent_crisis": "war given a violent crisis, more than 7 days after it began",
    "exchange_in_year": "an exchange of force begins, from the start of a year of rivalry",
    "exchange_25_dead_in_year": "the same, with more than 25 dead",
    "war_in_year": "a war begins, from the start of a year of rivalry",
    "days_war_ucdp": "days of a war (UCDP, a year with 1,000 dead)",
    "days_war_dispute": "days of a dispute that reached war",
    "days_exchange": "days of a dispute with an exchange of force",
    "days_exchange_25_dead": "the same, with more than 25 dead",
    "deaths_war": "battle deaths of a war",
    "force_without_dead": "disputes with force below war in which nobody died",
    "force_25_dead": "disputes with force below war with more than 25 dead",
    "full_war_ends_in_agreement": "crises with full-scale war that end in an agreement",
    "violent_crisis_ends_in_agreement_24m": "violent crises that end in an agreement within 24 months",
}
"""The reference rates in words."""
MEANING = {
    "holds elsewhere": "the randomisation test finds the claimed direction",
    "contradicted elsewhere": "the randomisation test finds the opposite direction",
    "negligible elsewhere": "any effect is smaller than a quarter",
    "silent elsewhere": "the test could have found a ratio of 1.5, and found none in either direction",
    "no power": "the test would miss a ratio of 1.5 more often than not",
    "not credible": "episodes and controls already differed before the episode",
    "no data": "no public file has the episodes or the outcome",
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
    return f"{row['effect']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


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
    held = " and ".join(value["held_out"])
    made = "the table that comes with the program" if result.shipped else "computed from your files"
    lines = [
        f"Claims on other rivalries ({made}): {value['rivalries']} pairs of states, {value['rivalry_years']:,} years of rivalry; "
        f"{held} held out.",
        f"Protocol of {value['protocol']['written']}, SHA-256 {value['protocol']['first_sha256'][:16]}… before any outcome "
        f"was joined, {value['protocol']['sha256'][:16]}… with its amendments; {value['permutations']:,} permutations, seed {value['seed']}.",
        "",
        f"{'row':<12}{'verdict':<24}{'ratio (90 %)':<24}{'power':>6}{'least':>7}{'episodes':>10}{'controls':>10}{'pairs':>7}",
    ]
    for row in value["rows"]:
        lines.append(_line(row))
        lines.append(f"            {row['text']}")
    shown = {row["id"] for row in value["rows"]}
    lines += [f"{each['id']:<12}{'no data':<24}{each['reason']}" for each in value["no_data"] if each["id"] not in shown]
    lines += [
        "",
        "A ratio above 1 means more often after an episode than in controls of the same cell; whether that is what the claim "
        "says is in its text.",
        "Power is the chance to find a ratio of 1.5, least the ratio found with probability .8. A row without power may show "
        "a large ratio: it is then likely to be too large.",
        "These are associations under a design, not effects: docs/evidence.md.",
        "",
        "Reference rates of rivalries (90 % intervals)",
        *rate_lines(value["rates"]),
    ]
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    power, least = (f"{row[k]:.2f}" if row.get(k) is not None else "–" for k in ("power", "mde"))
    return (
        f"{row['id']:<12}{row.get('verdict', '–'):<24}{ratio(row):<24}{power:>6}{least:>7}{row['n_episodes']:>10,}"
        f"{row['n_controls']:>10,}{row['n_rivalries']:>7}"
    )


def rate_lines(rates: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return the reference rates, one a line, each with its source."""
    lines = [f"{'':<72}{'6 months':>18}{'12':>18}{'24':>18}"]
    for each in rates["chances"]:
        cells = "".join(f"{b['share']:>6.3f} ({b['low']:.3f}–{b['high']:.3f})".rjust(20) for b in each["by"])
        lines.append(f"{RATES[each['id']]:<68}{cells}  {each['n']:,} {each['of']} [{each['source']}]")
    for each in rates["quantiles"]:
        lines.append(
            f"{RATES[each['id']]}: {each['q10']:,.0f} / {each['q50']:,.0f} / {each['q90']:,.0f} (10, 50, 90 %; "
            f"{each['n']} cases) [{each['source']}]"
        )
    for each in rates["exponents"]:
        lines.append(
            f"{RATES[each['id']]} above {each['from']:,.0f}: exponent of survival {each['value']:.2f} ± {each['error']:.2f} "
            f"({each['n']} wars) [{each['source']}]"
        )
    for each in rates["shares"]:
        lines.append(
            f"{RATES[each['id']]}: {each['share']:.2f} ({each['low']:.2f}–{each['high']:.2f}; {each['n']} cases) "
            f"[{each['source']}]"
        )
    return lines


def row_text(result: Evidence) -> str:
    """Return one row opened into what made it."""
    row = result.to_dict()["rows"][0]
    lines = [f"{row['id']}: {row['text']}"]
    if row.get("effect") is None:
        return "\n".join([*lines, "There is nothing to compare."])
    verdict = row.get("verdict")
    if verdict:
        lines.append(f"Verdict: {verdict}: {MEANING[verdict]}.")
    lines += [
        f"{row['scale'].capitalize()} {ratio(row)}; means {row['mean_episodes']:.4g} after episodes, "
        f"{row['mean_controls']:.4g} in controls.",
        f"{row['n_episodes']:,} episodes and {row['n_controls']:,} controls in {row['n_cells']:,} cells; "
        f"{row['n_episodes_unmatched']:,} episodes without a control; {row['n_rivalries']} pairs of states.",
        f"Clustered error {row['error']:.3f}"
        + (
            f", spread of {row['draws']:,} permutations {row['spread']:.3f}; p {chance_of(row['p_for'])} for the claim, "
            f"{chance_of(row['p_against'])} against it; power {row['power']:.2f} against 1.5, found with .8: × {row['mde']:.2f}."
            if row.get("spread") is not None
            else "."
        ),
    ]
    if row.get("e_value") is not None:
        lines.append(
            f"E-value {row['e_value']:.2f}, of the limit of the interval {row['e_value_of_limit']:.2f}: an unmeasured cause would have to "
            "go with both episode and outcome at least this strongly."
        )
    leads = ", ".join(f"{w['from']} to {w['until']}: {ratio(w)}" for w in row["leads"])
    if leads:
        p = "" if row.get("leads_p") is None else f"; jointly zero p {chance_of(row['leads_p'])}"
        lines.append(f"Before the episode (placebo): {leads}{p}.")
    if row["lags"]:
        lines.append("After it: " + ", ".join(f"{w['from']} to {w['until']}: {ratio(w)}" for w in row["lags"]) + ".")
    decades = [(d["decade"], d["effect"]) for d in row["without_decade"] if d["effect"] is not None]
    if decades:
        lines.append("Without a decade: " + ", ".join(f"{decade}s {effect:.2f}" for decade, effect in decades) + ".")
    lines += [f"{v['name']}: {ratio(v)}." for v in row["variants"]]
    pooled = row.get("pooled")
    if pooled:
        lines += [
            f"Between rivalries: sd {pooled['between']:.2f} ({pooled['between_low']:.2f} to {pooled['between_high']:.2f}; "
            f"before the data {pooled['between_prior_median']:.2f}). A rivalry not among them: log ratio {pooled['new_mean']:z.2f} ± "
            f"{pooled['new_sd']:.2f}.",
            *_moved(row, pooled),
        ]
    return "\n".join(lines)


def _moved(row: dict[str, Any], pooled: dict[str, Any]) -> list[str]:
    pairs = [p for p in pooled["pairs"] if p["without"] is not None]
    if not pairs:
        return []
    most = max(pairs, key=lambda p: abs(p["without"] - row["effect"]))
    low, high = min(p["without"] for p in pairs), max(p["without"] for p in pairs)
    return [
        f"Without any one rivalry: {low:.2f} to {high:.2f}; it moves most without {most['name']} ({most['without']:.2f})."
    ]
