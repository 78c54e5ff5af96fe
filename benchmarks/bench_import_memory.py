"""Seconds and peak memory of `detente import` on one large file of each layout, one after the other.

Each file is made of the invented rows in ``data/formats`` with other days, numbers, actors and places, in a temporary
folder; only one exists at a time. ``python benchmarks/bench_import_memory.py 1000 icews ucdp`` makes 1,000 MB of two
layouts; without names all cases are run. A case that takes more than 1 GB of memory ends the command with an error.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path

from bench_import import DETENTE, timed

from detente.events.importing.registry import layout_of

MOST_MB = 1000
BLOCK = 5000  # rows made at once
ACTORS, PLACES, DAYS = 3000, 30_000, 6000
FIRST = date(2005, 1, 1)


@dataclass(frozen=True)
class Case:
    """A layout, and what is unusual about the file.

    Attributes
    ----------
    layout : str
    days : str
        ``in order``, ``scattered`` over the whole file, or ``one`` for all rows.
    numbers : str
        ``once``, or ``twice`` if every number stands in two rows.
    packed : bool
        In a zip archive with a readme.
    latin : bool
        Whether names of places are not UTF-8.
    places : int
        How many places there are.
    """

    layout: str
    days: str = "in order"
    numbers: str = "once"
    packed: bool = False
    latin: bool = False
    places: int = PLACES


CASES = {name: Case(name) for name in ("gdelt1", "gdelt2", "icews", "polecat", "acled", "ucdp", "phoenix")}
CASES |= {"cline-phoenix": Case("cline-phoenix"), "terrier": Case("terrier"), "csv": Case("csv")}
CASES |= {
    "gdelt2, zip": Case("gdelt2", packed=True),
    "gdelt2, scattered days": Case("gdelt2", days="scattered"),
    "icews, Latin-1": Case("icews", latin=True),
    "icews, scattered days": Case("icews", days="scattered"),
    "icews, one day": Case("icews", days="one"),
    "icews, numbers twice": Case("icews", numbers="twice"),
    "icews, a place a row": Case("icews", places=1 << 40),
}
PLAIN = (
    "date,source,target,code,citation,summary\n",
    "2019-03-04,NOR,SWE,040,an invented act,Oslo\n",
    "2019-03-05,SWE,FIN,112,another,Oslo\n",
    '2019-03-06,FIN,NOR,190,"a third, with a comma",Oslo\n',
)

Field = Callable[[date, int], str]
_ISO: Field = lambda day, _: day.isoformat()  # noqa: E731 - a table of small functions
_EIGHT: Field = lambda day, _: f"{day:%Y%m%d}"  # noqa: E731
_PARTS: dict[str, Field] = {
    "year": lambda day, _: str(day.year),
    "month": lambda day, _: f"{day.month:02}",
    "day": lambda day, _: f"{day.day:02}",
}
_DAYS: dict[str, dict[str, Field]] = {
    "icews": {"Event Date": _ISO},
    "polecat": {"Event Date": _ISO, "Publication Date": _ISO},
    "acled": {
        "event_date": _ISO,
        "timestamp": lambda day, _: str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())),
    },
    "ucdp": {"date_start": _ISO, "date_end": _ISO},
    "phoenix": {"Date": _EIGHT} | {name.title(): field for name, field in _PARTS.items()},
    "cline-phoenix": {"story_date": lambda day, _: f"{day.month}/{day.day}/{day.year}"} | _PARTS,
    "terrier": {"date8": _EIGHT} | _PARTS,
    "csv": {"date": _ISO},
}
for _name, _added in (("gdelt1", "%Y%m%d"), ("gdelt2", "%Y%m%d121500")):
    _DAYS[_name] = {
        "SQLDATE": _EIGHT,
        "MonthYear": lambda day, _: f"{day:%Y%m}",
        "Year": lambda day, _: str(day.year),
        "DATEADDED": lambda day, _, form=_added: day.strftime(form),  # type: ignore[misc]
    }
_GROUPS = {  # columns of actors, and what a group is called there
    "icews": ("Source Name", "Fishing Association {} (Norway)"),
    "polecat": ("Actor Name", "Fishing Association {} of Norway"),
    "acled": ("actor1", "Fishing Association {}"),
    "ucdp": ("side_b", "Fishing Association {}"),
}


def rows_of(case: Case) -> Iterator[str]:
    """Yield the text of a file without end, in pieces; the first is the header, if there is one."""
    layout = layout_of(case.layout)
    source = Path(str(resources.files("detente"))) / "data" / "formats"
    text = "".join(PLAIN) if case.layout == "csv" else (source / layout.sample).read_text("utf-8-sig")
    first = text.splitlines()[0]
    opening = layout.opening(first)
    if opening is None:
        raise SystemExit(f"{case.layout}: {first} is not its layout")
    kinds = list(csv.reader(io.StringIO(text), delimiter=opening.separator))
    if opening.header:
        yield first + "\n"
        kinds = kinds[1:]
    change = {opening.columns.index(name): field for name, field in _DAYS[case.layout].items()}
    where = [opening.columns.index(name) for name in layout.place[:1]]
    if case.layout == "csv":
        where = [opening.columns.index("summary")]
    numbered = opening.columns.index(layout.id) if layout.id in opening.columns else None
    group, called = _GROUPS.get(case.layout, ("", ""))
    chance, made = random.Random(1), 0  # noqa: S311 - rows of a benchmark
    stay = "\u00e5" if case.latin else ""
    while True:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=opening.separator, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        write = writer.writerow if opening.separator != "\t" else lambda r: out.write("\t".join(r) + "\n")  # noqa: B023
        for i in range(made, made + BLOCK):
            row = list(kinds[i % len(kinds)])
            number = {"in order": i // 2000, "scattered": chance.randrange(DAYS), "one": 0}[case.days]
            day = FIRST + timedelta(days=number % DAYS)
            for at, field in change.items():
                row[at] = field(day, i)
            for at in where:
                row[at] = f"Place {stay}{chance.randrange(case.places)}"
            if numbered is not None:
                row[numbered] = str(700_000_000 + (i // 2 if case.numbers == "twice" else i))
            if group and i % 3 == 0:
                row[opening.columns.index(group)] = called.format(chance.randrange(ACTORS))
            write(row)
        made += BLOCK
        yield out.getvalue()


def make(case: Case, folder: Path, size: int) -> Path:
    """Write a file of about so many bytes, unpacked."""
    path = folder / f"events{'.zip' if case.packed else '.txt'}"
    encoding = "latin-1" if case.latin else "utf-8"

    def pieces() -> Iterator[bytes]:
        written = 0
        for text in rows_of(case):
            written += len(text)
            yield text.encode(encoding)
            if written >= size:
                return

    if case.packed:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("readme.txt", "Invented rows.\n")
            with archive.open("events.txt", "w", force_zip64=True) as stream:
                for piece in pieces():
                    stream.write(piece)
    else:
        with path.open("wb") as plain:
            for piece in pieces():
                plain.write(piece)
    return path


def main() -> None:
    """Measure the cases and print a line for each."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    wanted = sys.argv[2:] or list(CASES)
    over = []
    print("| file | MB | seconds | seconds of the processor | peak memory, MB |\n|---|---|---|---|---|")
    for name in wanted:
        case = CASES[name]
        with tempfile.TemporaryDirectory() as folder:
            path = make(case, Path(folder), size * 1_000_000)
            out = str(Path(folder) / "events.parquet")
            book = ["--codebook", "cameo"] if case.layout == "csv" else []
            seconds, used, peak = timed([DETENTE, "import", case.layout, str(path), "-o", out, *book])
            mb = path.stat().st_size / 1e6
        print(f"| {name} | {mb:,.0f} | {seconds:.1f} | {used:.1f} | {peak:,.0f} |", flush=True)
        over += [name] if peak > MOST_MB else []
    if over:
        raise SystemExit(f"more than {MOST_MB:,} MB: {', '.join(over)}")


if __name__ == "__main__":
    main()
