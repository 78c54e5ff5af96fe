"""The layers and habits of the code, read from its syntax trees and from the docstring of each folder."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from detente.events.files.embedded import embedded_actors, embedded_rivalries
from detente.events.ontology.classes import ROLES
from detente.lab.arguments import load_argument
from detente.model.mechanisms import mechanism_registry

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "detente"
FILES = sorted(PACKAGE.rglob("*.py"))

FLOW = (
    "base",
    "pull",
    "events",
    "argument",
    "model",
    "questions",
    "futures",
    "lab",
    "studies",
    "report",
    "web",
    "cli",
)
DATA = ("__init__.py", "__main__.py", "data", "py.typed")
MOST_ENTRIES, MOST_FILES, MOST_PARTS = 16, 30, 60
HEAVY = (
    "altair",
    "dask",
    "fastapi",
    "httpx2",
    "numba",
    "pandas",
    "polars",
    "pyarrow",
    "scipy.stats",
    "scoringrules",
    "starlette",
    "statsmodels",
    "uvicorn",
    "vl_convert",
)
LIMIT = 400
NETWORK = (
    "aiohttp",
    "ftplib",
    "http",
    "httpcore2",
    "httpx",
    "httpx2",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "urllib.request",
    "urllib3",
)
STARTS_THREADS = ("threading.Thread", "threading.Timer", "_thread", "_thread.start_new_thread")
RANDOM_ALLOWED = ("BitGenerator", "Generator", "PCG64", "PCG64DXSM", "Philox", "SeedSequence", "default_rng")


# --- the tree and its imports -----------------------------------------------------------------------------------------


def module_of(path: Path, package: Path = PACKAGE) -> str:
    """Return the dotted name of a file, such as `detente.lab.run`."""
    return ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")


def place_of(module: str) -> str:
    """Return the folder at the root that a module belongs to; for a study `studies.NAME`; `detente` for the root."""
    parts = module.split(".")
    if parts[1:2] == ["studies"] and len(parts) > 2:
        return f"studies.{parts[2]}"
    return parts[1] if len(parts) > 1 else parts[0]


def may_import(doc: str | None) -> frozenset[str]:
    """Read the last line of a docstring, `May import: …`, as a set of names."""
    last = (doc or "").strip().splitlines()[-1].strip() if doc else ""
    match = re.fullmatch(r"May import: (.+)\.", last)
    assert match, f"the last line of the docstring must read 'May import: …', got {last!r}"
    if match[1] in ("nothing", "no other study"):
        return frozenset()
    names = frozenset(name.strip() for name in match[1].split(","))
    return names - {"and the other studies that its own line names"}


@cache
def rules(package: Path = PACKAGE) -> dict[str, frozenset[str]]:
    """Return what each place may import, read from its docstring."""
    places = [package / "__init__.py", package / "__main__.py", *package.glob("*/__init__.py")]
    studies = package / "studies"
    places += [*studies.glob("*/__init__.py"), *(p for p in studies.glob("*.py") if p.name != "__init__.py")]
    return {
        place_of(module_of(p, package)): may_import(ast.get_docstring(ast.parse(p.read_text("utf-8"))))
        for p in places
    }


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file of the package."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_modules(tree: ast.AST) -> Iterator[tuple[str, str | None, int]]:
    """Yield (module, name taken from it, line) for every import in a tree, lazy and type-only ones included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            for alias in node.names:
                yield node.module or "", alias.name, node.lineno


Edges = dict[tuple[str, str], int]


def edges_of(package: Path = PACKAGE) -> Edges:
    """Return the line in which each file first imports each other file of the package."""
    files = sorted(package.rglob("*.py"))
    modules = {module_of(path, package) for path in files}
    found: Edges = {}
    for path in files:
        source = module_of(path, package)
        for module, name, line in imported_modules(ast.parse(path.read_text(encoding="utf-8"))):
            if module.split(".")[0] == package.name:
                target = f"{module}.{name}" if f"{module}.{name}" in modules else module
                if target != source:
                    found.setdefault((source, target), line)
    return found


edges = cache(edges_of)


def wrong_ways(edges: Edges, rules: dict[str, frozenset[str]]) -> list[str]:
    """Return every import that the docstrings do not allow."""
    wrong = []
    for (source, target), line in sorted(edges.items()):
        here, there = place_of(source), place_of(target)
        if here == there:
            continue
        if here.startswith("studies.") and there.startswith("studies."):
            allowed = there.removeprefix("studies.") in rules[here]
        else:
            allowed = there.split(".")[0] in rules[here.split(".")[0]]
        if not allowed:
            wrong.append(f"{source}:{line} imports {target}, and the docstring of {here} does not allow it")
    return wrong


def circles(edges: Edges) -> list[str]:
    """Return one circle of imports between files, if there is any."""
    graph: dict[str, set[str]] = {}
    for source, target in edges:
        graph.setdefault(source, set()).add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" → ".join(error.args[1])]
    return []


def misplaced(package: Path = PACKAGE) -> list[str]:
    """Return what does not belong into the tree: too many entries, too many files, a private file name."""
    wrong = []
    entries = [p.name for p in package.iterdir() if p.name != "__pycache__"]
    if len(entries) > MOST_ENTRIES:
        wrong.append(f"{len(entries)} entries at the root, {MOST_ENTRIES} is the limit")
    for folder in [package, *(p for p in package.rglob("*") if p.is_dir() and p.name != "__pycache__")]:
        files = [p.name for p in folder.glob("*.py")]
        wide = folder.name in ("cli", "mechanisms")
        if len(files) > (MOST_PARTS if wide else MOST_FILES):
            wrong.append(f"{folder.relative_to(package)} holds {len(files)} files")
        wrong += [
            f"{folder.relative_to(package)}/{name} begins with an underscore"
            for name in files
            if name.startswith("_") and name not in ("__init__.py", "__main__.py")
        ]
        if files and "__init__.py" not in files:
            wrong.append(f"{folder.relative_to(package)} has no __init__.py")
    return wrong


def test_every_entry_of_the_root_is_known() -> None:
    assert {p.name for p in PACKAGE.iterdir() if p.name != "__pycache__"} == {*FLOW, *DATA}


def test_every_import_is_allowed_by_a_docstring() -> None:
    wrong = wrong_ways(edges(), rules())
    assert not wrong, "\n".join(wrong)


def test_the_docstrings_let_data_flow_one_way() -> None:
    for i, folder in enumerate(FLOW):
        assert rules()[folder] <= set(FLOW[:i]), f"{folder} may import what comes after it"


def test_no_file_imports_itself_through_others() -> None:
    assert not circles(edges())


def test_the_tree_is_tidy() -> None:
    assert not misplaced()


def test_unit_tests_mirror_the_tree() -> None:
    unit = ROOT / "tests" / "unit"
    folders = {p.parent.relative_to(unit) for p in unit.rglob("test_*.py")}
    assert not [str(f) for f in folders if not (PACKAGE / f).is_dir()]


TREE = {
    "__init__.py": '"""Root.\n\nMay import: low, high.\n"""',
    "__main__.py": '"""Main.\n\nMay import: high.\n"""',
    "low/__init__.py": '"""Low.\n\nMay import: nothing.\n"""',
    "low/a.py": "import json",
    "low/b.py": "from detente.low.a import x",
    "high/__init__.py": '"""High.\n\nMay import: low.\n"""',
    "high/c.py": "def f():\n    from detente.low.b import y",
    "studies/__init__.py": '"""Studies.\n\nMay import: low.\n"""',
    "studies/one.py": '"""One.\n\nMay import: two.\n"""\nfrom detente.studies.two.t import z',
    "studies/two/__init__.py": '"""Two.\n\nMay import: no other study.\n"""',
    "studies/two/t.py": "from detente.low import a",
}


def _tree(folder: Path, changes: dict[str, str]) -> Path:
    package = folder / "detente"
    for name, text in (TREE | changes).items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text, encoding="utf-8")
    return package


def _faults_of(package: Path) -> list[str]:
    found = edges_of(package)
    return [*wrong_ways(found, rules(package)), *circles(found), *misplaced(package)]


def test_a_sound_tree_has_no_fault(tmp_path: Path) -> None:
    assert not _faults_of(_tree(tmp_path, {}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"low/a.py": "from detente.high.c import f"}, "docstring of low does not allow"),
        ({"low/a.py": "def f():\n    import detente.high.c"}, "docstring of low does not allow"),
        (
            {"low/a.py": "if TYPE_CHECKING:\n    from detente.high import c"},
            "docstring of low does not allow",
        ),
        ({"low/a.py": "from detente import run"}, "docstring of low does not allow"),
        (
            {"studies/two/t.py": "from detente.studies.one import f"},
            "docstring of studies.two does not allow",
        ),
        ({"studies/two/t.py": "from detente.high.c import f"}, "docstring of studies.two does not allow"),
        ({"low/a.py": "from detente.low.b import f"}, "detente.low.a → detente.low.b"),
        ({"low/_hidden.py": ""}, "begins with an underscore"),
        ({f"low/f{i}.py": "" for i in range(MOST_FILES)}, "holds 33 files"),
        ({f"f{i}.py": '"""F."""' for i in range(MOST_ENTRIES)}, "entries at the root"),
        ({"low/deep/a.py": ""}, "has no __init__.py"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_each_kind_of_violation_is_seen(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    assert any(message in fault for fault in _faults_of(_tree(tmp_path, changes)))


def test_a_folder_that_does_not_say_what_it_may_import_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="May import"):
        rules(_tree(tmp_path, {"low/__init__.py": '"""Low."""'}))


# --- purity ----------------------------------------------------------------------------------------------------------


def test_command_line_starts_without_heavy_imports() -> None:
    code = f"import sys, detente.cli.main; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]", f"import detente.cli.main brings in {done.stdout.strip()}"


def test_no_command_loads_the_model_before_it_runs() -> None:
    """The help of all commands, and a mistyped option of one, load what prints, not what computes."""
    code = (
        "import sys, pkgutil, importlib, detente.cli as c\n"
        "for m in pkgutil.iter_modules(c.__path__): importlib.import_module(f'detente.cli.{m.name}')\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]", f"the commands bring in {done.stdout.strip()}"


def _dotted(node: ast.expr) -> str:
    """Return `a.b.c` for a chain of attributes, with `?` for anything else at its root."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def prints(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find what writes to the terminal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _dotted(node.func) in {"print", "breakpoint", "input"}:
            yield node.lineno, f"{_dotted(node.func)}()"
        elif isinstance(node, ast.Attribute) and _dotted(node) in {"sys.stdout", "sys.stderr", "sys.stdin"}:
            yield node.lineno, _dotted(node)


def reads_clock(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find what reads the clock."""
    for module, name, line in imported_modules(tree):
        if module == "time":
            yield line, f"import of time{f'.{name}' if name else ''}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            owner, _, method = _dotted(node.func).rpartition(".")
            if method in {"now", "utcnow", "today"} and owner.rpartition(".")[2] in {"date", "datetime"}:
                yield node.lineno, f"{_dotted(node.func)}()"


def reaches_out(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find imports of network libraries."""
    for module, name, line in imported_modules(tree):
        whole = f"{module}.{name}" if name else module
        if any(whole == m or whole.startswith(f"{m}.") for m in NETWORK):
            yield line, f"import of {whole}"


def global_randomness(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find random numbers that no written-down seed governs."""
    for module, name, line in imported_modules(tree):
        if module == "random" or (module == "numpy.random" and name not in (None, *RANDOM_ALLOWED)):
            yield line, f"import of {module}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner, _, name = _dotted(node).rpartition(".")
            if owner in {"np.random", "numpy.random"} and name not in RANDOM_ALLOWED:
                yield node.lineno, _dotted(node)
        elif (
            isinstance(node, ast.Call)
            and _dotted(node.func).endswith("default_rng")
            and not (node.args or node.keywords)
        ):
            yield node.lineno, "default_rng() without a seed"


def makes_generators(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find generators of random numbers, and seeds derived from a seed; a type annotation makes neither."""
    for module, name, line in imported_modules(tree):
        if module == "numpy.random" or (module == "numpy" and name == "random"):
            yield line, f"import of {module}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _dotted(node.func).rpartition(".")[2] in RANDOM_ALLOWED:
            yield node.lineno, f"{_dotted(node.func)}()"


def opens_pools(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find what starts threads or processes."""
    for module, name, line in imported_modules(tree):
        whole = f"{module}.{name}" if name else module
        if module.split(".")[0] in {"concurrent", "multiprocessing"} or whole in STARTS_THREADS:
            yield line, f"import of {whole}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _dotted(node) in STARTS_THREADS:
            yield node.lineno, _dotted(node)


def asserts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find assert statements: they vanish under `python -O` and speak to no user."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield node.lineno, "assert"


def undocumented(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find public modules, classes, functions and methods without a docstring."""
    for node in [tree, *_public_definitions(tree)]:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not (
            ast.get_docstring(node)
        ):
            yield getattr(node, "lineno", 1), f"{getattr(node, 'name', 'module')} has no docstring"


def _public_definitions(tree: ast.AST) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node
            yield from _public_definitions(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            decorators = {_dotted(d) for d in node.decorator_list}
            if not any(d.endswith((".setter", ".deleter", "overload", "override")) for d in decorators):
                yield node
        elif isinstance(node, ast.If):
            yield from _public_definitions(node)


Finder = Callable[[ast.AST], Iterator[tuple[int, str]]]


def _faults(finder: Finder, paths: list[Path]) -> str:
    lines = []
    for path in paths:
        tree = parsed(path)
        lines += [f"{path.relative_to(ROOT)}:{line}: {what}" for line, what in finder(tree)]
    return "\n".join(lines)


def _in(*folders: str) -> list[Path]:
    return [p for p in FILES if p.relative_to(PACKAGE).parts[0] in folders]


def test_only_the_command_line_prints() -> None:
    faults = _faults(prints, _in(*FLOW[:-1]))
    assert not faults, faults


def test_the_clock_is_read_in_one_file() -> None:
    faults = _faults(reads_clock, [p for p in FILES if p != PACKAGE / "base" / "clock.py"])
    assert not faults, faults


def test_generators_are_made_in_one_file() -> None:
    faults = _faults(makes_generators, [p for p in FILES if p != PACKAGE / "base" / "random.py"])
    assert not faults, faults


def test_pools_are_opened_in_one_file() -> None:
    faults = _faults(opens_pools, [p for p in FILES if p != PACKAGE / "base" / "workers.py"])
    assert not faults, faults


def test_the_network_is_reached_in_one_file() -> None:
    faults = _faults(reaches_out, [p for p in FILES if p != PACKAGE / "pull" / "client.py"])
    assert not faults, faults


@pytest.mark.parametrize("finder", [global_randomness, asserts], ids=lambda f: f.__name__)
def test_nowhere(finder: Finder) -> None:
    faults = _faults(finder, FILES)
    assert not faults, faults


def test_every_public_name_has_a_docstring() -> None:
    faults = _faults(undocumented, FILES)
    assert not faults, faults


@pytest.mark.parametrize(
    ("finder", "bad", "good"),
    [
        (prints, "def f():\n    print(1)", "table.print(1)"),
        (prints, "import sys\nsys.stdout.write('a')", "import sys\nsys.version"),
        (
            reads_clock,
            "import datetime\ndatetime.datetime.now()",
            "from datetime import date\ndate(2020, 1, 17)",
        ),
        (reads_clock, "from datetime import date\ndate.today()", "calendar.today()"),
        (reads_clock, "from time import perf_counter", "from detente.timeline import Window"),
        (reaches_out, "import urllib.request", "import urllib.parse"),
        (reaches_out, "from http import client", "import html"),
        (reaches_out, "def f():\n    import httpx2", "from detente.pull.client import Client"),
        (global_randomness, "np.random.seed(1)", "np.random.Generator(np.random.Philox(key=[1, 2]))"),
        (global_randomness, "np.random.default_rng()", "np.random.default_rng(1)"),
        (global_randomness, "import random", "from numpy.random import Philox"),
        (
            makes_generators,
            "rng = np.random.Generator(np.random.Philox(key=[1, 2]))",
            "def f(rng: np.random.Generator) -> None: rng.random()",
        ),
        (makes_generators, "np.random.default_rng(1)", "generator(1, Stream.LEDGER)"),
        (makes_generators, "key = np.random.SeedSequence([1])", "from collections.abc import Generator"),
        (makes_generators, "from numpy.random import Philox", "from detente.base.random import Stream"),
        (
            opens_pools,
            "from concurrent.futures import ThreadPoolExecutor",
            "from detente.base.workers import Threads",
        ),
        (opens_pools, "def f():\n    import concurrent.futures", "from threading import Lock"),
        (opens_pools, "from multiprocessing import Pool", "import threading\nthreading.Lock()"),
        (opens_pools, "import threading\nthreading.Thread(target=f)", "pool(feeds)"),
        (asserts, "assert x", "check(x)"),
        (undocumented, '"""M."""\nclass A:\n    "A."\n    def b(self): ...', '"""M."""\ndef _a(): ...'),
    ],
)
def test_finders_can_fail(finder: Finder, bad: str, good: str) -> None:
    assert list(finder(ast.parse(bad)))
    assert not list(finder(ast.parse(good)))


# --- sizes and mechanisms --------------------------------------------------------------------------------------------


def test_no_file_eats_the_house() -> None:
    lengths = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in FILES}
    too_long = {name: n for name, n in lengths.items() if n > LIMIT}
    assert not too_long, f"split these, {LIMIT} lines is the limit: {too_long}"


MECHANISM_FILES = sorted(
    p for p in (PACKAGE / "model" / "mechanisms").glob("*.py") if p.stem not in ("__init__", "base")
)


Text = tuple[int, str]
# What errors say, by code: texts for a reader, and nothing else.
ERROR_TEXTS = (PACKAGE / "base" / "hints.py", PACKAGE / "base" / "messages.py")


def texts(tree: ast.AST) -> Iterator[Text]:
    """Yield the line and the text of every string in the code, leaving out what is written for a reader.

    Left out are docstrings, whose examples run as tests; what follows `help=`, `hint=` or `example=` or is assigned to
    `hint` or `example`; texts that introduce an example with "such as" or "reads like"; and the code of a fault.
    """
    for_readers: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as value):
                for_readers.add(value)
            case ast.keyword(arg="help" | "hint" | "example", value=value):
                for_readers.update(ast.walk(value))
            case ast.Call(func=ast.Name(id="Fault"), args=[ast.Constant() as value, *_]):
                for_readers.add(value)
            case ast.Assign(targets=[ast.Name(id="hint" | "example")], value=value):
                for_readers.update(ast.walk(value))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or node in for_readers:
            continue
        if not re.search(r"such as|reads like", node.value):
            yield node.lineno, node.value


# Words that are the whole of a text and mean something else there: a command, and kinds of episodes with their words.
OTHER_MEANINGS = frozenset(
    {
        ("crisis", "__init__.py"),
        ("crisis", "cli/main.py"),
        ("crisis", "questions/everyday.py"),
        ("level", "report/languages/vocabulary.py"),
        ("level", "report/pages/article_legend.py"),
        ("level", "studies/claims/rows.py"),
        ("level", "studies/diagnose/result.py"),
        *((word, "studies/claims/episodes.py") for word in ("crisis", "reprisal")),
        *((word, "report/text/claims.py") for word in ("crisis", "reprisal")),
    }
)


@cache
def texts_of(path: Path) -> tuple[Text, ...]:
    """Return the texts of a file."""
    return tuple(texts(parsed(path)))


def naming(name: str, parts: frozenset[str]) -> re.Pattern[str]:
    """Return what names a mechanism in a text, or a part that it alone has.

    It is named by the whole text, as `x.term` inside it, as `x.` before a term is put in, and as `x: {` or a line `x:`.
    """
    whole = rf"^{name}\.?$|^\s*{name}:\s*$|(?<![\w.-]){name}(?:\.[a-z_]|: ?\{{)"
    part = rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(parts)))})(?![\w-])"
    return re.compile(f"{whole}|{part}" if parts else whole, re.MULTILINE)


@cache
def own_parts() -> dict[str, frozenset[str]]:
    """Return the names of terms and settings that only one mechanism has and that are no plain words, by mechanism."""
    names = [
        (mechanism.name, part)
        for mechanism in mechanism_registry().values()
        for part in {*(term.name for term in mechanism.terms), *mechanism.settings}
    ]
    count = Counter(part for _, part in names)
    return {
        mechanism: frozenset(
            p for m, p in names if m == mechanism and count[p] == 1 and "_" in p and p not in ROLES
        )
        for mechanism in mechanism_registry()
    }


@pytest.mark.parametrize("path", MECHANISM_FILES, ids=lambda p: p.stem)
def test_a_mechanism_is_one_file(path: Path) -> None:
    module = importlib.import_module(f"detente.model.mechanisms.{path.stem}")
    mechanism = module.MECHANISM
    assert mechanism.name.replace("-", "_") == path.stem
    assert type(mechanism).__module__ == module.__name__
    named = naming(mechanism.name, own_parts()[mechanism.name])
    elsewhere = [
        f"{other.relative_to(ROOT)}:{line}: {text!r}"
        for other in FILES
        if other not in (path, *ERROR_TEXTS)
        for line, text in texts_of(other)
        if named.search(text) and (text, other.relative_to(PACKAGE).as_posix()) not in OTHER_MEANINGS
    ]
    assert not elsewhere, f"{mechanism.name} is named outside its file: {elsewhere}"


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ('x = "chill"', True),
        ('x = f"chill.{role}"', True),
        ('x = "terms: chill.words"', True),
        ('x = "mechanisms:\\n  chill: {}\\n  other: {}"', True),
        ('settings["cooling_days"]', True),
        ('def f():\n    "The chill.words of a term."', False),
        ('option(help="terms such as chill.words")', False),
        ('x = "A chill. Then silence."', False),
        ('x = "chillier"', False),
    ],
)
def test_a_mechanism_named_elsewhere_is_seen(code: str, named: bool) -> None:
    pattern = naming("chill", frozenset({"cooling_days"}))
    assert any(pattern.search(text) for _, text in texts(ast.parse(code))) is named


# --- rivalries -------------------------------------------------------------------------------------------------------

# The table that gives every country in the world its code: data in the shape of code.
COUNTRIES = PACKAGE / "events" / "ontology" / "state_codes.py"
# An epoch, and a day that stands for any: they belong to no rivalry.
ANY_DAY = ((1970, 1, 1), (2000, 1, 1))


@cache
def rivalry_names() -> re.Pattern[str]:
    """Return what names an embedded rivalry: itself, its folder, its principals by code and name, its own modes."""
    words: set[str] = set()
    for rivalry in embedded_rivalries().values():
        actors = embedded_actors(rivalry.name)
        principals = load_argument("essay", rivalry.name).principals or ()
        words |= {rivalry.name, rivalry.folder, *rivalry.accord_modes, *principals}
        words |= {actors[code].name for code in principals}
    return re.compile(rf"(?<![\w])(?:{'|'.join(map(re.escape, sorted(words)))})(?![\w])", re.IGNORECASE)


def rivalry_named(tree: ast.AST) -> Iterator[Text]:
    """Find names of a rivalry in texts that are not written for a reader, and days written into the code."""
    for line, text in texts(tree):
        if rivalry_names().search(text):
            yield line, text
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _dotted(node.func).endswith("date"):
            values = tuple(a.value for a in node.args if isinstance(a, ast.Constant))
            if len(values) == 3 and values not in ANY_DAY:
                yield node.lineno, f"date{values}"


def test_the_engine_knows_no_rivalry() -> None:
    faults = _faults(rivalry_named, [p for p in FILES if p not in (COUNTRIES, *ERROR_TEXTS)])
    assert not faults, faults
    folders = (PACKAGE / "report", PACKAGE / "web")
    pages = [p for folder in folders for p in folder.rglob("*") if p.suffix in (".j2", ".css", ".js")]
    assert pages
    assert not [p.name for p in pages if rivalry_names().search(p.read_text("utf-8"))]


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ('if rivalry == "us-iran": pass', True),
        ('MODES = ("accord", "jcpoa")', True),
        ('usual = "USA -> IRN force"', True),
        ("SPLIT = date(2020, 1, 17)", True),
        ('def f():\n    """Read `us-iran`."""', False),
        ('Fault("principals", "must be two", hint="Try USA,IRN.")', False),
        ('example = "Iran after the killing."', False),
        ("epoch = date(1970, 1, 1)", False),
        ("date(year, 1, 1)", False),
    ],
)
def test_a_rivalry_named_in_the_engine_is_seen(code: str, named: bool) -> None:
    assert bool(list(rivalry_named(ast.parse(code)))) is named


# --- names -----------------------------------------------------------------------------------------------------------

# What files of report/text offer: the text of a result, its lines, its main sentence, and the sentences of its JSON.
PROTOCOL = frozenset({"add_sentences", "sentence", "text_of"})


def named_twice(files: Mapping[str, str]) -> list[str]:
    """Return public classes and functions that two modules define; a command may be named as the function it calls."""
    homes: dict[str, list[str]] = {}
    for name, source in files.items():
        if name.split("/")[0] == "cli":
            continue
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(f"{name}:{node.lineno}")
    return [f"{name}: {', '.join(at)}" for name, at in homes.items() if len(at) > 1 and name not in PROTOCOL]


def test_a_public_name_means_one_thing() -> None:
    twice = named_twice({p.relative_to(PACKAGE).as_posix(): p.read_text("utf-8") for p in FILES})
    assert not twice, "\n".join(twice)


@pytest.mark.parametrize(
    ("more", "twice"),
    [
        ({"low/b.py": "class Row: ..."}, True),
        ({"low/b.py": "def Row(): ..."}, True),
        ({"low/b.py": "class _Row: ...\nclass A:\n    class Row: ..."}, False),
        ({"cli/b.py": "def Row(): ..."}, False),
        ({"low/b.py": "def text_of(): ...", "low/c.py": "def text_of(): ..."}, False),
    ],
)
def test_a_name_of_two_things_is_seen(more: dict[str, str], twice: bool) -> None:
    assert bool(named_twice({"low/a.py": "class Row: ..."} | more)) is twice
