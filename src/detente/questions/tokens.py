"""The words of a question with their columns, and a reader that takes them one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from detente.base.errors import Fault, QuestionError, shorten
from detente.base.input_limits import LIMITS, Limits
from detente.base.spelling import suggest

_TOKEN = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})|(?P<span>\d+[dwmy]\b)|(?P<number>\d+(?:\.\d+)?(?![\w.])|\.\d+)"
    r"|(?P<sign><->|->|\.\.|>=|<=|[<>=,()*])|(?P<word>\w[\w+]*(?:[-.]\w[\w+]*)*)|\"(?P<quoted>[^\"]+)\""
)
_DEEPEST = 20  # parentheses and nots inside each other: more would be no question
_MOST = 10**9  # acts or deaths that a question may name
_SHOWN = 500  # characters of a question in a message


@dataclass(frozen=True, slots=True)
class Token:
    """A word, sign, number, span or day of a question; ``at`` is its column, from 0."""

    kind: str
    text: str
    at: int


def refuse_long(text: str, limits: Limits) -> None:
    """Refuse a question longer than the limit, before anything else is done with it.

    Raises
    ------
    QuestionError
    """
    if len(text) > limits.question:
        high = limits.question
        raise QuestionError(
            Fault("too_long", "question", got=len(text), hint="shorter_question", high=high, limit="question")
        )


class Reader:
    """Holds a place in a question; every fault it raises names the column."""

    def __init__(self, text: str, limits: Limits = LIMITS) -> None:
        refuse_long(text, limits)
        self.text, self.limits = text, limits
        self.tokens = self._tokens()
        self.place = 0
        self._depth = 0

    def _tokens(self) -> list[Token]:
        found, at = [], 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            match = _TOKEN.match(self.text, at)
            if match is None:
                raise self.error("expected_token", self.text[at], at, hint="question_reads_like")
            kind = str(match.lastgroup)
            found.append(Token("word" if kind == "quoted" else kind, match[kind], at))
            at = match.end()
        return [*found, Token("end", "the end", len(self.text))]

    @property
    def now(self) -> Token:
        """The token at the place."""
        return self.tokens[self.place]

    @property
    def next(self) -> Token:
        """The token after the place."""
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)]

    def take(self, *texts: str) -> str | None:
        """Take the token at the place if it is one of these."""
        if self.now.kind != "end" and self.now.text in texts:
            self.place += 1
            return self.tokens[self.place - 1].text
        return None

    def need(self, kind: str, code: str, **values: Any) -> str:
        """Take a token of a kind, or say what was expected."""
        if self.now.kind != kind:
            self.fail(code, **values)
        self.place += 1
        return self.tokens[self.place - 1].text

    def whole(self) -> int:
        """Take a whole number."""
        if self.now.kind != "number" or not self.now.text.isdecimal():
            self.fail("expected_whole")
        number = self.now.text.lstrip("0") or "0"
        if len(number) > len(str(_MOST)) or int(number) > _MOST:
            raise self.error("too_large", number, self.now.at, high=_MOST)
        return int(self.need("number", "expected_whole"))

    def sign(self, *signs: str) -> str:
        """Take one of these signs."""
        return self.take(*signs) or self.fail("expected_sign", signs=signs)

    def deeper(self, by: int) -> None:
        """Count a parenthesis or a not that begins or ends."""
        self._depth += by
        if self._depth > _DEEPEST:
            raise self.error("too_many_parentheses", self.now.text, self.now.at, most=_DEEPEST)

    def error(self, code: str, got: Any, at: int, **data: Any) -> QuestionError:
        """Return a fault at a column; `data` is its hint and the values of both."""
        return QuestionError(
            Fault(
                code, "question", got=got, where=f"column {at + 1} of: {shorten(self.text, _SHOWN)}", **data
            )
        )

    @property
    def has_window(self) -> bool:
        """Whether a window is written anywhere in the line."""
        return any(token.text in ("within", "from") for token in self.tokens)

    def fail(self, code: str, words: tuple[str, ...] = (), **data: Any) -> NoReturn:
        """Say what was expected at the place, and what a word may have meant, or what else to try."""
        near = suggest(self.now.text, words, known=False) if self.now.kind == "word" else {}
        if near and near["nearest"] != self.now.text:
            data |= near
        elif "hint" not in data:
            data["hint"] = "see_grammar" if self.has_window else "no_window"
        raise self.error(code, self.now.text, self.now.at, **data)
