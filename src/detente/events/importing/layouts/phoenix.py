"""Phoenix of the Open Event Data Alliance: daily files of 26 columns."""

from __future__ import annotations

from detente.events.importing.file_layout import FileLayout
from detente.events.importing.phoenix_rows import petrarch, told
from detente.events.importing.steps import eight_digits

_ALL = (
    *("EventID", "Date", "Year", "Month", "Day"),
    *(
        f"{who}Actor{what}"
        for who in ("Source", "Target")
        for what in ("Full", "Entity", "Role", "Attribute")
    ),
    *("EventCode", "EventRootCode", "PentaClass", "GoldsteinScore", "Issues", "Lat", "Lon", "LocationName"),
    *("StateName", "CountryCode", "SentenceID", "URLs", "NewsSources"),
)
_COLUMNS = {
    "day": "Date",
    "code": "EventCode",
    "root": "EventRootCode",
    **{which: f"{which.title()}ActorFull" for which in ("source", "target")},
    **{f"{which}_state": f"{which.title()}ActorEntity" for which in ("source", "target")},
    **{f"{which}_agent": f"{which.title()}ActorRole" for which in ("source", "target")},
}

LAYOUT = FileLayout(
    "phoenix",
    "Phoenix (OEDA)",
    "cameo",
    (*_COLUMNS.values(),),
    petrarch(_COLUMNS, eight_digits),
    optional=("EventID", "LocationName", "StateName", "CountryCode"),
    shapes={26: _ALL},
    marks={
        "Date": "^[0-9]{8}$",
        "Year": "^[0-9]{4}$",
        "EventCode": "^[0-9]{2,4}$",
        "EventRootCode": "^[0-9]{1,2}$",
    },
    id="EventID",
    place=("LocationName", "StateName", "CountryCode"),
    takes=("dates",),
    told=told(_COLUMNS),
    sample="phoenix.txt",
    publisher="Phoenix daily files of the Open Event Data Alliance: 26 columns with tabs, no header",
    officials="the role GOV, MIL, COP, SPY, LEG, JUD, or the bare country code",
)
