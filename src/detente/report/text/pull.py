"""What `detente pull` prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detente.pull.declared import DataSource
    from detente.pull.pull import PulledFiles

_MOST_SHOWN = 12
_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def text_of(result: PulledFiles) -> str:
    """Return what was expected, what came and what is missing, with licence and citation."""
    source, found = result.source, len(result.files)
    known = [file.bytes for file in result.files if file.bytes is not None]
    size = f", {_size(sum(known))}{'' if len(known) == found else ' or more'}" if known else ""
    lines = [f"{source.title} ({source.source}; {source.page})"]
    if result.dry:
        lines.append(
            f"{_files(result.expected)} expected{size}: {result.count('to come'):,} would come to {result.folder}."
        )
        if here := result.count("here"):
            lines.append(f"{_files(here)} here already.")
        lines += [f"  {file.path.name}{_of(file.bytes)}" for file in result.files[:_MOST_SHOWN]]
        lines += [f"  and {found - _MOST_SHOWN:,} more"] if found > _MOST_SHOWN else []
    else:
        rows = sum(file.rows or 0 for file in result.files)
        lines.append(
            f"{_files(result.expected)} expected{size}{f', {rows:,} rows' if rows else ''}: "
            f"{result.count('came', 'changed'):,} fetched, {result.count('here'):,} were here, in {result.folder}."
        )
        promised = sum(file.promised is not None for file in result.files)
        if promised < found and not rows:
            lines.append(
                f"The publisher states no digest of {_files(found - promised)}: they are as their address "
                "gave them, and their SHA-256 is kept with them."
            )
    changed = [file.path.name for file in result.files if file.state == "changed"]
    if changed:
        lines.append(f"Another content than before: {_some(changed)}.")
    if result.missing:
        lines.append(f"Missing at the source ({len(result.missing):,}): {_some(result.missing)}.")
    elif not result.dry:
        lines.append("Nothing is missing.")
    if result.left:
        lines.append(f"{_files(result.left)} of the source not asked for.")
    lines += [f"Licence: {source.licence}.", f"Cite: {source.citation}."]
    return "\n".join(lines)


def sources_text(sources: Iterable[DataSource]) -> str:
    """Return a line for each source: its name, title and licence."""
    return "\n".join(f"{source.source:<10} {source.title}. Licence: {source.licence}." for source in sources)


def _some(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:_MOST_SHOWN]) + (" …" if len(every) > _MOST_SHOWN else "")


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _of(size: int | None) -> str:
    return f", {_size(size)}" if size is not None else ""


def _size(size: int) -> str:
    for unit, least in _UNITS:
        if size >= least:
            return f"{size / least:,.1f} {unit}"
    return f"{size:,} bytes"
