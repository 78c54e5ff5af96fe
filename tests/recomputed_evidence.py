"""Rows of the event study worked out again with the standard library and NumPy, without the package's code."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from math import log
from pathlib import Path

import numpy as np

Pair = tuple[int, int]
HELD_OUT: Pair = (2, 630)
LAST = 2010 * 12 + 11


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with next(folder.glob(f"**/{name}")).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rivals(folder: Path, until: int) -> dict[Pair, set[int]]:
    found: dict[Pair, set[int]] = defaultdict(set)
    for name, start, end in (("td", "styear", "endyear"), ("tss", "start", "end")):
        for row in rows(folder, f"derived_{name}_rivalries.csv"):
            if all(row[c] not in ("", "NA") for c in ("ccode1", "ccode2", start, end)):
                a, b = sorted(int(float(row[c])) for c in ("ccode1", "ccode2"))
                found[a, b] |= {
                    y for y in range(1946, until + 1) if float(row[start]) <= y <= float(row[end])
                }
    found.pop(HELD_OUT, None)
    return found


def disputes(folder: Path) -> list[dict[str, float]]:
    begun = {int(r["dispnum"]): int(r["styear"]) for r in rows(folder, "gml_mid_disps.csv")}
    grouped: dict[tuple[int, int, int], list[dict[str, str]]] = defaultdict(list)
    for r in rows(folder, "gml_dirdisp.csv"):
        grouped[int(r["dispnum"]), int(r["ccode1"]), int(r["ccode2"])].append(r)
    found = []
    for (number, own, other), years in grouped.items():
        if tuple(sorted((own, other))) == HELD_OUT:
            continue
        first = min(years, key=lambda r: int(r["year"]))
        last = max(int(r["year"]) for r in years)
        year = int(first["year"])
        dated = begun.get(number) == year and 1 <= int(first["stmon"]) <= 12
        start = 12 * year + (int(first["stmon"]) - 1 if dated else 6)
        end = 12 * last + (int(first["endmon"]) - 1 if 1 <= int(first["endmon"]) <= 12 else 11)
        found.append(
            {
                "own": own,
                "other": other,
                "year": year,
                "start": start,
                "end": max(start, end),
                "dated": dated,
                "deaths": int(first["fatality1"]),
                "own_act": int(first["hostlev1"]),
                "other_act": int(first["hostlev2"]),
            }
        )
    return found


def ratio(
    cells: dict[object, list[tuple[bool, float, float]]], *, odds: bool = False
) -> tuple[float, int, int]:
    """Return the ratio over cells of (episode, count, exposure), and how many of both stand in cells with both."""
    sums = np.zeros((2, 2))
    numbers = [0, 0]
    for members in cells.values():
        groups = [[m for m in members if m[0] is side] for side in (True, False)]
        if not all(groups):
            continue
        n = len(members)
        for i, group in enumerate(groups):
            weight = len(groups[1 - i]) / n
            numbers[i] += len(group)
            sums[i] += weight * np.array([sum(m[1] for m in group), sum(m[2] for m in group)])
    one, two = sums[:, 0] / sums[:, 1]
    log_ratio = log(one / two) - (log((1 - one) / (1 - two)) if odds else 0)
    return float(np.exp(log_ratio)), numbers[0], numbers[1]


def deaths_and_force(folder: Path) -> tuple[float, int, int]:
    """Return row M1: own deaths when the other used force, and own force in the five years after."""
    active, all_ = rivals(folder, 2010), disputes(folder)
    starts: dict[Pair, list[int]] = defaultdict(list)
    forceful: dict[Pair, list[int]] = defaultdict(list)
    for d in all_:
        starts[d["own"], d["other"]].append(d["start"])
        if d["own_act"] >= 4:
            forceful[d["own"], d["other"]].append(d["start"])
    cells: dict[object, list[tuple[bool, float, float]]] = defaultdict(list)
    for d in all_:
        pair, key = (d["own"], d["other"]), tuple(sorted((d["own"], d["other"])))
        exposure = min(d["end"] + 60, LAST) - d["end"]
        usable = d["dated"] and d["year"] in active.get(key, ()) and d["other_act"] >= 4 and d["deaths"] >= 0
        if not usable or exposure <= 0:
            continue
        recent = sum(-36 <= s - d["start"] <= -7 for s in starts[pair])
        earlier = sum(-120 <= s - d["start"] <= -37 for s in starts[pair])
        war = max(d["own_act"], d["other_act"]) == 5
        cell = d["year"] // 10, war, d["own_act"] >= 4, min(recent, 2), (earlier > 0) + (earlier > 2)
        after = sum(d["end"] < s <= min(d["end"] + 60, LAST) for s in forceful[pair])
        cells[cell].append((d["deaths"] >= 1, after, exposure))
    return ratio(cells)


def new_sanctions(folder: Path, code_of: dict[str, int]) -> tuple[float, int, int]:
    """Return row M10: new sanctions, and disputes of the pair in the three years after."""
    starts: dict[Pair, list[int]] = defaultdict(list)
    for d in disputes(folder):
        starts[d["own"], d["other"]].append(d["start"] // 12)
    alive = {(int(r["ccode"]), int(r["year"])) for r in rows(folder, "cow_nmc.csv")}
    spells: dict[Pair, list[tuple[int, int]]] = defaultdict(list)
    for r in rows(folder, "gsdb_v3.csv"):
        names = r["sanctioning_state"], r["sanctioned_state"]
        if all(name in code_of for name in names):
            begin, end = int(r["begin"]), int(r["end"])
            pair = tuple(_in_year(code_of[name], begin) for name in names)
            if tuple(sorted(pair)) != HELD_OUT and pair[0] != pair[1]:
                spells[pair].append((begin, end))
    cells: dict[object, list[tuple[bool, float, float]]] = defaultdict(list)
    for pair, known in spells.items():
        for year in range(1950, 2008):
            in_force = any(begin < year <= end for begin, end in known)
            if in_force or any((code, year) not in alive for code in pair):
                continue
            recent = sum(year - 3 <= s <= year - 2 for s in starts[pair])
            earlier = sum(year - 10 <= s <= year - 4 for s in starts[pair])
            after = sum(year + 1 <= s <= year + 3 for s in starts[pair])
            imposed = any(begin == year for begin, _ in known)
            cells[year, min(recent, 1), min(earlier, 2)].append((imposed, after, 36.0))
    return ratio(cells)


def mediated_crises(folder: Path) -> tuple[float, int, int]:
    """Return row M13: mediation against crises still open and unmediated on that day, and agreement."""
    active = rivals(folder, 2017)
    actors: dict[str, list[dict[str, str]]] = defaultdict(list)
    for r in rows(folder, "icb2v14.csv"):
        if r["crisno"]:
            actors[r["crisno"]].append(r)
    units = []
    for r in rows(folder, "icb1v14.csv"):
        start, end = (
            _day(r, *names) for names in (("yrtrig", "motrig", "datrig"), ("yrterm", "moterm", "daterm"))
        )
        if start is None or end is None or not 1946 <= start.year <= 2017:
            continue
        mediated = _day(r, "yrmedst", "momedst", "damedst") if r["mednum"] in ("2", "3") else None
        if r["mednum"] not in ("1", "2", "3") or (r["mednum"] != "1" and mediated is None):
            continue
        if mediated is not None and mediated < start:
            continue
        codes = [int(a["cracid"]) for a in actors[r["crisno"]]]
        sides = {tuple(sorted((a, b))) for a in codes for b in codes if a != b}
        for a in actors[r["crisno"]]:
            cause = int(a["trigent"] or 0)
            if 0 < cause < 990 and cause != int(a["cracid"]):
                sides.add(tuple(sorted((int(a["cracid"]), cause))))
        for pair in sides:
            if start.year in active.get(pair, ()):
                own = [a for a in actors[r["crisno"]] if int(a["cracid"]) in pair]
                agreed = any(a["outfor"] in ("1", "2") for a in own)
                cell = (start.year >= 1963) + (start.year >= 1990), r["break"] in ("8", "9")
                day = None if mediated is None else (mediated - start).days
                units.append((cell, (end - start).days, day, agreed))
    sets: dict[object, list[tuple[bool, float, float]]] = {}
    for cell, length, day, _ in units:
        if day is None or day > length or (cell, day) in sets:
            continue
        sets[cell, day] = [
            (other_day == day, float(agreed), 1.0)
            for other, other_length, other_day, agreed in units
            if other == cell and other_length >= day and (other_day is None or other_day >= day)
        ]
    return ratio(sets, odds=True)


def new_leaders(folder: Path) -> tuple[float, int, int]:
    """Return row M9 disputes: a change of leader after 24 months, and own hostile acts in the year after."""
    starts: dict[Pair, list[int]] = defaultdict(list)
    hostile: dict[Pair, list[int]] = defaultdict(list)
    for d in disputes(folder):
        starts[d["own"], d["other"]].append(d["start"])
        if d["own_act"] >= 2:
            hostile[d["own"], d["other"]].append(d["start"])
    leaders, last = _leaders(folder)
    crises = _crisis_starts(folder)
    cells: dict[object, list[tuple[bool, float, float]]] = defaultdict(list)
    sides = [
        (own, other, month)
        for (a, b), years in rivals(folder, 2010).items()
        for own, other in ((a, b), (b, a))
        for year in years
        for month in range(12 * year, 12 * year + 12)
    ]
    for own, other, month in sides:
        before = [start for start in leaders[own] if start < month]
        exposure = min(month + 12, LAST) - month
        if not before or month - max(before) < 24 or month > last[own] or exposure <= 0:
            continue
        pair = own, other
        recent = sum(-36 <= s - month <= -7 for s in starts[pair])
        earlier = sum(-120 <= s - month <= -37 for s in starts[pair])
        crisis = any(-36 <= s - month <= -7 for s in crises[pair])
        after = sum(month < s <= min(month + 12, LAST) for s in hostile[pair])
        cell = month // 12, min(recent, 2), (earlier > 0) + (earlier > 2), crisis
        cells[cell].append((month in leaders[own], after, exposure))
    return ratio(cells)


def _leaders(folder: Path) -> tuple[dict[int, set[int]], dict[int, int]]:
    starts: dict[int, set[int]] = defaultdict(set)
    last: dict[int, int] = {}
    for row in rows(folder, "archigos.csv"):
        (year, month, _), (end, end_month, _) = (
            map(int, row[d].split("-")) for d in ("startdate", "enddate")
        )
        code = int(float(row["gwcode"]))
        code = _in_year({260: 255, 340: 345}.get(code, code), year)
        starts[code].add(12 * year + month - 1)
        last[code] = max(last.get(code, 0), 12 * end + end_month - 1)
    return starts, last


def _crisis_starts(folder: Path) -> dict[Pair, list[int]]:
    actors: dict[str, set[int]] = defaultdict(set)
    causes: dict[str, set[Pair]] = defaultdict(set)
    for row in rows(folder, "icb2v14.csv"):
        if row["crisno"]:
            code, cause = int(row["cracid"]), int(row["trigent"] or 0)
            actors[row["crisno"]].add(code)
            if 0 < cause < 990 and cause != code:
                causes[row["crisno"]] |= {(code, cause), (cause, code)}
    found: dict[Pair, list[int]] = defaultdict(list)
    for row in rows(folder, "icb1v14.csv"):
        start, end = _day(row, "yrtrig", "motrig", "datrig"), _day(row, "yrterm", "moterm", "daterm")
        if start is None or end is None or end < start:
            continue
        codes = actors[row["crisno"]]
        for pair in {(a, b) for a in codes for b in codes if a != b} | causes[row["crisno"]]:
            found[pair].append(12 * start.year + start.month - 1)
    return found


def _in_year(code: int, year: int) -> int:
    if code in (255, 260):
        return 260 if 1955 <= year < 1990 else 255
    if code in (678, 679):
        return 678 if year < 1990 else 679
    return code


def _day(row: dict[str, str], *names: str) -> date | None:
    year, month, day = (int(float(row[name] or 0)) for name in names)
    if year < 1000 or not 1 <= month <= 12:
        return None
    day = {66: 5, 77: 15, 88: 25, 0: 15}.get(day, day)
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)
