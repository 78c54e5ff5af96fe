"""Results as JSON: their own values, and the sentences that `report/text` makes of them under ``sentences``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from detente.base.ownership import made_by
from detente.report.languages.language import ENGLISH, in_language
from detente.report.text import (
    ask,
    bargain,
    check,
    claims,
    clocks,
    compare,
    crisis,
    diagnose,
    diff,
    exercise,
    forecasts,
    import_events,
    mediators,
    overview,
    run,
    unlock,
    whatif,
)
from detente.report.text.backtests import backtest, backtest_pairs, backtest_questions
from detente.report.text.first_line import add_to_cautions

Values = dict[str, Any]


class Result(Protocol):
    """What can be written as JSON."""

    def to_dict(self) -> Values:
        """Return plain values without a sentence."""
        ...


# By the name of the class, so that no command has to import the results of another.
_ADD_SENTENCES: dict[str, Callable[[Values, Any], None]] = {
    "Article": claims.add_to_article,
    "Ask": ask.add_sentences,
    "Backtest": backtest.add_sentences,
    "Bargain": bargain.add_sentences,
    "Checked": check.add_sentences,
    "Checks": diagnose.add_sentences,
    "Claims": claims.add_sentences,
    "Clocks": clocks.add_sentences,
    "Comparison": compare.add_sentences,
    "CrisisStudy": crisis.add_sentences,
    "Diff": diff.add_sentences,
    "Door": unlock.add_sentences,
    "Exercise": exercise.add_sentences,
    "Forecasts": forecasts.add_sentences,
    "Imported": import_events.add_sentences,
    "Mediators": mediators.add_sentences,
    "QuestionBacktest": backtest_questions.add_sentences,
    "Report": overview.add_sentences,
    "Run": run.add_sentences,
    "Skill": backtest_pairs.add_sentences,
    "WhatIf": whatif.add_sentences,
}


def to_json(result: Result) -> Values:
    """Return a result as plain values, with the sentences about it in English, whatever a page is written in.

    An object that sentences are about has a key ``sentences``: an object that names each of them. Everything else is
    what ``result.to_dict()`` returns.

    Examples
    --------
    >>> from datetime import date
    >>> from detente.lab.case import load_case
    >>> from detente.lab.clocks import clocks_of
    >>> value = to_json(clocks_of(load_case("us-iran", argument="baseline"), as_of=date(2020, 1, 17)))
    >>> list(value["clocks"][0]["sentences"])
    ['identified']
    """
    with in_language(ENGLISH.tag):
        return page_values(result)


def page_values(result: Result) -> Values:
    """Return a result as plain values, with the sentences about it in the language of the page."""
    value = result.to_dict()
    add = _ADD_SENTENCES.get(type(result).__name__)
    if add is not None:
        add(value, result)
    add_to_cautions(value)
    return value


def json_text(value: Values, *, indent: int = 2) -> str:
    """Return plain values as the text of a JSON document."""
    return json.dumps(value, indent=indent, ensure_ascii=False)


def json_file(value: Values) -> bytes:
    """Return plain values as a JSON file: the document, with the program's mark as its first key.

    Examples
    --------
    >>> json_file({"acts": 3}).decode().splitlines()[1].startswith('  "made_by": "detente ')
    True
    """
    return f"{json_text({'made_by': made_by()} | value)}\n".encode()


def json_of(result: Result) -> str:
    """Return a result as the text of a JSON document; see `to_json`."""
    return json_text(to_json(result))
