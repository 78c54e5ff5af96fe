"""What a caller in Python gives, looked at before it is used: text, paths, and several texts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from detente.base.errors import ArgumentError, Fault


def text_given(name: str, value: object) -> str:
    r"""Return a text that a caller gives.

    Parameters
    ----------
    name : str
        What messages call it.
    value : object

    Raises
    ------
    ArgumentError
        If it is no text, or holds bytes that are none, as the command line takes them.

    Examples
    --------
    >>> text_given("question", "\udcff")
    Traceback (most recent call last):
    detente.base.errors.ArgumentError: question must be text, got \udcff.
    """
    if not isinstance(value, str) or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ArgumentError(Fault("not_text", name, got=value))
    return value


def path_given(name: str, value: object) -> Path:
    """Return a path that a caller gives as text or as a path.

    Raises
    ------
    ArgumentError
        If it is neither.

    Examples
    --------
    >>> path_given("events", "acts.csv").suffix
    '.csv'
    """
    text = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(text, str):
        raise ArgumentError(Fault("not_a_path", name, got=value))
    return Path(text)


def texts_given(name: str, values: object) -> tuple[str, ...]:
    """Return the texts that a caller gives in a list; one text alone is no list of its letters.

    Raises
    ------
    ArgumentError
        If it is no list, or something in it is no text.

    Examples
    --------
    >>> texts_given("only", ["E1", "M3"])
    ('E1', 'M3')
    """
    return tuple(text_given(name, value) for value in _listed(name, values))


def paths_given(name: str, values: object) -> tuple[Path, ...]:
    """Return the paths that a caller gives in a list.

    Raises
    ------
    ArgumentError
        If it is no list, or something in it is no path.

    Examples
    --------
    >>> [path.name for path in paths_given("add", ["data/news.csv"])]
    ['news.csv']
    """
    return tuple(path_given(name, value) for value in _listed(name, values))


def _listed(name: str, values: object) -> Iterable[object]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise ArgumentError(Fault("not_a_list", name, got=values))
    return values
