"""What a request is said to cost is what it simulates: counted where futures are drawn."""

from __future__ import annotations

from typing import Any

import pytest

from detente.futures import futures, interventions
from detente.lab.case import Case, load_case
from detente.studies.scoring import compare
from detente.web.costs import simulated_days
from detente.web.requested import Requested
from detente.web.shown import STUDIES
from small_case import ARGUMENT, write_small_case

FORECASTS = """\
  - {id: F1, kind: forecast, text: Force is likely, words: likely, read_as: mauboussin likely, question: force}
  - {id: F2, kind: forecast, text: More than before, words: likely, read_as: mauboussin likely, question: later,
     higher_than: 2003-12-01}
"""
MORE = """\
  - {id: later, text: Sweden uses force within 90 days, ask: SWE->NOR force within 90d}
levers:
  firm: {text: Sweden adds sanctions, pull: ["sanctions:SWE@10"]}
"""
ASKED = {
    "ask": ("SWE->NOR force within 70d", "SWE->DNK force within 30d", "DNK->SWE force within 40d"),
    "whatif": ("sanctions:SWE@10", "sanctions:NOR@20"),
    "compare": ("other.yaml",),
}
FUTURES = 40


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("costly")
    path = write_small_case(folder)
    with (folder / "events.csv").open("a") as events:
        for month in range(1, 13):
            events.write(f"2002-{month:02}-03,SWE,DNK,ASSAULT,\n2002-{month:02}-04,DNK,SWE,ASSAULT,\n")
    path.write_text(ARGUMENT.replace("questions:\n", f"{FORECASTS}questions:\n") + MORE, "utf-8")
    other = ARGUMENT.replace("small", "other").replace("momentum: {}", "tension: {}")
    (folder / "other.yaml").write_text(other, "utf-8")
    return load_case(argument=path, cache=False)


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the days of all futures that are drawn, but for those of backtests, whose number nobody chooses."""
    found: list[int] = []
    counting = [True]

    def counted(original: Any) -> Any:
        def simulate_log(plan: Any, beta: Any, *rest: Any, days: int, **more: Any) -> Any:
            found.append(len(beta) * days * counting[0])
            return original(plan, beta, *rest, days=days, **more)

        return simulate_log

    def uncounted(*given: Any, **more: Any) -> Any:
        counting[0] = False
        try:
            return original_backtest(*given, **more)
        finally:
            counting[0] = True

    original_backtest = compare.backtest
    monkeypatch.setattr(compare, "backtest", uncounted)
    for module in (futures, interventions):
        monkeypatch.setattr(module, "simulate_log", counted(module.simulate_log))
    return found


@pytest.mark.parametrize(
    "study", ["ask", "whatif", "run", "claims", pytest.param("compare", marks=pytest.mark.slow)]
)
def test_every_run_is_counted(case: Case, simulated: list[int], study: str) -> None:
    lines = tuple(
        str(case.argument.files[0].with_name(line)) if "yaml" in line else line
        for line in ASKED.get(study, ())
    )
    requested = Requested("small", study, lines, (("futures", FUTURES),))
    expected = simulated_days(case, requested)
    assert not simulated
    STUDIES[study].find(case, requested, lambda *_: None)
    assert sum(simulated) == expected > 0
