"""Estimate how pairs of actors go on and answer each other, for `prior: rivalries` of an argument.

Run: python benchmarks/estimate_dynamics.py GULF_WEIS.csv.gz LEVANT_CAMEO.csv.gz

Every pair with enough acts before 2000, but that of the embedded rivalry, is thinned at random to the density of a
chronicle written by hand and fitted alone, several times, under weak priors; what is written holds an estimate and a
standard error for each pair and term (docs/rivalries.md). No row of the files is written.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from detente.argument.argument import Argument
from detente.argument.blocks import ClocksSpec, MechanismSpec
from detente.base.days import Window
from detente.events.chronicle import Chronicle
from detente.events.files.event_file import load_events
from detente.model.compiler import compile_argument
from detente.model.fit import fit
from detente.model.mechanisms.base import Prior
from detente.model.memory import Log1p, Saturate
from detente.model.program import Program
from detente.studies.scoring.baselines import with_priors

OUT = Path(__file__).parents[1] / "src" / "detente" / "data" / "dynamics.json"
UNTIL = date(2000, 1, 1)  # first day that is not used: every date of the backtests lies after it
FEWEST = 150  # acts of a pair before that day
A_YEAR = 12.0  # acts of a pair left by thinning; the embedded chronicle has 9 a year between its principals
THINNINGS = 5  # of one pair, averaged
WEAK = 1.0  # prior sd of every term, around zero; taken out again of what is written
LEAST_TOLD = 0.05  # share of the prior's precision that the acts must add for an estimate to be written
WRITTEN = ("momentum", "attention", "reprisal", "tension", "level")
MECHANISMS = (
    *WRITTEN,
    "flare",
    "exchange",
)  # fitted; news repeats itself for days, so its flares are not a chronicle's
EMBEDDED = frozenset({"IRN", "USA"})
# Names of one actor in the two files, ours first; peoples and offices stay, sums of many actors are left out.
NAMES = {
    "LBN": ("LEB",),
    "EGY": ("UAR",),
    "GBR": ("UNK",),
    "FRA": ("FRN",),
    "DEU": ("GER",),
    "JPN": ("JAP",),
    "KWT": ("KUW",),
    "RUS": ("USR",),
    "PAL": ("PSE",),
}
SUMS = ("UNO", "IGO", "NGO", "ARB", "MEA", "EEC", "OPC", "MOS", "JEW", "CHR", "EUR", "AFR", "ASA", "GCC")
Pair = tuple[str, str]
Estimates = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Told:
    """What one pair says: the file it is taken from, its acts before and after thinning, and its estimates."""

    pair: Pair
    file: str
    acts: int
    kept: float
    terms: Estimates


def read(path: str, codebook: str) -> Chronicle:
    """Read a file's acts before 2000 with actors cut to three letters, equal rows of a day once."""
    chronicle = load_events(path, codebook=codebook, skip_bad=True)
    ours = {theirs: name for name, others in NAMES.items() for theirs in others}
    cut = [pl.col(c).str.slice(0, 3).replace(ours) for c in ("source", "target")]
    events = chronicle.events.filter(pl.col("date") < UNTIL).with_columns(cut)
    events = events.filter(pl.col("source") != pl.col("target"))
    events = events.unique(
        ["date", "source", "target", "action", "intensity"], keep="first", maintain_order=True
    )
    return replace(
        chronicle,
        events=events,
        window=Window(chronicle.window.start, min(chronicle.window.end, UNTIL)),
    )


def pairs_of(chronicles: dict[str, Chronicle]) -> dict[Pair, str]:
    """Return the pairs with enough acts, each with the file that has more of them."""
    most: dict[Pair, tuple[int, str]] = {}
    for file, chronicle in chronicles.items():
        ends = (
            pl.min_horizontal("source", "target").alias("a"),
            pl.max_horizontal("source", "target").alias("b"),
        )
        for a, b, acts in chronicle.events.select(*ends).group_by("a", "b").len().sort("a", "b").iter_rows():
            wanted = acts >= FEWEST and not {a, b} & {*SUMS} and {a, b} != EMBEDDED
            if wanted and acts > most.get((a, b), (0, ""))[0]:
                most[a, b] = acts, file
    return {pair: file for pair, (_, file) in sorted(most.items())}


def between(chronicle: Chronicle, pair: Pair) -> Chronicle:
    """Return the acts between two actors."""
    both = pl.col("source").is_in(pair) & pl.col("target").is_in(pair)
    return replace(chronicle, events=chronicle.events.filter(both))


def thinned(chronicle: Chronicle, pair: Pair, number: int) -> Chronicle:
    """Return the acts left by one thinning; all of them where there are no more than that."""
    share = A_YEAR * chronicle.window.days / 365.25 / chronicle.events.height
    rng = np.random.default_rng([number, *"-".join(pair).encode()])
    left = rng.random(chronicle.events.height) < share
    return replace(chronicle, events=chronicle.events.filter(pl.Series(left)))


def unbent(program: Program) -> Program:
    """Return the program with memories that do not level off, but where a mechanism gives a cap of its own."""
    atoms, rows = list(program.atoms), list(program.history.atom_rows)
    for i, atom in enumerate(program.atoms):
        if isinstance(atom, Saturate) and atom.cap is None:
            atoms[i] = Log1p(atom.memory, atom.scale)
            rows[i] = np.log1p(program.history.memory_rows[program.memories.index(atom.memory)] / atom.scale)
    return replace(program, atoms=tuple(atoms), history=replace(program.history, atom_rows=tuple(rows)))


def estimates_of(argument: Argument, chronicle: Chronicle) -> Estimates:
    """Return an estimate and a standard error of each term that the acts say something of.

    The fit reads the log of each memory, which no cap bends, and is made under N(0, `WEAK`²). What the acts alone say
    follows from it, as a normal: its precision is the posterior's less the prior's, its mean the posterior's mode times
    the posterior's precision over its own.
    """
    program = unbent(compile_argument(argument, chronicle, chronicle.window.end))
    posterior = fit(with_priors(program, lambda _: Prior(0.0, WEAK)))
    found = {}
    for coefficient, mode, sd in zip(program.coefficients, posterior.mode, posterior.sd, strict=True):
        told = 1 / sd**2 - 1 / WEAK**2
        if coefficient.mechanism in WRITTEN and told > LEAST_TOLD / WEAK**2:
            key = f"{coefficient.mechanism}.{coefficient.term}"
            found[key] = float(mode / sd**2 / told), float(told**-0.5)
    return found


def averaged(many: list[Estimates]) -> Estimates:
    """Return the mean of estimates over thinnings, with the mean of their variances.

    Thinnings of one pair share acts, so their mean is not much surer than one of them: the errors are not divided.
    """
    out = {}
    for key in sorted({key for one in many for key in one}):
        values = np.array([one[key] for one in many if key in one])
        if len(values) == len(many):
            out[key] = (
                round(float(values[:, 0].mean()), 3),
                round(float(np.sqrt((values[:, 1] ** 2).mean())), 3),
            )
    return out


def told_by(chronicle: Chronicle, pair: Pair, file: str, thinnings: int = THINNINGS) -> Told:
    """Return what one pair says of the terms."""
    acts = between(chronicle, pair)
    argument = Argument(
        argument="dynamics",
        title="Dynamics",
        principals=pair,
        mechanisms={name: MechanismSpec() for name in MECHANISMS},
    )
    samples = [thinned(acts, pair, number) for number in range(thinnings)]
    terms = averaged([estimates_of(argument, sample) for sample in samples])
    kept = float(np.mean([sample.events.height for sample in samples]))
    return Told(pair, file, acts.events.height, round(kept, 1), terms)


def written(told: list[Told], files: dict[str, Path]) -> str:
    """Return the table as JSON, a line a pair."""
    clocks = ClocksSpec()
    head = {
        "made_by": f"python benchmarks/estimate_dynamics.py {' '.join(path.name for path in files.values())}",
        "source": "schrodt1994keds",
        "data_until": UNTIL.isoformat(),
        "acts_a_year": A_YEAR,
        "thinnings": THINNINGS,
        "half_lives": {"fast": clocks.fast, "slow": clocks.slow},
        "scheme": "quad",
    }
    rows = [
        {
            "actors": [[name, *NAMES.get(name, ())] for name in one.pair],
            "file": one.file,
            "acts": one.acts,
            "kept": one.kept,
            "terms": one.terms,
        }
        for one in told
    ]
    lines = ",\n  ".join(json.dumps(row) for row in rows)
    return json.dumps(head, indent=1)[:-2] + f',\n "pairs": [\n  {lines}\n ]\n}}\n'


def main(gulf: str, levant: str) -> None:
    """Estimate every pair and write the table."""
    files = {"gulf": Path(gulf), "levant": Path(levant)}
    chronicles = {"gulf": read(gulf, "weis"), "levant": read(levant, "cameo")}
    told = []
    for pair, file in pairs_of(chronicles).items():
        told.append(told_by(chronicles[file], pair, file))
        print(*pair, file, told[-1].acts, len(told[-1].terms), flush=True)
    OUT.write_text(written(told, files), encoding="utf-8")
    print(f"{len(told)} pairs, {sum(len(one.terms) for one in told)} estimates: {OUT}")


if __name__ == "__main__":
    main(*sys.argv[1:])
