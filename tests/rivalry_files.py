"""Small files in the layouts of the study's sources, made by hand: three rivalries of invented history."""

from __future__ import annotations

from pathlib import Path

_PAIRS = ((750, 770), (651, 666), (130, 135))
_YEARS = range(1950, 2001)


def write_files(folder: Path) -> Path:
    """Write every source; each pair has a dispute every third year, deadly in every other one."""
    files: dict[str, list[str]] = {
        "derived_td_rivalries.csv": ["ccode1,ccode2,styear,endyear"],
        "derived_tss_rivalries.csv": ["ccode1,ccode2,start,end"],
        "gml_dirdisp.csv": [
            (
                "dispnum,ccode1,ccode2,year,sidea1,fatality1,fatality2,hostlev1,hostlev2,settle,fatality,fatalpre,mindur,"
                "stmon,endmon"
            )
        ],
        "gml_mid_disps.csv": ["dispnum,styear"],
        "icb1v14.csv": [
            "crisno,break,yrtrig,motrig,datrig,yrterm,moterm,daterm,mednum,yrmedst,momedst,damedst"
        ],
        "icb2v14.csv": ["crisno,cracid,trigent,sevvio,outfor"],
        "archigos.csv": ["gwcode,startdate,enddate"],
        "gsdb_v3.csv": ["sanctioned_state,sanctioning_state,begin,end,trade,financial,objective,success"],
        "cow_nmc.csv": ["ccode,year,cinc"],
        "cow_war_inter.csv": ["warnum,ccode1,ccode2,year,cowinteronset,batdeath1,batdeath2"],
        "ucdp_acd.csv": [
            "conflict_id,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,intensity_level,type_of_conflict,start_date2,ep_end_date"
        ],
    }
    number = 0
    for p, (one, two) in enumerate(_PAIRS):
        files["derived_td_rivalries.csv"].append(f"{one}.0,{two}.0,1948.0,2000.0")
        files["derived_tss_rivalries.csv"].append(f"{one}.0,{two}.0,1950.0,1999.0")
        for year in _YEARS:
            for state in (one, two):
                files["cow_nmc.csv"].append(f"{state},{year},0.0{p + 1}")
                if (year + state) % 5 == 0:
                    files["archigos.csv"].append(f"{state},{year}-03-01,{year + 5}-03-01")
            if (year + p) % 3 == 0:
                number += 1
                deadly = number % 2
                files["gml_mid_disps.csv"].append(f"{number},{year}")
                for own, other, side in ((one, two, 1), (two, one, 0)):
                    files["gml_dirdisp.csv"].append(
                        f"{number},{own},{other},{year},{side},{deadly},0,4,4,{1 + 2 * deadly},{deadly},-9,30,"
                        f"{1 + number % 12},{1 + number % 12}"
                    )
            if (year + p) % 4 == 0:
                files["icb1v14.csv"].append(
                    f"{number + 100 * p},9,{year},5,10,{year},9,10,{1 + year % 8 // 4},"
                    + (f"{year},6,66" if year % 8 // 4 else ",,")
                )
                for own, other in ((one, two), (two, one)):
                    form = 1 if year % 8 else 4
                    files["icb2v14.csv"].append(f"{number + 100 * p},{own},{other},{2 + year % 3},{form}")
    files["gsdb_v3.csv"] += [
        "India,Pakistan,1960,1965,1,0,policy_change,success_total",
        '"Egypt, Arab Rep.",Israel,1970,1974,0,0,"end_war,other","failed,failed"',
        "Peru,Ecuador,1980,1984,0,1,other,nego_settlement",
        "Peru,EU,1980,1984,0,1,other,nego_settlement",
        "India,Pakistan,1990,2022,1,1,terrorism,ongoing",
    ]
    files["cow_war_inter.csv"] += ["1,750,770,1965,1,1000,2000", "1,770,750,1965,1,2000,1000"]
    files["cow_war_inter.csv"] += ["2,651,666,1973,1,9000,3000", "2,666,651,1973,1,3000,9000"]
    files["ucdp_acd.csv"].append("7,750,,770,,2,interstate,1965-08-05,1965-09-23")
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
