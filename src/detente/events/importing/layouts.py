"""Layouts of event data: the columns of each format, with or without a header, and how to tell one from another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from detente.base.errors import DataError, Fault
from detente.base.spelling import suggest
from detente.events.importing.formats import (
    GDELT_ACT,
    GDELT_DAY,
    GDELT_KEYS,
    POLECAT_KEYS,
    Events,
    gdelt,
    icews,
    machine_coded,
    polecat,
)


@dataclass(frozen=True)
class FileLayout:
    """One format of event data.

    Attributes
    ----------
    name, title : str
    codebook : str or None
        How its codes read; None if the user says.
    separator : str
        What stands between fields.
    used : tuple[str, ...]
        The columns that are read.
    place : tuple[str, ...]
        Those of them that say where, from the finest on.
    content : tuple[str, ...]
        Columns of the events it gives, besides date, source, target and where.
    widths : Mapping[int, tuple[str, ...]]
        Column names by the number of columns, for formats without a header.
    told : Mapping[str, tuple[str, ...]]
        The columns that show what is wrong with a row, by the reason for which it is refused.
    events : callable or None
        What its rows say (see `formats`); None for plain event files, which `detente.events.files.rows` reads.
    """

    name: str
    title: str
    codebook: str | None
    separator: str
    used: tuple[str, ...]
    events: Events | None
    place: tuple[str, ...] = ()
    content: tuple[str, ...] = ("code",)
    widths: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def columns_of(self, first: str, where: str) -> tuple[str, ...]:
        """Return the columns of a file, read from its first line.

        Raises
        ------
        DataError
            If the line is not that of this format, with the format it looks like.
        """
        fields = [field.strip() for field in first.rstrip("\r\n").split(self.separator)]
        if self.widths:
            if len(fields) in self.widths and not fields[0].upper().startswith("GLOBALEVENTID"):
                return self.widths[len(fields)]
            widths = sorted(self.widths)
            raise DataError(
                Fault(
                    "wrong_width",
                    self.title,
                    got=len(fields),
                    where=where,
                    widths=widths,
                    **_other(fields, self.name),
                )
            )
        have = [field.strip('"') for field in fields] if self.separator == "," else fields
        missing = [name for name in self.used if name not in have and name not in _OPTIONAL]
        if missing:
            hint = _other(fields, self.name) or suggest(missing[0], have, known=False)
            raise DataError(
                *(Fault("missing_column", name, where=where, table=self.title, **hint) for name in missing)
            )
        double = {name for name in have if name and have.count(name) > 1}
        if double:
            raise DataError(Fault("column_named_twice", "header", got=min(double), where=where))
        return tuple(name or f"unnamed {i}" for i, name in enumerate(have, 1))

    def plainly(self, used: tuple[str, ...], codebook: str) -> FileLayout:
        """Return the layout of a plain event file: with nothing but machine codes in it, it is read as KEDS is."""
        if self.events is not None or codebook not in ("cameo", "weis"):
            return self
        if len(used) != 4 or not {"cameo", "code"} & set(used):
            return self
        told = _KEDS_TOLD | {"rule": ("from", "to")}
        return replace(self, events=machine_coded(codebook, officials=False), content=("code",), told=told)

    def wanted(self, columns: tuple[str, ...], every: Collection[str]) -> tuple[str, ...]:
        """Return which of a file's columns are read; of a plain event file all that an event file may use."""
        wanted = self.used if self.events is not None else every
        return tuple(name for name in columns if name in wanted)


_OPTIONAL = ("Event Mode",)


def _other(fields: list[str], not_this: str) -> dict[str, Any]:
    """Return a hint at the format that a first line looks like, and its value."""
    for layout in LAYOUTS.values():
        if layout.name == not_this:
            continue
        fits = len(fields) in layout.widths if layout.widths else set(layout.used) <= {*fields, *_OPTIONAL}
        if fits and layout.name != "csv":
            return {"hint": "looks_like", "format": layout.name}
    return {"hint": "remove_header"} if fields[0].upper().startswith("GLOBALEVENTID") else {}


def _gdelt_columns(geo: tuple[str, ...], last: tuple[str, ...]) -> tuple[str, ...]:
    actor = "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code"
    event = (
        "IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale NumMentions NumSources "
        "NumArticles AvgTone"
    )
    return (
        *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
        *(f"Actor{n}{what}" for n in (1, 2) for what in actor.split()),
        *event.split(),
        *(f"{whose}Geo_{what}" for whose in ("Actor1", "Actor2", "Action") for what in geo),
        *last,
    )


_GEO_1 = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_GEO_2 = (*_GEO_1[:4], "ADM2Code", *_GEO_1[4:])
_GDELT_USED = (*GDELT_DAY, *GDELT_KEYS["source"], *GDELT_KEYS["target"], *GDELT_ACT, "ActionGeo_FullName")
_ICEWS_USED = (
    *("Event Date", "Source Name", "Source Sectors", "Source Country", "CAMEO Code", "Intensity"),
    *("Target Name", "Target Sectors", "Target Country", "City", "Province", "Country"),
)
_KEDS_USED = ("date", "source", "target", "code")
_POLECAT_USED = (
    *(
        "Event Date",
        "Event Type",
        "Event Mode",
        "Quad Code",
        *POLECAT_KEYS["source"],
        *POLECAT_KEYS["target"],
    ),
    *("Placename", "Country"),
)
_ICEWS_TOLD = {
    "date": ("Event Date",),
    "actor": ("Source Name", "Target Name"),
    "country": ("Source Country", "Target Country"),
    "code": ("CAMEO Code",),
    "contradiction": ("CAMEO Code", "Intensity"),
}
_GDELT_TOLD = {
    "date": ("SQLDATE",),
    "actor": ("Actor1Code", "Actor2Code"),
    "code": ("EventCode",),
    "contradiction": (*GDELT_DAY, *GDELT_ACT),
}
_POLECAT_TOLD = {
    "date": ("Event Date",),
    "actor": ("Actor Name", "Recipient Name"),
    "country": ("Actor Country", "Recipient Country"),
    "code": ("Event Type",),
    "contradiction": ("Event Type", "Quad Code"),
}
_KEDS = {codebook: machine_coded(codebook, officials=True) for codebook in ("weis", "cameo")}
_KEDS_TOLD = {"date": ("day",), "actor": ("from", "to"), "code": ("act",)}
LAYOUTS: Mapping[str, FileLayout] = MappingProxyType(
    {
        layout.name: layout
        for layout in (
            FileLayout(
                "icews", "ICEWS", "cameo", "\t", _ICEWS_USED, icews, ("City", "Province", "Country"), told=_ICEWS_TOLD
            ),
            FileLayout(
                "gdelt1", "GDELT 1.0", "cameo", "\t", _GDELT_USED, gdelt, ("ActionGeo_FullName",),
                widths={
                    57: _gdelt_columns(_GEO_1, ("DATEADDED",)),
                    58: _gdelt_columns(_GEO_1, ("DATEADDED", "SOURCEURL")),
                },
                told=_GDELT_TOLD,
            ),
            FileLayout(
                "gdelt2", "GDELT 2.0", "cameo", "\t", _GDELT_USED, gdelt, ("ActionGeo_FullName",),
                widths={61: _gdelt_columns(_GEO_2, ("DATEADDED", "SOURCEURL"))},
                told=_GDELT_TOLD,
            ),
            FileLayout(
                "polecat", "POLECAT", "plover", "\t", _POLECAT_USED, polecat, ("Placename", "Country"),
                ("action", "mode"), told=_POLECAT_TOLD,
            ),
            FileLayout("keds-weis", "KEDS with WEIS codes", "weis", ",", _KEDS_USED, _KEDS["weis"], told=_KEDS_TOLD),
            FileLayout(
                "keds-cameo", "KEDS with CAMEO codes", "cameo", ",", _KEDS_USED, _KEDS["cameo"], told=_KEDS_TOLD
            ),
            FileLayout("csv", "event file", None, ",", _KEDS_USED[:3], None, content=(), told={"code": ("code",)}),
        )
    }
)  # fmt: skip
"""The formats by name."""


def layout_of(name: str) -> FileLayout:
    """Return a format by its name.

    Raises
    ------
    DataError
        If there is no such format.

    Examples
    --------
    >>> len(layout_of("gdelt2").widths[61]), layout_of("icews").codebook
    (61, 'cameo')
    """
    if name not in LAYOUTS:
        near = suggest(name, LAYOUTS, known=False)
        raise DataError(Fault("not_one_of", "format", got=name, choices=tuple(LAYOUTS), **near))
    return LAYOUTS[name]
