"""Types and horizons of questions."""

from __future__ import annotations

from datetime import date

import pytest

from detente.argument.blocks import QuestionSpec
from detente.questions.question import bind
from detente.questions.types import types_of
from worlds import baseline


@pytest.mark.parametrize(
    ("line", "scheme", "codebook", "types"),
    [
        ("A->B force within 90d", "detente", "detente", {"force"}),
        ("A->B ASSAULT count>=2 within 90d", "detente", "detente", {"force"}),
        ("A->B force ASSAULT within 90d", "detente", "detente", {"force"}),
        ("A->B ASSAULT deaths>=1 within 90d", "detente", "detente", {"deaths"}),
        ("A->B pressure rate < last 12m within 90d", "detente", "detente", {"pressure"}),
        ("A->B cooperation_by_deed within 90d", "detente", "detente", {"relief"}),
        ("A<->B talks within 90d", "detente", "detente", {"talks"}),
        ("talks within 90d", "detente", "detente", {"talks"}),
        ("A<->B talks AGREE within 90d", "detente", "detente", {"accords"}),
        ("no A<->B AGREE mode=ceasefire within 90d", "detente", "detente", {"accords"}),
        ("war within 12m", "detente", "detente", {"phases"}),
        ("phase crisis within 90d or not phase thaw within 90d", "detente", "detente", {"phases"}),
        ("A->B force within 90d given talks within 90d", "detente", "detente", {"force"}),
        ("A->B force,pressure within 90d", "detente", "detente", set()),
        ("A->B mode=statement within 90d", "detente", "detente", set()),
        ("A->B force within 90d", "quad", "cameo", {"force", "pressure"}),
        ("A<->B talks within 90d", "quad", "cameo", {"talks"}),
        ("A<->B AGREE within 90d", "quad", "weis", {"accords"}),
        ("A->B hostility_by_word within 90d", "quad", "weis", set()),
    ],
)
def test_the_types_of_a_question(line: str, scheme: str, codebook: str, types: set[str]) -> None:
    spec = QuestionSpec(id="q", text="?", ask=line)
    question = bind(spec, baseline("A", "B"), scheme, date(2020, 1, 1), codebook=codebook)
    assert types_of(question, scheme) == types
