"""The use cases over many pairs: a world, a prior from it, and the backtest of skill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from detente.argument.world_prior import WorldPrior
from detente.base.clock import seconds
from detente.base.days import Window
from detente.base.errors import ArgumentError, DataError, Fault
from detente.base.input_limits import LIMITS, Limits
from detente.base.limits import THREADS
from detente.base.progress import Progress
from detente.base.store import Cache, store_of
from detente.base.tables import Tables, heading
from detente.base.workers import Workers
from detente.events.chronicle import Chronicle
from detente.events.files.embedded import embedded_rivalries, load_embedded
from detente.events.files.event_file import load_events
from detente.events.provenance import Era
from detente.lab.arguments import load_argument, names_file
from detente.lab.settings import Day, day_given, whole_given
from detente.lab.too_little import chronicle_cautions, require_covered, with_cautions
from detente.studies.world.estimate_prior import world_prior
from detente.studies.world.pairs import acts_between, pairs_of
from detente.studies.world.skill import FUTURES, Skill, backtest_pairs
from detente.studies.world.trial import SEED
from detente.studies.world.world import World, fit_world

LEAST_ACTS = 5  # of a pair, below which it is left out
ERA_DAYS = 730  # of an era, below which the one before is fitted too


@dataclass(frozen=True)
class WorldRun(Tables):
    """A fitted world with the chronicle it was counted from.

    Attributes
    ----------
    world : World
    chronicle : Chronicle
    acts : polars.DataFrame
        event, date, source, target, class of every act before as_of; `event` is a row of the chronicle's events.
    """

    world: World
    chronicle: Chronicle
    acts: pl.DataFrame
    tables = (*World.tables, "acts")

    def _about(self) -> str:
        return heading(self.chronicle.provenance.name, *self.world.subject, acts=self.acts.height)

    def _table(self, name: str) -> pl.DataFrame:
        return self.acts if name == "acts" else self.world.to_polars(name)

    def to_dict(self) -> dict[str, Any]:
        """Return the run as plain JSON types."""
        about = self.chronicle.provenance
        value = {"file": about.name, "data": {"digest": self.chronicle.digest}} | self.world.to_dict()
        return with_cautions(value, chronicle_cautions(self.chronicle))

    def last_acts(self, source: str, target: str, count: int) -> pl.DataFrame:
        """Return the last acts of a directed pair, latest first, with the columns of the chronicle."""
        own = self.acts.filter((pl.col("source") == source) & (pl.col("target") == target))
        rows = own.sort("date", maintain_order=True).tail(count)["event"].to_list()[::-1]
        return self.chronicle.events[rows]


def load_world(
    events: str | Path,
    *,
    codebook: str | None = None,
    skip_bad: bool = False,
    limits: Limits = LIMITS,
    vintage: date | None = None,
) -> Chronicle:
    """Load a chronicle with many pairs: a named rivalry's, an argument's own, or that of an event file.

    Equal rows of an event file are acts of their own. Of a file whose coverage is in parts it is the last one: pairs
    are fitted day by day, without a hole between.

    Raises
    ------
    DataError, ArgumentError
        As `load_events`; if an argument names no events.
    """
    asked: dict[str, Any] = {"codebook": codebook, "skip_bad": skip_bad, "limits": limits, "vintage": vintage}
    if names_file(events):
        found = load_argument(events, limits=limits)
        own = found.event_file()
        if own is None:
            where = found.place(())
            raise ArgumentError(Fault("required", "events", where=where, hint="name_events"))
        chronicle = load_events(own, duplicates="keep", **asked)
        read = replace(chronicle.provenance, files=(*found.files, *chronicle.provenance.files))
        eras = tuple(Era(e.start, e.known_from) for e in found.eras)
        return replace(chronicle, eras=eras, provenance=read).last_part()
    if str(events) in embedded_rivalries() and not Path(events).exists():
        if vintage is not None:
            raise DataError(Fault("only_with", "vintage", got=vintage, other="events"))
        return load_embedded(str(events))
    return load_events(events, duplicates="keep", **asked).last_part()


def world_of(
    events: str | Path,
    *,
    as_of: Day | None = None,
    pairs: int = 200,
    codebook: str | None = None,
    states: bool = False,
    skip_bad: bool = False,
    vintage: Day | None = None,
    cache: Cache = True,
    threads: int | Workers = 0,
    limits: Limits = LIMITS,
) -> WorldRun:
    """Fit all pairs of an event file together, with what was known by `as_of`.

    Parameters
    ----------
    events : str or path
        An event file, an argument that names one, or a named rivalry.
    as_of : date or str, optional
        First day not used; the day after the last event if absent.
    pairs : int
        Undirected pairs with most acts before `as_of`; both directions of each are fitted.
    codebook, skip_bad
        See `load_events`.
    states : bool
        Whether an actor is the first three letters of its code.
    vintage : date or str, optional
        Only rows reported before this day.
    cache : path or bool
        Folder where fits are kept; True is the user's own, False keeps and reads none.
    threads : int or Workers
        0 uses every core.
    limits : Limits
        How much may be read.

    Raises
    ------
    DataError, FitError
        If the file cannot be read, or there is nothing to fit before `as_of`.

    Notes
    -----
    Acts of different eras of coverage cannot be compared, so only the last era is fitted that is known by `as_of` and
    has two years before it. A pair with fewer than five acts is left out.
    """
    as_of, pairs = day_given("as_of", as_of), whole_given("pairs", pairs, 1, 5000) or 1
    if not isinstance(threads, Workers):
        threads = whole_given("threads", threads, *THREADS) or 0
    known = day_given("vintage", vintage)
    chronicle = load_world(events, codebook=codebook, skip_bad=skip_bad, limits=limits, vintage=known)
    window = chronicle.window
    require_covered(chronicle, as_of or window.end)
    end = min(as_of or window.end, window.end)
    if end <= window.start:
        first, hint = "the first event", "events_begin"
        raise DataError(Fault("not_after", "as_of", got=end, hint=hint, other=first, start=window.start))
    window = Window(_even_from(chronicle, end), end)
    acts = acts_between(chronicle, states=states)
    acts = acts.filter((pl.col("date") >= window.start) & (pl.col("date") < end))
    pair = pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target")
    acts = acts.filter(pl.len().over(*pair) >= LEAST_ACTS)
    store = store_of(cache, limits.kept)
    return WorldRun(
        fit_world(pairs_of(acts, window, pairs=pairs), store=store, threads=threads), chronicle, acts
    )


def _even_from(chronicle: Chronicle, end: date) -> date:
    """Return the first day of the last era that is known by `end` and has two years before it."""
    starts = [
        era.start for era in chronicle.eras if era.known_from <= end and (end - era.start).days >= ERA_DAYS
    ]
    return max([chronicle.window.start, *starts])


def world_prior_of(run: WorldRun, *, fast_half_life_days: float, made_by: str) -> WorldPrior:
    """Estimate a world prior from the pairs of a world; see `detente.argument.load` for its use.

    Raises
    ------
    FitError
        If a class does not converge.
    """
    pairs = run.world.pairs
    about = {
        "file": run.chronicle.provenance.name,
        "digest": run.chronicle.digest,
        "from": pairs.window.start.isoformat(),
        "directed_pairs": len(pairs.source),
        "acts": int(pairs.counts.sum()),
    }
    return world_prior(pairs, fast_half_life_days=fast_half_life_days, made_by=made_by, data=about)


def skill_of(
    events: str | Path,
    *,
    pairs: int,
    train_share: float,
    horizons: tuple[int, ...],
    ablations: bool = True,
    trees: bool = True,
    codebook: str | None = None,
    states: bool = False,
    skip_bad: bool = False,
    vintage: date | None = None,
    futures: int = FUTURES,
    seed: int = SEED,
    cache: Cache = True,
    threads: int | Workers = 0,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> Skill:
    """Compare the world model of an event file with plain models in a backtest; see `backtest_pairs`."""
    chronicle = load_world(events, codebook=codebook, skip_bad=skip_bad, limits=limits, vintage=vintage)
    found = backtest_pairs(
        chronicle,
        pairs=pairs,
        train_share=train_share,
        horizons=horizons,
        ablations=ablations,
        trees=trees,
        states=states,
        futures=futures,
        seed=seed,
        store=store_of(cache, limits.kept),
        threads=threads,
        clock=seconds,
        progress=progress,
    )
    return replace(found, protocol=with_cautions(found.protocol, chronicle_cautions(chronicle)))
