"""TERRIER: 20 columns with tabs and no header, or a JSON object a line."""

from __future__ import annotations

from detente.events.importing.file_layout import FileLayout
from detente.events.importing.phoenix_rows import petrarch, told
from detente.events.importing.steps import eight_digits

_ALL = (
    *("code", "root_code", "quad_class", "goldstein"),
    *(f"{who}{what}" for who in ("source", "target") for what in ("", "_root", "_agent", "_others")),
    *("priority", "date8", "year", "month", "day", "url", "sentence", "model"),
)
_COLUMNS = {
    "day": "date8",
    "code": "code",
    "root": "root_code",
    **{which: which for which in ("source", "target")},
    **{f"{which}_state": f"{which}_root" for which in ("source", "target")},
    **{f"{which}_agent": f"{which}_agent" for which in ("source", "target")},
}

LAYOUT = FileLayout(
    "terrier",
    "TERRIER",
    "cameo",
    (*_COLUMNS.values(),),
    petrarch(_COLUMNS, eight_digits),
    # Objects of the same coder as its interfaces give them.
    synonyms={
        "src_actor": "source_root",
        "src_agent": "source_agent",
        "tgt_actor": "target_root",
        "tgt_agent": "target_agent",
    },
    objects=True,
    shapes={20: _ALL},
    marks={
        "code": "^[0-9]{2,4}$",
        "root_code": "^[0-9]{1,2}$",
        "date8": "^[0-9]{8}$",
        "year": "^[0-9]{4}$",
        "month": "^[0-9]{1,2}$",
    },
    takes=("dates",),
    told=told(_COLUMNS),
    sample="terrier.tsv",
    publisher="TERRIER: 20 columns with tabs and no header, or JSON lines",
    officials="the agent GOV, MIL, COP, SPY, LEG, JUD, or the bare country code",
)
