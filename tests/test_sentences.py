"""Below `report` there are no sentences but those of errors: results are values, and `report/text` makes sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "detente"
BELOW = ("base", "pull", "events", "argument", "model", "questions", "futures", "lab", "studies")
FEW = 5  # words from which a text with a small word in it is taken for a sentence
SMALL = frozenset(
    {
        "a", "about", "and", "are", "as", "at", "be", "been", "by", "for", "from", "has", "have", "in",
        "is", "it", "its", "must", "no", "not", "of", "on", "or", "so", "than", "that", "the", "their",
        "them", "then", "there", "they", "this", "to", "under", "was", "were", "what", "where", "which",
        "who", "with",
    }
)  # fmt: skip
ALLOWED = {
    "argument/argument.py": "descriptions of fields, for the JSON schema",
    "argument/*blocks.py": "descriptions of fields, for the JSON schema",
    "base/hints.py": "what errors say",
    "base/messages.py": "what errors say",
    "base/messages_web.py": "what errors say",
    "base/random.py": "what each stream of random numbers is for, beside its number",
    "events/importing/actor_names.py": "names of organisations",
    "events/importing/layouts/*.py": "declarations of layouts",
    "events/ontology/crosswalks.py": "sources of the tables",
    "futures/levers/*.py": "declarations of levers",
    "model/mechanisms/*.py": "declarations of mechanisms",
    "studies/claims/over_pairs.py": "the name of a variant, a key of the JSON",
    "studies/drafting/asked.py": "texts of the questions that the YAML asks",
    "studies/drafting/shipped.py": "comments of the YAML that is the product",
    "studies/drafting/text.py": "comments of the YAML that is the product",
}
"""Files that may hold sentences, and why."""


def sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of every sentence in code.

    Left out are docstrings; what errors and warnings say: texts in a `raise` or in the call of an error, a fault, a
    warning or one of the kernel's checks, and predicates of an error ("must …"); and the head of a table in a notebook
    (`_repr_html_`).
    """
    if isinstance(tree, ast.Raise) or (isinstance(tree, ast.FunctionDef) and tree.name == "_repr_html_"):
        return
    if isinstance(tree, ast.Call) and re.search(
        r"(Error|Fault|warn|\brequire|\bas_index)$", ast.unparse(tree.func)
    ):
        return
    if isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant):
        return
    if isinstance(tree, ast.JoinedStr):
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in tree.values)
        if is_sentence(text):
            yield tree.lineno, text
        for part in tree.values:
            if isinstance(part, ast.FormattedValue):
                yield from sentences(part.value)
    elif isinstance(tree, ast.Constant):
        if isinstance(tree.value, str) and is_sentence(tree.value):
            yield tree.lineno, tree.value
    else:
        for child in ast.iter_child_nodes(tree):
            yield from sentences(child)


def is_sentence(text: str) -> bool:
    """Tell whether a text is English: so many words with spaces between, and a small word among them."""
    words = re.findall(r"(?<![\w.-])[A-Za-z][A-Za-z’'-]*(?![\w(])", text)
    return (
        len(words) >= FEW and not text.startswith("must ") and bool(SMALL & {word.lower() for word in words})
    )


def of_file(path: Path) -> list[str]:
    """Return the sentences of a file, each with its place."""
    tree = ast.parse(path.read_text("utf-8"))
    return [f"{path.relative_to(PACKAGE)}:{line}: {text!r}" for line, text in sentences(tree)]


def allowed(path: Path) -> str | None:
    """Return the entry of `ALLOWED` that a file falls under."""
    name = path.relative_to(PACKAGE).as_posix()
    return next((pattern for pattern in ALLOWED if fnmatch(name, pattern)), None)


FILES = sorted(path for folder in BELOW for path in (PACKAGE / folder).rglob("*.py"))


def test_there_are_no_sentences_below_report() -> None:
    found = [line for path in FILES if allowed(path) is None for line in of_file(path)]
    assert not found, "make these in report/text, from values of the result:\n" + "\n".join(found)


@pytest.mark.parametrize("pattern", ALLOWED)
def test_what_may_hold_sentences_does(pattern: str) -> None:
    assert any(of_file(path) for path in FILES if allowed(path) == pattern), f"{pattern} needs no exception"


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ('def why(): return f"{n} of {m} acts are in the chronicle"', True),
        ('x = {"rule": "the future nearest to the median"}', True),
        ("x = f\"{f('rows of the same day are one')}\"", True),
        ('def f():\n    """Return what was laid over a chronicle."""', False),
        ('raise ValueError("the backtests stand on other days")', False),
        ('x = Fault("no_days", "what is left of the days is nothing")', False),
        ('require(ok, name, "must be a row of the event\'s channel")', False),
        (
            'def _repr_html_(self):\n    return f"{a}, argument {b}, as of {c}: {d} futures from seed {e}"',
            False,
        ),
        ('SQL = "01 AGREE 02 CONSULT 03 SUPPORT 04 YIELD 05 AID"', False),
        ('name = "cooperation by word"', False),
    ],
)
def test_a_sentence_is_seen(code: str, seen: bool) -> None:
    assert bool(list(sentences(ast.parse(code)))) is seen
