"""The cases of docs/event-data.md: a file as people have it, how it is read, what is said, and the acts in it."""

# ruff: noqa: E501, SIM905 - tables of files, which read better on long lines

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_ICEWS = (
    "Event ID|Event Date|Source Name|Source Sectors|Source Country|Event Text|CAMEO Code|Intensity|Target Name|"
    "Target Sectors|Target Country|Story ID|Sentence Number|Publisher|City|District|Province|Country|Latitude|Longitude"
).split("|")
_POLECAT = (
    "Event ID|Event Date|Event Type|Event Mode|Event Intensity|Quad Code|Contexts|Actor Name|Actor Country|Actor COW|"
    "Primary Actor Sector|Recipient Name|Recipient Country|Primary Recipient Sector|Placename|Country"
).split("|")
_GED = (
    "id,relid,year,type_of_violence,side_a,side_b,source_headline,where_coordinates,adm_1,country,date_prec,date_start,"
    "date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,gwnoa,gwnob"
)
_ACLED = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,inter1,actor2,inter2,"
    "interaction,country,admin1,location,source,notes,fatalities,timestamp"
)


@dataclass(frozen=True)
class EventCase:
    """One file, one way of reading it, and the right answer.

    Attributes
    ----------
    name : str
        As in docs/event-data.md; the files that others made have the same names.
    form : str
        A format of `detente import`, or ``check``.
    text : str or bytes
        Our own file of the kind.
    acts : tuple of str
        ``day source target act`` of every act kept; nothing if the file is refused.
    says : str
        Part of what is printed.
    options : dict
        Of `detente.events.importing.import_options.Options`.
    ending : str
        Of the file's name.
    theirs : tuple of str or None
        Acts in the file of the same name that others made; None if they have none or it cannot be told here.
    """

    name: str
    form: str
    text: str | bytes
    acts: tuple[str, ...] = ()
    says: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    ending: str = ".csv"
    theirs: tuple[str, ...] | None = None

    @property
    def command(self) -> str:
        """What a user types, without the file."""
        flags = {"zeros_lost": "--leading-zeros lost", "states": "--names", "succession": "--succession"}
        given = [flags[name] for name in self.options if name in flags]
        if "columns" in self.options:
            given.append(
                "--columns "
                + ",".join(f"{ours}={theirs}" for ours, theirs in self.options["columns"].items())
            )
        if "codebook" in self.options:
            given.append(f"--codebook {self.options['codebook']}")
        return " ".join(["check" if self.form == "check" else f"import {self.form}", *given])


def icews(*rows: dict[str, str], header: list[str] | None = None, between: str = "\t") -> str:
    """Return an ICEWS file; rows say what differs from an act of Finland's ministry on Denmark."""
    usual = dict.fromkeys(_ICEWS, "NA") | {
        "Event ID": "1", "Event Date": "2018-05-02", "Source Name": "Foreign Affairs (Finland)",
        "Source Sectors": "Government", "Source Country": "Finland", "Event Text": "(text)", "CAMEO Code": "042",
        "Intensity": "1.9", "Target Name": "Denmark", "Target Country": "Denmark", "City": "Turku", "Country": "Finland",
    }  # fmt: skip
    names = [name for name in _ICEWS if header is None or name in header]
    lines = [between.join(names), *(between.join((usual | row)[n] for n in names) for row in rows or ({},))]
    return "\n".join(lines) + "\n"


def gdelt(code: str, root: str, quad: str, place: str = "Turku, Finland", number: str = "1") -> list[str]:
    """Return a row of GDELT 2.0: an act of Finland's government on Denmark."""
    row = [""] * 61
    row[:8] = [number, "20180502", "201805", "2018", "2018.33", "FINGOV", "FINLAND", "FIN"]
    row[12], row[15], row[17], row[25:30] = "GOV", "DNK", "DNK", ["1", code, code[:3], root, quad]
    row[52], row[59], row[60] = place, "20180502121500", "http://news.example/1"
    return row


def tabbed(*rows: list[str]) -> str:
    """Return rows with tabs between fields."""
    return "".join("\t".join(row) + "\n" for row in rows)


def plain(*rows: str, header: str = "date,source,target,cameo") -> str:
    """Return a plain event file."""
    return "\n".join((header, *rows)) + "\n"


_LAST = {"source": "FINGOV", "target": "DNK"}
ONE = ("2018-05-02 FIN DNK 042",)
TWO = ("2018-05-02 FIN DNK 112", "2018-05-03 DNK FIN 190")
_ROOTS = [f"{root:02}" for root in range(1, 21)]
_QUADS = "1" * 5 + "2" * 4 + "3" * 5 + "4" * 6
_MANY = [f"20{16 + n // 300}-{1 + n // 25 % 12:02}-{1 + n % 25:02},FIN,DNK,112" for n in range(600)]

CASES = (
    EventCase(
        "a01", "icews", icews({"Event Date": "5/2/2018"}, {"Event Date": "5/13/2018", "Event ID": "2"}),
        ("2018-05-02 FIN DNK 042", "2018-05-13 FIN DNK 042"), "ICEWS: 2 rows read",
        theirs=("2017-01-01 NOR SWE 040", "2017-01-13 SWE NOR 112"), ending=".tab",
    ),
    EventCase(
        "a02", "icews", icews({}, header=[n for n in _ICEWS if n != "CAMEO Code"]), (),
        "row must have a code of its codebook, got (text)", theirs=(), ending=".tab",
    ),
    EventCase(
        "a05", "icews", icews({}, {"Event Date": "2019-05-02"}), ONE, "1 of them re-issued",
        theirs=("2013-11-12 NOR SWE 190",), ending=".tab",
    ),
    EventCase(
        "a24", "icews", icews({"Source Name": "Finland", "Source Sectors": "NULL"}), ONE, "1 events of 2 actors",
        theirs=("2019-04-09 SOM KEN 130", "2019-04-10 NOR SWE 040"), ending=".tab",
    ),
    EventCase(
        "a27", "icews", icews({"CAMEO Code": "42"}, between=","), ONE, "had a code that had lost its leading zero",
        theirs=("2019-04-09 NOR SWE 040",),
    ),
    EventCase(
        "a30", "icews", icews().replace("Event Date", "Event.Date").replace("CAMEO ", "CAMEO."), ONE,
        "ICEWS: 1 rows read", theirs=("2019-04-09 NOR SWE 040",), ending=".tab",
    ),
    EventCase(
        "a31", "icews",
        icews({"Event Date": "20180502"}, between=";").replace("Event Date", "event_date").replace(" Name", "_name"),
        ONE, "ICEWS: 1 rows read", theirs=("2019-04-09 NOR SWE 040",),
    ),
    EventCase(
        "b01", "icews",
        icews({"Source Name": "Defense Ministry (Soviet Union)", "Source Country": "Soviet Union", "Event Date": "1985-05-02"},
              {"Source Name": "Defense Ministry (Soviet Union)", "Source Country": "Soviet Union"}),
        ("1985-05-02 SUN DNK 042", "2018-05-02 RUS DNK 042"), "Succession applied, in rows: SUN -> RUS 1.",
        {"succession": True}, ending="-countries.tab",
    ),
    EventCase(
        "c01b", "csv", plain("2018-05-02,FIN,DNK,10", "2018-05-03,DNK,FIN,14"), (),
        "row must have a code of three or four digits, with its leading zeros, got 10",
        theirs=(), ending="-zeros-only2.csv",
    ),
    EventCase(
        "c01b", "check", plain("2018-05-02,FIN,DNK,10", "2018-05-03,DNK,FIN,14"), (),
        "which reads 10 as 010", theirs=(), ending="-zeros-only2.csv",
    ),
    EventCase(
        "c01b", "csv", plain("2018-05-02,FIN,DNK,10", "2018-05-03,DNK,FIN,14", "2018-05-04,DNK,FIN,211"),
        ("2018-05-02 FIN DNK 010", "2018-05-03 DNK FIN 014", "2018-05-04 DNK FIN 0211"), "3 events of 2 actors",
        {"zeros_lost": True},
        theirs=("2019-01-04 PAK IND 010", "2019-01-05 IND PAK 020", "2019-01-06 PAK IND 019", "2019-01-07 IND PAK 014"),
        ending="-zeros-only2.csv",
    ),
    EventCase(
        "c12", "csv", plain("2018-05-02,FIN,DNK,112", "2018-05-03,DNK,FIN,190").replace("\n", "\r"), TWO,
        "2 events of 2 actors", ending="-cr.csv",
        theirs=("2019-01-03 IND PAK 112", "2019-01-04 PAK IND 112", "2019-01-05 IND PAK 190"),
    ),
    EventCase(
        "c14", "csv", plain("2018-05-02,FIN,DNK,112", "2018-05-03,DNK,FIN,190", header="DATE,Source,Target,Cameo"), TWO,
        "2 events of 2 actors", ending="-upper.csv",
        theirs=("2019-01-03 IND PAK 112", "2019-01-04 PAK IND 112", "2019-01-05 IND PAK 190"),
    ),
    EventCase(
        "c15", "check", plain("2018-05-02,FIN,DNK,112", header="event_date,actor1,actor2,code"), (),
        "with columns date=event_date,source=actor1,target=actor2", theirs=(), ending="-syn.csv",
    ),
    EventCase(
        "c15", "csv",
        plain("2018-05-02,FIN,DNK,112", "2018-05-03,DNK,FIN,190", header="event_date,actor1,actor2,code"), TWO,
        "2 events of 2 actors",
        {"columns": {"date": "event_date", "source": "actor1", "target": "actor2"}, "codebook": "cameo"},
        theirs=("2019-01-03 IND PAK 112", "2019-01-04 PAK IND 112", "2019-01-05 IND PAK 190"), ending="-syn.csv",
    ),
    EventCase(
        "c16", "csv", plain("2018-05-02,FIN,DNK,112", header="Event Date,Source Name,Target Name,CAMEO Code"), (),
        "with columns date=Event Date,source=Source Name,target=Target Name,cameo=CAMEO Code",
        theirs=(), ending="-syn2.csv",
    ),
    EventCase(
        "c27", "csv", plain("2018-05-02,FIN,DNK,112", "2018-05-03,DNK,FIN,190").rstrip("\n"), TWO,
        "was the file cut off?",
        theirs=("2019-01-03 IND PAK 112", "2019-01-04 PAK IND 112", "2019-01-05 IND PAK 190"), ending="-nofinalnl.csv",
    ),
    EventCase(
        "c29", "csv",
        plain("2018-05-01,N/A,DNK,112", "2018-05-01,DNK,null,112", "2018-05-02,FIN,DNK,042", "2018-05-02,FIN,DNK,"), ONE,
        "row must name both actors, got N/A, DNK", theirs=("2019-01-05 IND PAK 112",), ending="-na.csv",
    ),
    EventCase(
        "c29", "check", plain("2018-05-01,NULL,DNK,112", "2018-05-02,FIN,DNK,"), (),
        "must be an actor, not a word for nothing, got N", theirs=(), ending="-na.csv",
    ),
    EventCase(
        "c31", "check", plain("2018-05-02,FIN,DNK,112.0", "2018-05-03,DNK,FIN,190.0"), (),
        "which reads 112.0 as 112", theirs=(), ending="-float.csv",
    ),
    EventCase(
        "c31", "csv", plain("2018-05-02,FIN,DNK,112.0", "2018-05-03,DNK,FIN,190.0"), TWO, "2 events of 2 actors",
        {"zeros_lost": True}, theirs=("2019-01-03 IND PAK 112", "2019-01-04 PAK IND 040"), ending="-float.csv",
    ),
    EventCase(
        "d01", "keds-cameo",
        plain("1999-05-02,MTNGOV,KSVMIL,112", "1999-05-02,---,DNK,112", "1999-05-03,UKGGOV,PLOGOV,112", "1999-05-04,UNK,EURGOV,112",
              "1999-05-05,XKX,*,112", "1999-05-06,XKX,EURGOV,112", header="date,source,target,code"),
        ("1999-05-02 MTN KSV 112", "1999-05-03 UKG PLO 112", "1999-05-06 XKX EUR 112"), "Actors that look like one: KSV, XKX.",
        ending="-keds.csv",
    ),
    EventCase(
        "d02", "keds-cameo", plain("180502,FINGOV,DNK,042", header="date,source,target,code"), ONE, "1 events of 2 actors",
        theirs=("1999-03-24 USA SRB 190", "1999-03-25 SRB USA 112"), ending="-keds-yymmdd.csv",
    ),
    EventCase(
        "d03", "keds-native",
        tabbed(["180502", "FINGOV", "DNK", "042", "(Make a visit)", "T"], ["180502", "DOC", "2", "999", "", ""]), ONE,
        "no act of one actor on another", theirs=("1999-03-24 USA SRB 190", "1999-03-25 SRB USA 112"),
        ending="-keds-native.txt",
    ),
    EventCase(
        "d09", "csv", plain("2018-05-02,FIN,DK,112", "2018-05-02,Finland,DNK,112"),
        ("2018-05-02 FIN DK 112", "2018-05-02 Finland DNK 112"), "Actors that look like one: DK, DNK; FIN, Finland.",
        ending="-mixed.csv",
        theirs=("2019-01-03 IND PAK 112", "2019-01-04 Pakistan India 112", "2019-01-05 PK IN 190", "2019-01-06 ind pak 190",
                "2019-01-07 IND PAK 190"),
    ),
    EventCase(
        "d09", "csv", plain("2018-05-02,FIN,DK,112", "2018-05-02,Finland,DNK,112"), ("2018-05-02 FIN DNK 112",),
        "events of 2 actors", {"states": True}, ending="-mixed.csv",
        theirs=("2019-01-03 IND PAK 112", "2019-01-04 PAK IND 112", "2019-01-05 PAK IND 190", "2019-01-06 IND PAK 190",
                "2019-01-07 IND PAK 190"),
    ),
    EventCase(
        "e02", "polecat",
        tabbed(_POLECAT, ["N1", "2018-05-02", "ACCUSE", "disapprove", "4", "VERBAL CONFLICT", "", "Finland; Denmark", "FIN; DNK",
                          "", "GOV", "Sweden", "SWE", "None", "Turku", "FIN"]),
        ("2018-05-02 FIN SWE ACCUSE", "2018-05-02 DNK SWE ACCUSE"), "they are marked as one report",
        theirs=("2023-05-01 IND PAK ACCUSE", "2023-05-01 JPN PAK ACCUSE", "2023-05-02 IND PAK ACCUSE"), ending=".txt",
    ),
    EventCase(
        "f01", "gdelt2", tabbed(*(gdelt(f"{r}0", r, q) for r, q in zip(_ROOTS, _QUADS, strict=True))),
        tuple(f"2018-05-02 FIN DNK {root}0" for root in _ROOTS), "1 number stands for different pairs or acts",
        theirs=tuple(f"2019-03-04 NOR SWE {root}0" for root in _ROOTS),
    ),
    EventCase(
        "f03", "gdelt2",
        ",".join(["GLOBALEVENTID", *(f"c{n}" for n in range(60))]) + "\n" + ",".join(f'"{v}"' for v in gdelt("042", "04", "1")) + "\n",
        ONE, "GDELT 2.0: 1 rows read", theirs=("2019-03-04 NOR SWE 040",),
    ),
    EventCase(
        "f07", "gdelt-reduced",
        tabbed(["Date", "Source", "Target", "CAMEOCode", "NumEvents", "NumArts", "QuadClass", "Goldstein"],
               ["20180502", "FINGOV", "DNKMIL", "042", "2", "2", "1", "1.9"], ["20180502", "EUR", "EUR", "40", "9", "9", "1", "1"]),
        ONE, "with its leading zeros, got 40", theirs=("1979-01-01 USA CHN 043",), ending=".txt",
    ),
    EventCase(
        "f08", "gdelt2", tabbed(gdelt("042", "04", "1", "Åbo, Finland")).encode("latin-1"), ONE, "read as Latin-1",
        theirs=("2019-03-04 NOR SWE 190", "2019-03-04 NOR SWE 112"),
    ),
    EventCase(
        "t03", "check",
        plain(*(f"{1990 + 20 * part + n // 40}-{1 + n // 4 % 10:02}-{1 + n % 4 * 7:02},FIN,DNK,112" for part in (0, 1) for n in range(120))),
        (), "Coverage in 2 parts: no row of any actor 1992-10-23 to 2009-12-31", ending="-gap20.csv",
    ),
    EventCase(
        "t04", "check", plain(*_MANY, "2099-12-31,FIN,DNK,112"), (),
        "1 rows set apart and not used", ending="-future.csv",
    ),
    EventCase(
        "t04", "csv", plain(*_MANY, "2099-12-31,FIN,DNK,112"), tuple(row.replace(",", " ") for row in _MANY),
        "1 left out: dated far off from all others", ending="-future.csv",
    ),
    EventCase(
        "t08", "csv", plain("0900-05-02,FIN,DNK,112", "2018-05-02,FIN,DNK,042"), ONE,
        "is dated so far from the rest that it is not used, got 0900-05-02", theirs=("2019-02-04 PAK IND 112",),
        ending="-year0.csv",
    ),
    EventCase(
        "t10", "check", plain("2018-05-02,FIN,FIN,190", "2018-05-03,FIN,DNK,112"), (), "rows left out: an actor on itself.",
        ending="-self.csv",
    ),
    EventCase(
        "t13", "check", plain("2018-05-02,FIN,DNK,112,1,2", header="date,source,target,cameo,goldstein,lat"), (),
        "Columns not used: goldstein, lat", ending="-many-cols.csv",
    ),
    EventCase(
        "x01", "acled",
        f"\ufeff{_ACLED}\n"
        'F1,2018-05-02,2018,1,x,Explosions/Remote violence,Air/drone strike,Military Forces of Finland (2018-),State forces,'
        'Military Forces of Denmark (2001-2019),State forces,,Denmark,,Turku,(an outlet),"a, ""b""\nc",0,1525305600\n',
        ("2018-05-02 FIN DNK ASSAULT 0",), "ACLED: 1 rows read", theirs=("2024-04-13 IRN ISR ASSAULT 0",), ending="-acled.csv",
    ),
    EventCase(
        "x03", "ucdp",
        f'{_GED}\n7,A,2018,1,Government of Finland,Government of Denmark,"a, b",Turku,T,Finland,1,2018-05-02 00:00:00.000,'
        "2018-05-02 00:00:00.000,3,4,5,6,18,375,390\n",
        ("2018-05-02 FIN DNK ASSAULT 4", "2018-05-02 DNK FIN ASSAULT 3"), "of which nobody says who began",
        theirs=("2019-02-27 PAK IND ASSAULT 2", "2019-02-27 IND PAK ASSAULT 1"), ending="-ged.csv",
    ),
    EventCase(
        "x05", "phoenix",
        tabbed(["1", "20180502", "2018", "05", "02", "FINGOV", "FIN", "GOV", "", "DNKMIL", "DNK", "MIL", "", "042", "04", "1", "1.9",
                "", "", "", "Turku", "", "FIN", "a", "u", "n"]),
        ONE, "Phoenix (OEDA): 1 rows read", theirs=("2014-06-20 RUS UKR 190",), ending="-phoenix.txt",
    ),
    EventCase(
        "x06", "cline-phoenix",
        plain("1,5/2/2018,2018,5,2,FINGOV,FIN,GOV,,DNK,DNK,,,42,4,0,1.9,,,,,,,1,P",
              header="eid,story_date,year,month,day,source,source_root,source_agent,source_others,target,target_root,target_agent,"
              "target_others,code,root_code,quad_class,goldstein,joined_issues,lat,lon,placename,statename,countryname,aid,process"),
        ONE, "had a code that had lost its leading zero", ending="-cline.csv",
        theirs=("1962-03-01 USA SUN 010", "1962-10-22 USA SUN 138"),
    ),
    EventCase(
        "x07", "terrier",
        tabbed(["042", "04", "1", "1.9", "FINGOV", "FIN", "GOV", "", "DNKMIL", "DNK", "MIL", "", "1", "20180502", "2018", "05", "02",
                "u", "1", "m"]),
        ONE, "TERRIER: 1 rows read", theirs=("2012-03-01 RUS UKR 190",), ending="-terrier.tsv",
    ),
    EventCase(
        "x09", "mid",
        plain("9,1,375,390,5,-9,1918,5,-9,1918,1,16,4,0,0,0,0",
              header="micnum,eventnum,ccode1,ccode2,stmon,stday,styear,endmon,endday,endyear,sidea1,action,hostlev,fatalmin1,"
              "fatalmax1,fatalmin2,fatalmax2"),
        ("1918-05-01 month FIN DNK ASSAULT 0",), "MID: 1 rows read", theirs=("1902-05-01 month USA GBR THREATEN 0",),
        ending="-mie.csv",
    ),
)  # fmt: skip
"""Every case, in the order of the page."""
