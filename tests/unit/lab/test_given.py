"""What a caller gives that is of another kind is refused as a user's mistake, wherever it is given."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

import detente
from detente.base.errors import DetenteError
from detente.studies.bargain.bargain import bargain_of
from detente.studies.claims.claims import claims
from detente.studies.whatif.whatif import doses_of
from worlds import embedded, essay, essay_case

NO_TEXT = [None, 3, b"x", ["x"], {"a": 1}, object(), pl.DataFrame({"a": [1]}), "\udcff"]
NO_PATH = NO_TEXT[:-1]
NO_LIST = [3, "E1", b"x", object(), [None], [3], pl.DataFrame({"a": [1]}), ["\udcff"]]


@pytest.mark.parametrize("value", NO_PATH, ids=itertools.count())
@pytest.mark.parametrize(
    "give",
    [
        detente.load_argument,
        detente.load_events,
        lambda value: detente.load_case(value if value is not None else 0),
        lambda value: detente.load_case(argument=value),
        lambda value: detente.load_case("us-iran", add=[value]),
    ],
    ids=["load_argument", "load_events", "rivalry", "argument", "add"],
)
def test_what_is_no_path(give: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(DetenteError, match=r"must be a path, or its text|is required"):
        give(value)


@pytest.mark.parametrize("value", NO_TEXT, ids=itertools.count())
@pytest.mark.parametrize(
    "give",
    [
        lambda value: detente.ask(essay_case(), value, futures=10),
        lambda value: detente.exercise(essay_case(), value, days=30, futures=10),
        lambda value: embedded().filter(source=[value]),
        lambda value: embedded().filter(text=[value] if value is None else value),
    ],
    ids=["ask", "exercise", "source", "text"],
)
def test_what_is_no_text(give: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(DetenteError, match="must be text"):
        give(value)


@pytest.mark.parametrize("value", NO_LIST, ids=itertools.count())
@pytest.mark.parametrize(
    "give",
    [
        lambda value: doses_of(essay_case(), value, 90),
        lambda value: claims(essay_case(), only=value),
        lambda value: bargain_of(essay(), levers=value),
        lambda value: detente.load_case("us-iran", principals=value),
    ],
    ids=["levers", "only", "bargain", "principals"],
)
def test_what_is_no_list_of_texts(give: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(DetenteError, match=r"must be (a list|text)"):
        give(value)


@pytest.mark.parametrize("value", [None, "", "2020-01-02", ["2020-01-02"], {"a": 1, "b": 2}, 3])
def test_what_is_no_two_days(value: Any) -> None:
    with pytest.raises(DetenteError, match="as_of must be two days in a list"):
        detente.diff(essay_case(), essay_case(), as_of=value, futures=10)


@pytest.mark.parametrize("value", [None, 3, "essay", [None, None], [3, "essay"]])
def test_what_is_no_list_of_arguments(value: Any) -> None:
    with pytest.raises(DetenteError, match=r"arguments must be a (list|path)"):
        detente.compare("us-iran", value, futures=10)


@pytest.mark.parametrize("pair", [(), ("USA",), ("USA", "USA"), ("USA", "IRN", "ISR")])
def test_a_pair_is_two(pair: Any) -> None:
    with pytest.raises(DetenteError, match="principals must be two different actors"):
        detente.load_case("us-iran", principals=pair)


@pytest.mark.parametrize("rivalry", ["x" * 1000, "a\0b", "../data"])
def test_a_rivalry_that_is_no_name(rivalry: str) -> None:
    with pytest.raises(DetenteError, match="argument must be a known name"):
        detente.load_argument("essay", rivalry)
