"""A case: a rivalry, its argument and its chronicle, and how they are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from detente.argument.argument import Argument
from detente.argument.sides import gaps_of
from detente.base.days import Window, parse_day
from detente.base.errors import ArgumentError, DataError, Fault
from detente.base.given import paths_given, texts_given
from detente.base.input_limits import LIMITS, Limits
from detente.base.memo import Memo
from detente.base.progress import Progress
from detente.base.store import Cache, Store, store_of
from detente.base.tables import Tables, heading
from detente.events.chronicle import Chronicle
from detente.events.files.embedded import load_embedded
from detente.events.files.event_file import load_events
from detente.events.files.overlay import overlay
from detente.lab.arguments import load_argument, names_file
from detente.lab.settings import Day, Settings, day_given, settings_of
from detente.lab.too_little import Caution, cautions_of, chronicle_cautions, require_covered, require_data
from detente.model.clocks import ClockFit
from detente.model.fit import Posterior
from detente.model.fit_cache import fitted
from detente.model.known import Known, read_known

_DAYS_KEPT = 4  # days of which a case remembers what was known


@dataclass(frozen=True)
class Case(Tables):
    """What a run is about: an argument and a chronicle, and the named rivalry they are of, if any.

    Attributes
    ----------
    rivalry : str or None
        A named rivalry, whose actors have names; None for an event file alone.
    argument : Argument
    chronicle : Chronicle
    allow_unstable : bool
        Whether futures are simulated even if a burst of acts grows from round to round; every result then says so.
    limits : Limits
        How much may be read and held for it.
    cache : path or bool
        Folder where fits, futures and backtests of it are kept; True is the user's own, False keeps and reads none.
    """

    rivalry: str | None
    argument: Argument
    chronicle: Chronicle
    allow_unstable: bool = False
    limits: Limits = LIMITS
    cache: Cache = True
    _known: Memo[date, Known] = field(
        default_factory=lambda: Memo(_DAYS_KEPT), init=False, repr=False, compare=False
    )
    tables = ("events", "questions")

    def _about(self) -> str:
        return heading(self.title, acts=self.chronicle.acts, questions=len(self.argument.questions))

    def _table(self, name: str) -> pl.DataFrame:
        return self.chronicle.events if name == "events" else self.argument.to_polars("questions")

    @property
    def name(self) -> str:
        """What outputs call it: the rivalry, the event file, or the one on the other where the file is not its own."""
        file = self.chronicle.provenance.name
        return file if self.rivalry in (None, file) else f"{self.rivalry} on {file}"

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files of its argument and its events, which nothing made from them is written over."""
        return (*self.argument.files, *self.chronicle.provenance.files)

    @property
    def title(self) -> str:
        """What the line of a result calls it: its name and its argument's."""
        return f"{self.name}, argument {self.argument.argument}"

    def settings(
        self,
        *,
        as_of: Day | None = None,
        days: int | None = None,
        futures: int | None = None,
        seed: int | None = None,
        threads: int = 0,
    ) -> Settings:
        """Return the settings of a run: each given here, or declared in the argument's ``run:`` block."""
        return settings_of(self.argument, as_of=as_of, days=days, futures=futures, seed=seed, threads=threads)

    def known(self, as_of: date) -> Known:
        """Return what was known by a day: the cut, the layout and the digest, made once.

        Raises
        ------
        DataError, FitError
            If nothing was known by then, too little to fit anything to (see `require_data`), or no day is left to fit.
        """
        require_covered(self.chronicle, as_of, gaps_of(self.argument, date.max, self.chronicle.gaps))
        start = min(self.chronicle.window.start, as_of)
        self.limits.check_window(start, as_of, "as_of")

        def read() -> Known:
            known = require_data(read_known(self.argument, self.chronicle, as_of))
            return replace(known, store=self.store)

        return self._known.get(as_of, read)

    @property
    def store(self) -> Store:
        """Where what is made of it is kept."""
        return store_of(self.cache, self.limits.kept)

    def as_reported(self) -> Case:
        """Return the case with days of the past that know only what was reported by then, if every row says when."""
        return replace(self, chronicle=self.chronicle.as_reported())

    def fitted(
        self, as_of: date, *, threads: int = 0, progress: Progress | None = None
    ) -> Posterior | ClockFit:
        """Return the fit of the argument to what was known by a day, made once; progress is told of the stage *fit*."""
        tell = None if progress is None else partial(progress, "fit")
        return fitted(self.argument, self.known(as_of), store=self.store, threads=threads, progress=tell)

    def cautions(self, as_of: date, spectral_radius: float | None = None) -> tuple[Caution, ...]:
        """Return what a reader must know before any number of a result as of a day; see `Caution`."""
        found = cautions_of(self.known(as_of), self.chronicle, spectral_radius)
        return (*chronicle_cautions(self.chronicle), *found)


def case_of(subject: object) -> Case:
    """Return a case, loading it from the name of a rivalry or the path of an argument's file if need be.

    Raises
    ------
    ArgumentError, DataError
        If it is neither, or `load_case` refuses it.

    Examples
    --------
    >>> case_of("us-iran").argument.argument
    'essay'
    """
    if isinstance(subject, Case):
        return subject
    if not isinstance(subject, str | Path):
        kind = type(subject).__name__
        raise ArgumentError(Fault("not_a_case", "case", got=kind, hint="give_case"))
    return load_case(argument=subject) if names_file(subject) else load_case(str(subject))


def load_case(
    rivalry: str | None = None,
    *,
    argument: str | Path | None = None,
    events: str | Path | None = None,
    codebook: str | None = None,
    principals: tuple[str, str] | None = None,
    skip_bad: bool = False,
    add: Sequence[str | Path] = (),
    add_until: Day | None = None,
    vintage: Day | None = None,
    allow_unstable: bool = False,
    limits: Limits = LIMITS,
    cache: Cache = True,
) -> Case:
    """Find the argument and the chronicle of a run.

    Parameters
    ----------
    rivalry : str, optional
        A named rivalry (``us-iran``): its embedded chronicle and its essay argument are the defaults. The YAML file
        of an argument may stand in its place.
    argument : str or path, optional
        An argument's name or a YAML file.
    events : path, optional
        An event file laid under the rivalry; with `principals` alone it runs the baseline argument. Without it
        the file that the argument names as its ``events`` is used, and then the rivalry's own chronicle.
    codebook : str, optional
        How a bare ``code`` column reads: detente, plover, cameo or weis.
    principals : pair of str, optional
        The two actors; overrides the argument's.
    skip_bad : bool
        Leave faulty rows out (and count them) instead of refusing the file; never those of files laid over.
    add : sequence of path
        Event files laid over the chronicle, in order; see `sources.overlay`.
    add_until : date, optional
        First day that the last of them does not cover.
    vintage : date, optional
        Only rows of the event file, and of those laid over it, that were reported before this day.
    allow_unstable : bool
        Simulate even if the fitted feedback has a spectral radius of 1 or more, and say so in every result.
    limits : Limits
        How much may be read and held.
    cache : path or bool
        Folder where fits, futures and backtests are kept; True is the user's own, False keeps and reads none.

    Raises
    ------
    ArgumentError, DataError
        If something named is unknown, missing or faulty.

    Examples
    --------
    >>> load_case("us-iran").chronicle.provenance.rows_read
    1197
    """
    if rivalry is not None and argument is None and names_file(rivalry):
        rivalry, argument = None, rivalry
    own = load_argument(argument, rivalry, limits) if argument is not None and names_file(argument) else None
    chronicle = load_chronicle(
        rivalry,
        events=own.event_file() if own is not None and events is None else events,
        codebook=codebook,
        skip_bad=skip_bad,
        add=add,
        add_until=add_until,
        vintage=vintage,
        limits=limits,
    )
    spec = own or load_argument(argument or ("essay" if rivalry else "baseline"), rivalry, limits)
    if principals is not None:
        pair = texts_given("principals", principals)
        if len(pair) != 2:
            raise ArgumentError(Fault("not_two_actors", "principals", got=pair))
        spec = spec.between(*pair)
    elif spec.principals is None and rivalry is not None:
        home = load_argument("essay", rivalry).principals
        spec = spec.between(*home) if home else spec
    seen = chronicle.count_by("source").sort("acts", descending=True, maintain_order=True)["source"].to_list()
    for actor in spec.principals or ():
        if actor not in seen and actor not in chronicle.events["target"]:
            known = tuple(seen[:8])
            raise DataError(Fault("not_in_chronicle", "principals", got=actor, hint="most_seen", known=known))
    return Case(rivalry, spec, chronicle, allow_unstable, limits, cache)


def load_chronicle(
    rivalry: str | None = None,
    *,
    events: str | Path | None = None,
    codebook: str | None = None,
    skip_bad: bool = False,
    add: Sequence[str | Path] = (),
    add_until: Day | None = None,
    vintage: Day | None = None,
    limits: Limits = LIMITS,
) -> Chronicle:
    """Load an event file, or the embedded chronicle of a rivalry, and lay other files over it; see `load_case`.

    Raises
    ------
    ArgumentError, DataError
        If neither is named, or what is named is unknown, missing or faulty.
    """
    add_until, paths = day_given("add_until", add_until), paths_given("add", add)
    vintage = day_given("vintage", vintage)
    chronicle = _laid_under(rivalry, events, codebook, skip_bad, vintage, added=bool(paths), limits=limits)
    if add_until is not None and not paths:
        raise DataError(Fault("only_with", "add_until", got=add_until, other="add"))
    for i, path in enumerate(paths, 1):
        until = add_until if i == len(paths) else None
        chronicle = overlay(chronicle, path, codebook=codebook, until=until, limits=limits, vintage=vintage)
    return chronicle


def _laid_under(
    rivalry: str | None,
    events: str | Path | None,
    codebook: str | None,
    skip_bad: bool,
    vintage: date | None,
    *,
    added: bool,
    limits: Limits,
) -> Chronicle:
    if events is None and rivalry is not None and names_file(rivalry):
        found = load_argument(rivalry, limits=limits)
        events = found.event_file()
        if events is None:
            where = found.place(())
            raise ArgumentError(Fault("required", "events", where=where, hint="name_events"))
    if events is not None:
        return load_events(events, codebook=codebook, skip_bad=skip_bad, limits=limits, vintage=vintage)
    if vintage is not None:
        raise DataError(Fault("only_with", "vintage", got=vintage, other="events"))
    if rivalry is None:
        raise ArgumentError(Fault("required", "rivalry", hint="give_rivalry_or_events"))
    if codebook is not None and not added:
        raise DataError(Fault("own_codebook", "codebook", got=codebook))
    return load_embedded(rivalry)


def choose_events(
    chronicle: Chronicle, *, since: str | None = None, until: str | None = None, **conditions: Any
) -> Chronicle:
    """Return the acts of a chronicle that fit every condition; see `Chronicle.filter`.

    Parameters
    ----------
    since, until : str, optional
        First day, and first day outside, as ``YYYY-MM-DD``. The window of what is chosen has no day beyond them, unless
        they leave none of it.
    """
    chosen = chronicle.filter(**{key: value for key, value in conditions.items() if value})
    events, start, end = chosen.events, chosen.window.start, chosen.window.end
    if since is not None:
        first = parse_day(since, what="since")
        events, start = events.filter(events["date"] >= first), max(start, first)
    if until is not None:
        outside = parse_day(until, what="until")
        events, end = events.filter(events["date"] < outside), min(end, outside)
    return replace(chosen, events=events, window=Window(start, end) if start < end else chosen.window)
