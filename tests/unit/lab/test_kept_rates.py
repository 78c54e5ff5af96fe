"""Base rates on disk: found again for the same question, made again for any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from detente.argument.blocks import QuestionSpec
from detente.lab import kept_rates
from detente.lab.chronicles import of_history
from detente.questions.base_rates import base_rates
from detente.questions.question import Question, bind
from worlds import essay_case

DAY = date(2020, 1, 17)


def asked(text: str) -> Question:
    return bind(QuestionSpec(id="q", text="?", ask=text), essay_case().argument, "detente", DAY)


def test_rates_are_found_again_for_the_same_question_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = replace(essay_case(), cache=tmp_path)
    history = of_history(case.argument, case.known(DAY).cut)
    question = asked("USA->IRN pressure count >= 5 within 90d")
    found = kept_rates.kept_base_rates(case, question, history, DAY)
    since = case.argument.run.fit_from or history.window.start
    assert found == base_rates(question, history, DAY, since)
    assert [entry.name.split("-")[0] for entry in tmp_path.iterdir()] == ["rates"]
    monkeypatch.setattr(kept_rates, "base_rates", lambda *_: pytest.fail("settled again"))
    assert kept_rates.kept_base_rates(case, question, history, DAY) == found
    with pytest.raises(pytest.fail.Exception, match="settled again"):
        kept_rates.kept_base_rates(case, asked("USA->IRN pressure count >= 6 within 90d"), history, DAY)
    with pytest.raises(pytest.fail.Exception, match="settled again"):
        kept_rates.kept_base_rates(replace(case, cache=False), question, history, DAY)
