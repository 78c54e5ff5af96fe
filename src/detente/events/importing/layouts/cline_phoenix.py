"""The historical Phoenix data of the Cline Center: 25 columns, days as month/day/year, codes as numbers."""

from __future__ import annotations

from detente.events.importing.file_layout import FileLayout
from detente.events.importing.phoenix_rows import petrarch, told
from detente.events.importing.steps import american_day, day_of

_COLUMNS = {
    "day": "story_date",
    "code": "code",
    "root": "root_code",
    **{which: which for which in ("source", "target")},
    **{f"{which}_state": f"{which}_root" for which in ("source", "target")},
    **{f"{which}_agent": f"{which}_agent" for which in ("source", "target")},
}

LAYOUT = FileLayout(
    "cline-phoenix",
    "Cline Center Phoenix",
    "cameo",
    (*_COLUMNS.values(),),
    petrarch(_COLUMNS, american_day, day_of),
    optional=("eid", "placename", "statename", "countryname"),
    id="eid",
    place=("placename", "statename", "countryname"),
    takes=("dates",),
    told=told(_COLUMNS),
    sample="cline-phoenix.csv",
    publisher="Cline Center Historical Phoenix Event Data: 25 columns with a header, days as month/day/year",
    officials="the agent GOV, MIL, COP, SPY, LEG, JUD, or the bare country code",
)
