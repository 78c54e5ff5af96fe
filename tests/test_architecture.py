"""The layers and habits of the code, read from its syntax trees; the layer table is the one in docs/architecture.md."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "detente"
PAGE = ROOT / "docs" / "architecture.md"
FILES = sorted(PACKAGE.rglob("*.py"))

LAB = "lab"
HEAVY = (
    "altair",
    "dask",
    "numba",
    "pandas",
    "polars",
    "pyarrow",
    "scipy.stats",
    "scoringrules",
    "statsmodels",
    "vl_convert",
)
LIMIT, THINK_AGAIN = 400, 250
NETWORK = (
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "urllib.request",
    "urllib3",
)
RANDOM_ALLOWED = ("BitGenerator", "Generator", "PCG64", "PCG64DXSM", "Philox", "SeedSequence", "default_rng")


# --- reading the table and the imports -------------------------------------------------------------------------------


@cache
def table() -> tuple[dict[str, int], frozenset[tuple[str, str]]]:
    """Return the layer of every module, and the pairs allowed inside one layer."""
    layers: dict[str, int] = {}
    pairs: set[tuple[str, str]] = set()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        row = re.match(r"\|\s*(\d+)\s*\|([^|]*)\|([^|]*)\|", line)
        if row:
            for name in re.findall(r"`(\w+)`", row[2]):
                assert name not in layers, f"docs/architecture.md lists {name} twice"
                layers[name] = int(row[1])
            for source, targets in re.findall(r"`(\w+)` → ((?:`\w+`(?:, )?)+)", row[3]):
                pairs |= {(source, target) for target in re.findall(r"`(\w+)`", targets)}
    assert layers, "docs/architecture.md holds no layer table"
    return layers, frozenset(pairs)


def imported_modules(source: str) -> Iterator[tuple[str, str | None, int]]:
    """Yield (module, name taken from it, line) for every import in a source text, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            for alias in node.names:
                yield node.module or "", alias.name, node.lineno


def is_module(name: str) -> bool:
    return (PACKAGE / f"{name}.py").exists() or (PACKAGE / name).is_dir()


def top_of(path: Path) -> str:
    """Return the module or package directly under detente that a file belongs to (`__init__` for the root)."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def own_imports(source: str) -> Iterator[tuple[str, int]]:
    """Yield (module directly under detente, line) for imports of the package itself; `__init__` for its root."""
    for module, name, line in imported_modules(source):
        parts = module.split(".")
        if parts[0] != "detente":
            continue
        if len(parts) > 1:
            yield parts[1], line
        elif name is not None and is_module(name):
            yield name, line
        elif name != "__version__":
            yield "__init__", line


@cache
def edges() -> dict[tuple[str, str], str]:
    """Return where each top-level module first imports each other one."""
    found: dict[tuple[str, str], str] = {}
    for path in FILES:
        for target, line in own_imports(path.read_text(encoding="utf-8")):
            if target != top_of(path):
                found.setdefault((top_of(path), target), f"{path.relative_to(ROOT)}:{line}")
    return found


@cache
def layer_of(module: str) -> int:
    """Return a module's layer; a private module lies as high as the highest it imports."""
    layers, _ = table()
    if module in layers:
        return layers[module]
    if module.startswith("_"):
        return max((layer_of(target) for source, target in edges() if source == module), default=0)
    pytest.fail(f"{module} has no layer: add it to the table in docs/architecture.md")


def modules() -> list[str]:
    return sorted({top_of(path) for path in FILES} - {"__init__", "__main__"})


# --- layers ----------------------------------------------------------------------------------------------------------


def test_every_module_has_a_layer() -> None:
    for module in modules():
        layer_of(module)


def test_imports_point_downwards() -> None:
    _, pairs = table()
    wrong = []
    for (source, target), where in edges().items():
        if source in {"__init__", "__main__"}:
            continue  # the root is a door: it may hand out anything, lazily
        if target == "__init__":
            wrong.append(f"{where}: {source} imports the package's root; name the module instead")
        elif layer_of(target) > layer_of(source):
            wrong.append(f"{where}: {source} ({layer_of(source)}) imports {target} ({layer_of(target)})")
        elif (
            layer_of(target) == layer_of(source)
            and (source, target) not in pairs
            and not source.startswith("_")
            and not target.startswith("_")
        ):
            wrong.append(f"{where}: {source} → {target} is not listed for layer {layer_of(source)}")
    assert not wrong, "\n".join(wrong)


def test_imports_inside_a_layer_have_no_circle() -> None:
    layers, pairs = table()
    graph: dict[str, set[str]] = {}
    for source, target in pairs:
        assert layers[source] == layers[target], f"{source} → {target} are not in one layer"
        graph.setdefault(source, set()).add(target)
    TopologicalSorter(graph).prepare()


def test_the_layer_test_sees_an_upward_import() -> None:
    assert list(own_imports("def f():\n    from detente.lab import run")) == [("lab", 2)]
    assert list(own_imports("import detente.report.html, numpy")) == [("report", 1)]
    assert list(own_imports("from detente import __version__")) == []
    layers, _ = table()
    assert layers["errors"] < layers["mechanisms"] < layers[LAB] < layers["cli"]


# --- purity ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not (PACKAGE / "cli.py").exists(), reason="there is no command line yet")
def test_command_line_starts_without_heavy_imports() -> None:
    code = f"import sys, detente.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]", f"import detente.cli brings in {done.stdout.strip()}"


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
    for module, name, line in imported_modules(ast.unparse(tree)):
        if module == "time":
            yield line, f"import of time{f'.{name}' if name else ''}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            owner, _, method = _dotted(node.func).rpartition(".")
            if method in {"now", "utcnow", "today"} and owner.rpartition(".")[2] in {"date", "datetime"}:
                yield node.lineno, f"{_dotted(node.func)}()"


def reaches_out(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find imports of network libraries."""
    for module, name, line in imported_modules(ast.unparse(tree)):
        whole = f"{module}.{name}" if name else module
        if any(whole == m or whole.startswith(f"{m}.") for m in NETWORK):
            yield line, f"import of {whole}"


def global_randomness(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find random numbers that no written-down seed governs."""
    for module, name, line in imported_modules(ast.unparse(tree)):
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
        tree = ast.parse(path.read_text(encoding="utf-8"))
        lines += [f"{path.relative_to(ROOT)}:{line}: {what}" for line, what in finder(tree)]
    return "\n".join(lines)


def _below_lab() -> list[Path]:
    return [
        p
        for p in FILES
        if top_of(p) not in {"__init__", "__main__"} and layer_of(top_of(p)) < table()[0][LAB]
    ]


def _public() -> list[Path]:
    return [
        p for p in FILES if not any(part.startswith("_") and part != "__init__.py" for part in p.parts[-3:])
    ]


@pytest.mark.parametrize("finder", [prints, reads_clock, reaches_out], ids=lambda f: f.__name__)
def test_below_lab_nothing(finder: Finder) -> None:
    faults = _faults(finder, _below_lab())
    assert not faults, faults


@pytest.mark.parametrize("finder", [global_randomness, asserts], ids=lambda f: f.__name__)
def test_nowhere(finder: Finder) -> None:
    faults = _faults(finder, FILES)
    assert not faults, faults


def test_every_public_name_has_a_docstring() -> None:
    faults = _faults(undocumented, _public())
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
        (global_randomness, "np.random.seed(1)", "np.random.Generator(np.random.Philox(key=[1, 2]))"),
        (global_randomness, "np.random.default_rng()", "np.random.default_rng(1)"),
        (global_randomness, "import random", "from numpy.random import Philox"),
        (asserts, "assert x", "check(x)"),
        (undocumented, '"""M."""\nclass A:\n    "A."\n    def b(self): ...', '"""M."""\ndef _a(): ...'),
    ],
)
def test_finders_can_fail(finder: Finder, bad: str, good: str) -> None:
    assert list(finder(ast.parse(bad)))
    assert not list(finder(ast.parse(good)))


# --- sizes and mechanisms --------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("default::UserWarning")
def test_no_file_eats_the_house() -> None:
    lengths = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in FILES}
    too_long = {name: n for name, n in lengths.items() if n > LIMIT}
    assert not too_long, f"split these, {LIMIT} lines is the limit: {too_long}"
    for name, n in lengths.items():
        if n > THINK_AGAIN:
            warnings.warn(f"{name} has {n} lines; think again at {THINK_AGAIN}", UserWarning, stacklevel=1)


MECHANISM_FILES = sorted(p for p in (PACKAGE / "mechanisms").glob("*.py") if not p.name.startswith("_"))


@pytest.mark.parametrize("path", MECHANISM_FILES, ids=lambda p: p.stem)
def test_a_mechanism_is_one_file(path: Path) -> None:
    module = importlib.import_module(f"detente.mechanisms.{path.stem}")
    mechanism = module.MECHANISM
    assert mechanism.name.replace("-", "_") == path.stem
    assert type(mechanism).__module__ == module.__name__
    elsewhere = [
        f"{other.relative_to(ROOT)}:{node.lineno}"
        for other in FILES
        if other != path
        for node in ast.walk(ast.parse(other.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value == mechanism.name
    ]
    assert not elsewhere, f"{mechanism.name} is named outside its file: {elsewhere}"
