"""Every function that writes a result refuses what the command line refuses: an input, and a file of someone else."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import detente
from detente.base.errors import OutputError
from detente.events.files.event_file import load_events, write_events
from detente.lab.case import load_case
from detente.report import write_answers as answers
from detente.report.pages import report as report_page

PACKAGE = Path(detente.__file__).parent
FOLDERS = {
    "report.pages.analogues": "write_analogues",
    "report.pages.article": "write_article",
    "report.write_run": "write_run",
    "report.pages.bargain": "write_bargain",
    "report.pages.clocks": "write_profiles",
    "report.pages.diagnose": "write_checks",
    "report.pages.door": "write_door",
    "report.pages.mediators": "write_mediators",
    "report.pages.question_backtest": "write_question_backtest",
    "report.pages.world": "write_world",
    "report.pages.evidence": "write_evidence",
}
FILES = {
    "report.write_answers": "write_answers",
    "report.pages.report": "write_report",
    "events.files.event_file": "write_events",
}
ACTS = "date,source,target,action\n2020-01-01,USA,IRN,ACCUSE\n2020-01-02,IRN,USA,ACCUSE\n"


def test_every_writer_is_tried_here() -> None:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("write_") and "base" not in module:
                found[module] = node.name
    assert found.pop("web.visitors.password") == "write_password"  # never replaces a file, whoever wrote it
    assert found == FOLDERS | FILES
    for module, name in found.items():
        force = inspect.signature(getattr(import_module(f"detente.{module}"), name)).parameters["force"]
        assert (force.default, force.kind) == (False, inspect.Parameter.KEYWORD_ONLY)


def result_of(*inputs: Path) -> Any:
    """Return what stands for any result that was made from these files."""
    case, provenance = SimpleNamespace(inputs=inputs), SimpleNamespace(files=inputs)
    parts: dict[str, Any] = {"argument": provenance, "chronicle": SimpleNamespace(provenance=provenance)}
    return SimpleNamespace(case=case, run=SimpleNamespace(case=case), inputs=inputs, files=(), **parts)


def refused(write: Callable[..., Any], result: Any, out: Path, name: Path) -> None:
    """Try a writer on a file that is an input, then on a foreign one, and then with force."""
    name.write_text("mine", encoding="utf-8")
    for force in (False, True):
        with pytest.raises(OutputError, match="must not be one of the files read"):
            write(result(name), out, force=force)
    with pytest.raises(OutputError, match="must not be a file that detente did not write"):
        write(result(), out)
    assert name.read_text(encoding="utf-8") == "mine"
    write(result(), out, force=True)
    assert name.read_bytes() == b"new"


@pytest.mark.parametrize("module", FOLDERS)
def test_folders(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home: Any = import_module(f"detente.{module}")
    names = {"report.write_run": "FILES", "report.pages.article": "NAMES_OF_FILES"}.get(module, "NAMES")
    names = getattr(home, names)
    monkeypatch.setattr(home, "_contents", lambda *_: ((name, b"new") for name in names))
    refused(getattr(home, FOLDERS[module]), result_of, tmp_path, tmp_path / names[-1])


def test_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_page, "render_report", lambda *_: "new")
    refused(report_page.write_report, result_of, tmp_path / "page.html", tmp_path / "page.html")


def test_a_report_is_refused_before_it_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="give force"):
        report_page.write_report(result_of(), tmp_path / "page.html")


def test_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_content", lambda *_: b"new")
    refused(answers.write_answers, result_of, tmp_path / "answers.csv", tmp_path / "answers.csv")


def test_events(tmp_path: Path) -> None:
    path, other = tmp_path / "events.csv", tmp_path / "other.csv"
    path.write_text(ACTS, encoding="utf-8")
    other.write_text(ACTS, encoding="utf-8")
    chronicle = load_events(path)
    for each in (chronicle, chronicle.known_at(chronicle.window.end), chronicle.filter(source="USA")):
        with pytest.raises(OutputError, match="file must not be one of the files read"):
            write_events(each, path, force=True)
    with pytest.raises(OutputError, match="file must not be a file that detente did not write"):
        write_events(chronicle, other)
    write_events(chronicle, other, force=True)
    for _ in range(2):  # Parquet bears a mark
        write_events(chronicle, tmp_path / "events.parquet")
    assert path.read_text(encoding="utf-8") == ACTS


def test_a_case_knows_every_file_it_was_read_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("acts.csv", "more.csv"):
        (tmp_path / name).write_text(ACTS, encoding="utf-8")
    base = "{argument: a, title: A, principals: [USA, IRN], mechanisms: {momentum: {}}, events: acts.csv}"
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text("{extends: base.yaml, argument: b}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    inputs = load_case(argument="mine.yaml", add=["more.csv"]).inputs
    monkeypatch.chdir("/")  # what is named is the same file from everywhere
    assert {path.name for path in inputs if path.samefile(tmp_path / path.name)} == {
        *("mine.yaml", "base.yaml", "acts.csv", "more.csv")
    }
