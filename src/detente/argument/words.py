"""Words of probability: what surveys of readers and written standards make of them.

Source: [mauboussin2018], [perceptions2015], [kent1964], [icd203], [ipcc2010].
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from detente.base.errors import ArgumentError, Fault
from detente.base.spelling import suggest

SURVEYS = ("mauboussin", "perceptions")
STANDARDS = ("kent", "icd203", "ipcc")
_HALF_STEP = 0.005  # people answer in whole per cent, so a quartile is known to half of one


@dataclass(frozen=True, slots=True)
class Word:
    """What readers in a survey took a word to mean, as probabilities.

    Attributes
    ----------
    survey, word : str
    median, q25, q75 : float
    p10, p90 : float or None
        Where the survey's figures at hand give them.
    """

    survey: str
    word: str
    median: float
    q25: float
    q75: float
    p10: float | None = None
    p90: float | None = None

    @property
    def key(self) -> str:
        """Its name in an argument.

        Examples
        --------
        >>> survey_words()["mauboussin possibly"].key
        'mauboussin possibly'
        """
        return f"{self.survey} {self.word}"

    def beta(self) -> tuple[float, float]:
        """Return the two parameters of the beta law whose quartiles come nearest the survey's.

        Returns
        -------
        a, b : float

        Notes
        -----
        Least squares on the two quartiles, in logs of a and b. A quartile at 0 or 1, or two that coincide, are moved by
        half a per cent, the step in which people answer.

        Examples
        --------
        >>> a, b = survey_words()["mauboussin possibly"].beta()
        >>> round(a / (a + b), 2)
        0.38
        """
        from scipy.optimize import least_squares
        from scipy.special import betainc

        low = float(np.clip(self.q25, _HALF_STEP, 1 - 3 * _HALF_STEP))
        high = float(np.clip(self.q75, low + 2 * _HALF_STEP, 1 - _HALF_STEP))
        middle = (low + high) / 2
        size = max(middle * (1 - middle) / ((high - low) / 1.35) ** 2 - 1, 0.5)

        def off(logs: np.ndarray) -> np.ndarray:
            a, b = np.exp(logs)
            return np.array([betainc(a, b, low) - 0.25, betainc(a, b, high) - 0.75])

        found = least_squares(off, np.log([middle * size, (1 - middle) * size]))
        a, b = np.exp(found.x)
        return float(a), float(b)


@dataclass(frozen=True, slots=True)
class Standard:
    """A word with the bounds that a written standard gives it, as probabilities."""

    standard: str
    word: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table of words comes from: bibliography key, answers per word, and the version of the data."""

    table: str
    key: str
    answers: str
    version: str
    note: str


@cache
def survey_words() -> dict[str, Word]:
    """Return every word of the surveys, by ``survey word``.

    Examples
    --------
    >>> word = survey_words()["mauboussin with high probability"]
    >>> word.q25, word.median, word.q75
    (0.75, 0.8, 0.9)
    """
    words = []
    for name in SURVEYS:
        for row in _rows(name):
            median, q25, q75 = (float(row[key]) / 100 for key in ("median", "q25", "q75"))
            tails = [float(row[key]) / 100 if row.get(key) else None for key in ("p10", "p90")]
            words.append(Word(name, row["word"], median, q25, q75, tails[0], tails[1]))
    return {word.key: word for word in words}


@cache
def standard_words() -> dict[str, Standard]:
    """Return every word of the written standards, by ``standard word``.

    Examples
    --------
    >>> likely = standard_words()["icd203 likely"]
    >>> likely.low, likely.high
    (0.55, 0.8)
    """
    words = [
        Standard(name, row["word"], float(row["low"]) / 100, float(row["high"]) / 100)
        for name in STANDARDS
        for row in _rows(name)
    ]
    return {f"{word.standard} {word.word}": word for word in words}


@cache
def sources() -> dict[str, Source]:
    """Return where each table comes from.

    Examples
    --------
    >>> sources()["perceptions"].answers
    '46'
    """
    return {row["table"]: Source(**row) for row in _rows("sources")}


def word_of(key: str) -> Word:
    """Return a word of a survey.

    Raises
    ------
    ArgumentError
        If no survey has it.

    Examples
    --------
    >>> word_of("perceptions probably").median
    0.75
    """
    words = survey_words()
    if key not in words:
        raise ArgumentError(Fault("not_a_survey_word", "word", got=key, **suggest(key, words)))
    return words[key]


def _rows(name: str) -> list[dict[str, str]]:
    path = resources.files("detente") / "data" / "words" / f"{name}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
