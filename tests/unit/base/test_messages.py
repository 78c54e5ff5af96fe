"""Every code in the source is in a catalogue, every entry is used, and every template can be filled."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import detente
from detente.argument import load, slow_yaml
from detente.base.hints import FOR_VISITORS, HINTS
from detente.base.messages import RULES
from detente.events.files import read_parquet
from detente.events.importing import steps

PACKAGE = Path(detente.__file__).parent
FILES = [p for p in sorted(PACKAGE.rglob("*.py")) if p.name not in ("messages.py", "hints.py")]
CODE_AT = {  # what takes the code of a rule, and as which argument
    "Fault": 0,
    "file_error": 0,
    "rule_text": 0,
    "refuse": 0,  # of argument.yaml_lines
    "faults.add": 1,
    "faults.unless_in": 3,
    "reader.fail": 0,
    "self.fail": 0,
    "self.error": 0,
    "reader.need": 1,
    "self.need": 1,
    "self._limit": 0,
}


def texts(node: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    """Yield the texts that an expression may be: a literal, either branch of a choice, or what a name was given."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body, names)
        yield from texts(node.orelse, names)
    elif isinstance(node, ast.Name):
        for value in names.get(node.id, ()):
            if not isinstance(value, ast.Name):
                yield from texts(value, names)


def given_names(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """Return what each name is assigned in one function, or at the top of a file."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(value)
            elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                for name, part in zip(target.elts, value.elts, strict=True):
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, []).append(part)
    return found


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, ast.expr, dict[str, list[ast.expr]]]]:
    """Yield each call that takes the code of a rule, the code, and the names of the function around it."""

    def inside(node: ast.AST, names: dict[str, list[ast.expr]]) -> Iterator[tuple[ast.Call, ast.expr, dict]]:
        for child in ast.iter_child_nodes(node):
            here = given_names(child) if isinstance(child, ast.FunctionDef) else names
            if isinstance(child, ast.Call):
                at = CODE_AT.get(ast.unparse(child.func))
                if at is not None and len(child.args) > at:
                    yield child, child.args[at], here
            yield from inside(child, here)

    yield from inside(tree, given_names(tree) if isinstance(tree, ast.Module) else {})


def wanted(template: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def faults_of(source: str) -> list[str]:
    """Return what is wrong with the codes in a source text."""
    wrong = []
    for call, code, names in calls(ast.parse(source)):
        keywords = {k.arg: k.value for k in call.keywords}
        codes = list(texts(code, names))
        hints = list(texts(keywords["hint"], names)) if "hint" in keywords else []
        wrong += [f"line {call.lineno}: no rule {c}" for c in codes if c not in RULES]
        wrong += [f"line {call.lineno}: no hint {h}" for h in hints if h not in HINTS]
        whole = ast.unparse(call.func) in ("Fault", "file_error") and None not in keywords
        if whole and not wrong and len(codes) == 1 and len(hints) == ("hint" in keywords):
            needs = wanted(RULES[codes[0]]).union(*(wanted(HINTS[h]) for h in hints)) - {"field", "got"}
            if lacking := needs - keywords.keys():
                wrong.append(f"line {call.lineno}: {codes[0]} lacks {', '.join(sorted(lacking))}")
    return wrong


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_code_of_a_file_is_in_a_catalogue(path: Path) -> None:
    assert not faults_of(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('Fault("no_such_rule", "x")', "no rule no_such_rule"),
        ('Fault("required", "x", hint="no_such_hint")', "no hint no_such_hint"),
        ('Fault("required" if a else "not_there", "x")', "no rule not_there"),
        ('def f():\n    hint = "gone"\n    Fault("required", "x", hint=hint)', "no hint gone"),
        ('Fault("not_above", "x", got=1)', "not_above lacks low"),
        ('Fault("required", "x", hint="try")', "required lacks example"),
        ('faults.add(at, "not_there")', "no rule not_there"),
        ('faults.unless_in(at, got, choices, "not_there")', "no rule not_there"),
    ],
)
def test_the_finder_can_fail(source: str, told: str) -> None:
    assert told in "\n".join(faults_of(source))


def test_the_codes_in_tables_are_in_a_catalogue() -> None:
    plain = load._PLAIN.values()
    rules = {code for code, _ in plain} | {code for code, _, _ in load._LIMITED.values()}
    rules |= {code for code, _ in read_parquet._KINDS.values()} | set(steps.REFUSED.values())
    hints = {rest["hint"] for _, rest in plain if rest} | {hint for _, hint in slow_yaml._REMEDIES}
    hints |= {hint for _, hint in read_parquet._KINDS.values()}
    assert rules <= RULES.keys()
    assert hints <= HINTS.keys()


@pytest.mark.parametrize("code", sorted(load._LIMITED))
def test_every_limit_of_a_field_fills_its_rule(code: str) -> None:
    rule, ours, _ = load._LIMITED[code]
    assert wanted(RULES[rule]) == {ours}


def test_every_entry_is_used() -> None:
    said = {
        node.value
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not sorted({*RULES, *HINTS} - said - {*FOR_VISITORS.values()})


def test_no_template_names_a_flag_or_ends_like_a_sentence() -> None:
    assert not [code for code, text in {**RULES, **HINTS}.items() if "--" in text]
    assert not [code for code, text in RULES.items() if text.endswith(".") or text[0].isupper()]
    assert not [code for code, text in HINTS.items() if text[-1] not in ".?"]


def test_no_value_has_a_name_of_the_fault_itself() -> None:
    taken = {code for code, text in {**RULES, **HINTS}.items() if wanted(text) & {"where", "hint", "code"}}
    assert not taken


def test_only_the_spelling_looks_for_near_words() -> None:
    users = [p for p in FILES if "difflib" in p.read_text(encoding="utf-8")]
    assert users == [PACKAGE / "base" / "spelling.py"]


# Each names a command whole: that which made a schedule, makes a record where there is none yet, or declares days.
COMMANDS = (
    "report/text/analogues/analogues.py",
    "report/text/analogues/worth.py",
    "report/text/answers/sentence.py",
    "report/text/answers/subject.py",
    "report/text/bargain.py",
    "report/text/check.py",
    "report/text/import_events.py",
)


def test_no_flag_is_named_below_the_command_line() -> None:
    below = [p for p in FILES if p.relative_to(PACKAGE).parts[0] != "cli"]
    flags = [
        f"{p.relative_to(PACKAGE).as_posix()}:{n}"
        for p in below
        for n in _flags(p.read_text(encoding="utf-8"))
    ]
    whole = [flag for flag in flags if flag.startswith(COMMANDS)]
    assert sorted(set(flags) - set(whole)) == []
    assert {flag.split(":")[0] for flag in whole} == set(COMMANDS)


def _flags(source: str) -> Iterator[int]:
    tree = ast.parse(source)
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            text = f" {node.value}"
            if any(text[i + 3 : i + 4].isalpha() for i in range(len(text)) if text[i : i + 3] == " --"):
                yield node.lineno
