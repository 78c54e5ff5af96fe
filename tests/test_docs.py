"""The pages hold: blocks run, links lead somewhere, keys are in the bibliography, no file names a machine."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from command_line import DETENTE, TERMINAL, Done, detente, few_clocks
from detente.lab.case import load_case
from detente.lab.record import track_record
from detente.lab.run import run
from detente.model.mechanisms import mechanism_registry
from detente.studies.scoring.question_protocol import question_templates

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
SOURCE = ROOT / "src" / "detente"
KEY = r"[a-z]+(?:-[a-z]+)?\d{4}[a-z]*"
BLOCK_SECONDS = 300


# --- blocks ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str
    no_run: str | None
    check: bool

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page: Path, text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page; a comment on the line before may say `no-run: reason` or `check`."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        fence = re.fullmatch(r"```(\w*)\s*", lines[number])
        if fence:
            above = next((line for line in reversed(lines[:number]) if line.strip()), "")
            no_run = re.fullmatch(r"<!-- no-run: (.+) -->", above.strip())
            end = next(i for i in range(number + 1, len(lines)) if lines[i].strip() == "```")
            body = "\n".join(lines[number + 1 : end])
            reason = no_run[1] if no_run else None
            yield Block(page, number + 1, fence[1], body, reason, above.strip() == "<!-- check -->")
            number = end
        number += 1


def commands_of(block: Block) -> list[tuple[str, str]]:
    """Return (command line, expected output) for every line of a console block that starts with `$`."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and found[-1][0].endswith("\\"):
            found[-1] = (found[-1][0][:-1] + line.removeprefix("> "), found[-1][1])
        elif found and line.startswith("> ") and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
        elif found:
            found[-1][1].append(line)
    return [(command, "\n".join(output)) for command, output in found]


BLOCKS = [block for page in PAGES for block in blocks_of(page, page.read_text(encoding="utf-8"))]


def _run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(DETENTE.parent), os.environ.get("PATH", "")])
    return subprocess.run(
        arguments,
        cwd=folder,
        env=os.environ | TERMINAL | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=BLOCK_SECONDS,
        check=False,
    )


def run_cold(line: str, folder: Path) -> Done:
    """Run a line of a console block as a reader does: in a shell, with processes of its own."""
    done = _run(["bash", "-c", line], folder)
    return Done(done.returncode, done.stdout, done.stderr)


def words_of(line: str) -> list[str]:
    """Return the arguments of a line that does nothing but call `detente`; nothing if it needs a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        name, *arguments = lexer
    except ValueError:  # a quotation that does not end here
        return []
    needs_shell = any(set(word) <= set("();<>|&") for word in arguments) or set(line) & set("$`*?~#\\\n")
    return [] if needs_shell or name != "detente" else arguments


def run_warm(line: str, folder: Path) -> Done:
    """Run a line of a console block; `detente` runs in this process where no shell has to read its arguments."""
    before, _, last = line.rpartition(" | ")
    if arguments := words_of(last):
        given = run_cold(before, folder).stdout if before else ""
        return detente(*arguments, cwd=folder, code=None, stdin=given)
    return run_cold(line, folder)


def check_console(block: Block, folder: Path, run_line: Callable[[str, Path], Done]) -> None:
    """Run the lines of a console block in order; each must end and print as the page says."""
    commands = commands_of(block)
    assert commands, f"{block}: a console block needs a line that starts with '$ '"
    for command, expected in commands:
        done = run_line(command, folder)
        failed = re.search(r"exit code (\d+)", expected)
        assert done.returncode == (int(failed[1]) if failed else 0), (
            f"{block}: {command}\n{done.stdout}\n{done.stderr}"
        )
        if block.check:
            assert done.stdout.strip() == expected.strip(), f"{block}: {command}"


every_console_block = pytest.mark.parametrize(
    "block", [b for b in BLOCKS if b.language == "console" and not b.no_run], ids=str
)
every_python_block = pytest.mark.parametrize(
    "block", [b for b in BLOCKS if b.language == "python" and not b.no_run], ids=str
)


@every_console_block
def test_console_block_runs(block: Block, tmp_path: Path) -> None:
    with few_clocks():
        check_console(block, tmp_path, run_warm)


@every_python_block
def test_python_block_runs(block: Block, tmp_path: Path) -> None:
    # A block may add a mechanism "while this Python runs": that ends with the block.
    with (
        contextlib.chdir(tmp_path),
        contextlib.redirect_stdout(io.StringIO()),
        patch.dict(mechanism_registry()),
        few_clocks(),
    ):
        exec(compile(block.text, str(block), "exec"), {"__name__": "__main__"})  # noqa: S102


@pytest.mark.slow
@every_console_block
def test_console_block_runs_in_a_shell(block: Block, tmp_path: Path) -> None:
    check_console(block, tmp_path, run_cold)


@pytest.mark.slow
@every_python_block
def test_python_block_runs_in_a_fresh_interpreter(block: Block, tmp_path: Path) -> None:
    done = _run([sys.executable, "-c", block.text], tmp_path)
    assert done.returncode == 0, f"{block}\n{done.stderr}"


def test_a_line_is_run_warm_only_if_it_needs_no_shell() -> None:
    assert words_of("detente ask us-iran 'force count >= 5 | x'") == [
        "ask",
        "us-iran",
        "force count >= 5 | x",
    ]
    for line in ("detente schema > s.json", "detente events; ls", "detente run $name", "cat x", "detente 'a"):
        assert words_of(line) == [], line


def test_a_line_says_the_same_warm_and_in_a_shell(tmp_path: Path) -> None:
    for line in (
        "detente mechanisms",
        "detente ask us-iran 'IRN->USA ASSALT within 90d'",
        "printf x | detente schema",
    ):
        assert run_warm(line, tmp_path) == run_cold(line, tmp_path), line


def test_a_block_that_says_something_else_is_seen(tmp_path: Path) -> None:
    said = "$ detente check missing.csv\nexit code 3"
    check_console(Block(ROOT / "README.md", 1, "console", said, None, check=False), tmp_path, run_warm)
    for other in ("$ detente check missing.csv", "$ detente mechanisms\nexit code 3", "echo"):
        with pytest.raises(AssertionError):
            check_console(
                Block(ROOT / "README.md", 1, "console", other, None, check=False), tmp_path, run_warm
            )
    with pytest.raises(AssertionError):
        check_console(
            Block(ROOT / "README.md", 1, "console", "$ detente --version\n9", None, check=True),
            tmp_path,
            run_warm,
        )


def test_blocks_are_read() -> None:
    text = "<!-- no-run: too slow -->\n```python\nx\n```\n\n<!-- check -->\n\n```console\n$ a \\\n> b\nc\n$ d\n```\n"
    first, second = blocks_of(ROOT / "README.md", text)
    assert (first.language, first.text, first.no_run, first.check) == ("python", "x", "too slow", False)
    assert second.check
    assert commands_of(second) == [("a b", "c"), ("d", "")]
    document = Block(ROOT / "README.md", 1, "console", "$ cat <<END\n> e\n> END\nf", None, check=False)
    assert commands_of(document) == [("cat <<END\ne\nEND", "f")]


# --- links -----------------------------------------------------------------------------------------------------------


def _prose(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchors_of(text: str) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", _prose(text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.strip().lower()).replace(" ", "-") for h in headings}


def broken_links(page: Path, text: str) -> list[str]:
    """Return the links of a page that lead nowhere inside the repository."""
    broken = []
    for target in re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", _prose(text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in anchors_of(file.read_text(encoding="utf-8"))):
            broken.append(target)
    return broken


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert not broken_links(page, page.read_text(encoding="utf-8"))


def test_a_broken_link_is_seen() -> None:
    assert broken_links(
        DOCS / "index.md", "[a](nowhere.md) [b](glossary.md#no-such-heading) [c](glossary.md)"
    ) == [
        "nowhere.md",
        "glossary.md#no-such-heading",
    ]


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, todo = set(), [DOCS / "index.md"]
    while todo:
        page = todo.pop()
        if page in reached or not page.exists():
            continue
        reached.add(page)
        targets = re.findall(r"\]\(([^)\s#]+\.md)", page.read_text(encoding="utf-8"))
        todo += [(page.parent / target).resolve() for target in targets]
    lost = [
        str(page.relative_to(ROOT)) for page in PAGES if page.is_relative_to(DOCS) and page not in reached
    ]
    assert not lost, lost


# --- bibliography ----------------------------------------------------------------------------------------------------


@cache
def keys() -> frozenset[str]:
    found = re.findall(
        r"^\| \[([^\]]+)\] \|", (DOCS / "bibliography.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(found) == len(set(found)), "a key stands twice in the bibliography"
    return frozenset(found)


def cited_in_source() -> Iterator[tuple[str, str]]:
    """Yield (key, place) for every key in docstrings and data files of the package, and in the pages."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield from ((key, place) for key in re.findall(rf"\[({KEY})\]", node.value))
                yield from ((key, place) for key in re.findall(r"Source: \[([^\]]+)\]", node.value))
    for path in [*SOURCE.rglob("*.yaml"), *PAGES]:
        for key in re.findall(rf"\[({KEY})\](?!\()", path.read_text(encoding="utf-8")):
            yield key, str(path.relative_to(ROOT))


def test_keys_are_in_the_bibliography() -> None:
    missing = [f"{place}: [{key}]" for key, place in cited_in_source() if key not in keys()]
    assert not missing, "\n".join(missing)


def test_every_entry_of_the_bibliography_is_cited() -> None:
    kinds = {".py", ".yaml", ".csv", ".md"}
    own = DOCS / "bibliography.md"
    places = [p for folder in (SOURCE, DOCS, ROOT / "tests") for p in folder.rglob("*") if p.suffix in kinds]
    golden = ROOT / "tests" / "golden"
    read = (p for p in places if p != own and not p.is_relative_to(golden))
    text = "\n".join(p.read_text(encoding="utf-8") for p in read)
    unused = [key for key in sorted(keys()) if not re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text)]
    assert not unused, unused


@pytest.mark.skipif(
    not (SOURCE / "model" / "mechanisms" / "__init__.py").exists(), reason="there are no mechanisms yet"
)
def test_every_mechanism_and_term_cites_a_known_source() -> None:
    from detente.model.mechanisms import mechanism_registry

    for mechanism in mechanism_registry().values():
        assert mechanism.source, f"{mechanism.name} cites nothing"
        cited = {*mechanism.source, *(term.source for term in mechanism.terms)}
        assert cited <= keys(), f"{mechanism.name} cites {sorted(cited - keys())}"


# --- generated pages -------------------------------------------------------------------------------------------------


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _assert_current(name: str, generate: ModuleType) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    assert page == generate.PAGES[name](), f"{name} is stale: run `make docs`"


def test_page_of_mechanisms_is_current() -> None:
    _assert_current("mechanisms.md", _generator())


def test_page_of_commands_is_current() -> None:
    def warm(command: list[str], **_: object) -> Done:
        return detente(*command[1:])

    with patch.object(subprocess, "run", warm):  # one process for 25 commands
        _assert_current("cli.md", _generator())


@pytest.mark.slow
def test_the_record_that_comes_with_the_program_belongs_to_this_code() -> None:
    case = load_case("us-iran", cache=False)
    record = track_record(case)
    assert record is not None, "the record is stale: run `make docs`"
    asked = {template.id: template.line(case.argument) for template in question_templates()}
    assert {question.id: question.ask for question in record.questions} == asked


@pytest.mark.slow
def test_page_of_commands_is_current_in_processes_of_their_own() -> None:
    _assert_current("cli.md", _generator())


def test_the_table_of_actions_is_that_of_the_code() -> None:
    from detente.events.ontology.actions import action_names
    from detente.events.ontology.classes import default_class

    page = (DOCS / "reference.md").read_text(encoding="utf-8")
    table = page.partition("<!-- actions:begin -->")[2].partition("<!-- actions:end -->")[0]
    told = dict(re.findall(r"^\| `([A-Z]+)` \|.*\| ([a-z-]+) \|$", table, re.MULTILINE))
    assert told == {name: default_class(name) for name in action_names("detente")}


def test_numbers_of_the_readme_come_from_a_result(tmp_path: Path) -> None:
    generate = _generator()
    result = {
        "rivalry": "us-iran",
        "argument": "essay",
        "as_of": "2020-01-17",
        "version": "0.1.0",
        "data": {"events": 1120, "acts": 1016, "first": "1951-05-01", "last": "2026-07-04", "digest": "ab" * 32},
        "fit": {"spectral_radius": 0.61, "coefficients": [{}, {}], "seconds": 0.5},
        "futures": {"count": 2000, "days": 730, "seed": 1, "seconds": 2.0},
        "channels": [],
        "questions": [
            {"id": "a", "text": "Talks | soon", "opens": "2020-01-17", "closes": "2021-01-17", "probability": 0.637,
             "low": 0.4, "high": 0.8, "outcome": "yes"}
        ],
    }  # fmt: skip
    text = generate.demo_block(result)
    assert "1,120" in text
    assert "| Talks \\| soon | 2021-01-17 | 0.64 | yes |" in text
    page = "a\n<!-- demo:begin -->\nstale\n<!-- demo:end -->\nb\n"
    filled = generate.fill(page, "demo", text)
    assert filled.startswith("a\n<!-- demo:begin -->\n")
    assert "stale" not in filled
    assert generate.fill(filled, "demo", text) == filled
    (tmp_path / "result.json").write_text(json.dumps(result), encoding="utf-8")
    assert generate.read_result(tmp_path / "result.json") == result


def test_the_readme_tells_what_its_demo_gives() -> None:
    command = next(line for line in (ROOT / "Makefile").read_text().splitlines() if " run us-iran " in line)
    given = dict(re.findall(r"--([a-z-]+) (\S+)", command))
    result = run(
        load_case("us-iran"),
        as_of=date.fromisoformat(given["as-of"]),
        days=int(given["days"]),
        futures=int(given["futures"]),
        seed=int(given["seed"]),
    )
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- demo:begin -->")[2]
    rows = re.findall(r"^\| (.+) \| \d{4}-\d\d-\d\d \| ([\d.]+) \| (.+) \|$", table, re.MULTILINE)
    assert [(text, outcome) for text, _, outcome in rows] == [
        (a.question.text, a.outcome.word) for a in result.answers
    ]
    for (text, chance, _), answer in zip(
        rows, result.answers, strict=True
    ):  # algebra differs between machines
        assert float(chance) == pytest.approx(answer.probability, abs=0.011), f"{text}: run `make demo docs`"


# --- words -----------------------------------------------------------------------------------------------------------

# Written in pieces so that this file does not hold what it looks for.
_ROOTS = "|".join(["wo" + "rk", "ro" + "ot", "op" + "t/wheels", "ho" + "me/[a-z]"])
_INDEXES = "|".join(
    [
        "py" + r"pi\.org",
        "python" + "hosted",
        "registry" + r"\.npmjs",
        "--(?:extra-)?index" + "-url",
        "--find" + "-links",
    ]
)
FORBIDDEN = {
    "a path of one machine": rf"(?<![\w.)}}\]-])/(?:{_ROOTS})\b",
    "a hidden folder of one machine": r"(?<![\w/])\." + r"library\b",
    "a package index by name": rf"(?:{_INDEXES})",
    "a word of the workplace": r"(?i)(?<!scope=\")(?<!scope=')\bse" + r"ssions?\b(?!\.)",
}
BINARY = {".png", ".parquet", ".gz", ".ico", ".woff2", ".mo"}
EXCEPT = {
    "Makefile": {"a package index by name"},  # the options that keep an index out of the lock
    "LICENSE": set(FORBIDDEN),  # a text that is not ours
}


def tracked_files() -> list[Path]:
    """Return the files git knows or would add; without git, the furniture, pages, source and tests."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    found = [p for p in ROOT.iterdir() if p.is_file()]
    for folder in ("src", "tests", "docs", "benchmarks", "locks", ".ci"):
        found += [p for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    return found


def forbidden_words(text: str, allowed: set[str]) -> list[str]:
    """Return what a text holds that no file of the repository should."""
    return [
        f"{text.count(chr(10), 0, match.start()) + 1}: {match[0]!r} is {what}"
        for what, pattern in FORBIDDEN.items()
        if what not in allowed
        for match in re.finditer(pattern, text)
    ]


def test_no_file_names_a_machine_or_an_index() -> None:
    faults = []
    for path in tracked_files():
        if path.suffix in BINARY:
            continue
        allowed = EXCEPT.get(str(path.relative_to(ROOT)), set())
        text = path.read_text(encoding="utf-8")
        faults += [f"{path.relative_to(ROOT)}:{fault}" for fault in forbidden_words(text, allowed)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("see /wo" + "rk/main/x", True),
        ("framework/work", False),
        ("/ro" + "ot/.cache", True),
        ("../op" + "t/wheels and a/op" + "t/wheels", False),
        ("https://py" + "pi.org/simple", True),
        ("in an earlier se" + "ssion", True),
        ("@pytest.fixture(scope=\"se" + "ssion\")", False),
        ("possession, obsessions", False),
    ],
)  # fmt: skip
def test_forbidden_words_are_found(text: str, bad: bool) -> None:
    assert bool(forbidden_words(text, set())) is bad


@pytest.mark.parametrize("name", ["run.txt", "web.txt", "dev.txt"])
def test_lock_names_versions_and_hashes_only(name: str) -> None:
    lines = (ROOT / "locks" / name).read_text(encoding="utf-8").splitlines()
    pattern = r"[a-z0-9.-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?"
    assert lines
    assert [line for line in lines if not re.fullmatch(pattern, line)] == []


def test_locks_agree() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / "locks" / name).read_text(encoding="utf-8")
        return {line.removesuffix(" \\") for line in text.splitlines() if "==" in line}

    assert pins("run.txt") <= pins("web.txt") <= pins("dev.txt")
