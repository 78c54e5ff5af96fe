"""What is fetched, checked, kept and said, against a server that plays each source and its faults."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detente.base.errors import ArgumentError, DataError, OutputError
from detente.pull.declared import Pages, data_sources
from detente.pull.found import DaysAsked
from detente.pull.locks import held_alone, lock_of
from detente.pull.pull import Asked, PulledFiles, parameters_of, pull
from detente.pull.secrets import Secrets, read_secrets
from services import Acled, Reply, Service, as_json, deposit, list_days, md5, packed, page_rows, playing
from worlds import ROOT

pytest.importorskip("httpx2")

DAY = DaysAsked(date(2020, 1, 3), date(2020, 1, 3))
DAYS = DaysAsked(date(2020, 1, 2), date(2020, 1, 4))
UCDP = Secrets({"UCDP_TOKEN": "secret-token"})
ME = Secrets({"ACLED_USER": "me@example.org", "ACLED_PASSWORD": "my-password"})


@pytest.fixture
def service() -> Iterator[Service]:
    with playing() as played:
        yield played


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


class Puller:
    """Pulls from the played source into a folder, and notes how long it would have waited."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service, self.folder = service, folder
        self.waits: list[float] = []

    def __call__(self, name: str, asked: Asked | None = None, **more: Any) -> PulledFiles:
        more = {"into": self.folder, "seconds": 2.0, "address": self.service.base} | more
        return pull(name, asked, wait=self.waits.append, **more)


@pytest.fixture
def puller(service: Service, tmp_path: Path) -> Puller:
    return Puller(service, tmp_path)


def faults(error: pytest.ExceptionInfo[Any]) -> list[str]:
    return [fault.code for fault in error.value.faults]


# --- files that a list names -----------------------------------------------------------------------------------------


def test_days_come_with_digest_licence_and_what_is_missing(puller: Puller, service: Service) -> None:
    list_days(service, {"20200102": packed("a"), "20200104": packed("c"), "20200105": packed("d")})
    result = puller("gdelt", Asked(DAYS))
    assert [file.path.name for file in result.files] == ["20200102.export.CSV.zip", "20200104.export.CSV.zip"]
    assert (result.expected, result.missing) == (3, ("2020-01-03",))
    assert result.files[0].path.read_bytes() == packed("a")
    note = json.loads(Path(f"{result.files[0].path}.source.json").read_text("utf-8"))
    assert note["licence"] == data_sources()["gdelt"].licence
    assert note["citation"] == data_sources()["gdelt"].citation
    assert note["promised"] == f"md5:{md5(packed('a'))}"
    assert note["sha256"] == hashlib.sha256(packed("a")).hexdigest()
    assert not list(puller.folder.rglob("*.part*"))


def test_what_is_here_is_not_fetched_again_and_what_changed_is(puller: Puller, service: Service) -> None:
    list_days(service, {"20200103": packed("a")})
    puller("gdelt", Asked(DAY))
    service.requests.clear()
    assert puller("gdelt", Asked(DAY)).files[0].state == "here"
    assert service.paths() == ["/md5sums"]
    assert puller("gdelt", Asked(DAY), again=True).files[0].state == "came"
    list_days(service, {"20200103": packed("b")})
    assert puller("gdelt", Asked(DAY)).files[0].state == "changed"


def test_four_files_an_hour_are_taken_from_the_own_address_only(puller: Puller, service: Service) -> None:
    name, content = "20200103001500.export.CSV.zip", packed("a")
    lines = [
        f"{len(content)} {md5(content)} http://elsewhere.example/gdeltv2/{name}",
        f"9 {md5(b'')} http://elsewhere.example/gdeltv2/20200103001500.gkg.csv.zip",
    ]
    service.put("/masterfilelist.txt", "\n".join(lines).encode())
    service.put(f"/{name}", content)
    result = puller("gdelt2", Asked(DAY))
    assert [file.path.name for file in result.files] == [name]
    assert (result.expected, result.missing) == (96, ("2020-01-03 (1/96)",))


def test_a_dry_run_lists_and_fetches_nothing(puller: Puller, service: Service) -> None:
    list_days(service, {"20200103": packed("a")})
    result = puller("gdelt", Asked(DAY), dry=True)
    assert [(file.path.name, file.state) for file in result.files] == [("20200103.export.CSV.zip", "to come")]
    assert service.paths() == ["/md5sums"]
    assert not list(puller.folder.iterdir())


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_no_file_for_the_days_is_an_error_with_a_likely_cause(
    puller: Puller, service: Service, content: bytes
) -> None:
    service.put("/md5sums", content)
    with pytest.raises(DataError, match=r"came empty.* Likely cause: daily files begin on 2013-04-01"):
        puller("gdelt", Asked(DAY))


# --- one file, with every fault --------------------------------------------------------------------------------------

MID = "/MID-5-Data-and-Supporting-Materials.zip"
WHOLE = packed("x" * 200_000)


def came(result: PulledFiles) -> bytes:
    (file,) = result.files
    return file.path.read_bytes()


def test_a_cut_answer_goes_on_where_it_ended(puller: Puller, service: Service) -> None:
    tag = {"ETag": '"one"'}
    service.put(MID, Reply(WHOLE, headers=tag, cut=150_000), Reply(WHOLE, headers=tag))
    assert came(puller("mid")) == WHOLE
    second = service.requests[1].headers
    assert 0 < int(second["range"].removeprefix("bytes=").rstrip("-")) <= 150_000
    assert second["if-range"] == '"one"'


def test_another_process_goes_on_where_one_ended(puller: Puller, service: Service) -> None:
    tag = {"ETag": '"one"'}
    service.put(MID, Reply(WHOLE, headers=tag, cut=150_000), *[Reply(b"", 503)] * 5)
    with pytest.raises(DataError, match=r"cannot be had now .HTTP 503, 5 tries.* What came is kept"):
        puller("mid")
    service.put(MID, Reply(WHOLE, headers=tag))
    service.requests.clear()
    assert came(puller("mid")) == WHOLE
    assert service.requests[0].headers["range"] != "bytes=0-"


def test_a_file_that_changed_meanwhile_is_loaded_from_its_start(puller: Puller, service: Service) -> None:
    other = packed("y" * 200_000)
    service.put(
        MID, Reply(WHOLE, headers={"ETag": '"one"'}, cut=150_000), Reply(other, headers={"ETag": '"two"'})
    )
    assert came(puller("mid")) == other


def test_without_validator_and_digest_nothing_is_put_together(puller: Puller, service: Service) -> None:
    service.put(MID, Reply(WHOLE, cut=150_000), Reply(packed("y" * 200_000)))
    assert came(puller("mid")) == packed("y" * 200_000)
    assert "range" not in service.requests[1].headers


def test_a_server_that_knows_no_ranges_is_loaded_from_the_start(puller: Puller, service: Service) -> None:
    tag = {"ETag": '"one"'}
    service.put(MID, Reply(WHOLE, headers=tag, cut=150_000), Reply(WHOLE, headers=tag, ranges=False))
    assert came(puller("mid")) == WHOLE


def test_a_part_that_begins_elsewhere_is_not_put_to_the_rest(puller: Puller, service: Service) -> None:
    tag = {"ETag": '"one"'}
    other = Reply(WHOLE[10:], 206, tag | {"Content-Range": f"bytes 10-{len(WHOLE) - 1}/{len(WHOLE)}"})
    service.put(MID, Reply(WHOLE, headers=tag, cut=150_000), other, Reply(WHOLE, headers=tag))
    assert came(puller("mid")) == WHOLE


@pytest.mark.parametrize("extra", [b"", b"more than the server has"])
def test_a_part_that_is_the_whole_needs_nothing_more(puller: Puller, service: Service, extra: bytes) -> None:
    part = puller.folder / "mid" / f"{MID.strip('/')}.part"
    part.parent.mkdir()
    part.write_bytes(WHOLE + extra)
    about = {"address": service.base + MID.strip("/"), "promised": None, "validator": '"one"'}
    Path(f"{part}.json").write_text(json.dumps(about))
    service.put(MID, Reply(WHOLE, headers={"ETag": '"one"'}))
    assert came(puller("mid")) == WHOLE
    assert len(service.requests) == (2 if extra else 1)


def test_a_list_that_is_cut_is_read_on(puller: Puller, service: Service) -> None:
    list_days(service, {f"202001{day:02}": packed(str(day)) for day in range(1, 9)})
    (whole,) = service.places["/md5sums"]
    service.put("/md5sums", Reply(whole.body, cut=300), Reply(b"", 503), whole)
    result = puller("gdelt", Asked(DaysAsked(date(2020, 1, 1), date(2020, 1, 8))))
    assert (len(result.files), result.missing) == (8, ())


def test_pieces_of_another_file_are_found_by_the_digest(puller: Puller, service: Service) -> None:
    list_days(service, {"20200103": WHOLE})
    part = puller.folder / "gdelt" / "20200103.export.CSV.zip.part"
    part.parent.mkdir()
    part.write_bytes(b"y" * 1000)
    about = {
        "address": f"{service.base}20200103.export.CSV.zip",
        "promised": f"md5:{md5(WHOLE)}",
        "validator": None,
    }
    Path(f"{part}.json").write_text(json.dumps(about))
    assert came(puller("gdelt", Asked(DAY))) == WHOLE
    assert [r.headers.get("range") for r in service.requests[1:]] == ["bytes=1000-", None]


def test_another_digest_is_refused_and_not_kept(puller: Puller, service: Service) -> None:
    list_days(service, {"20200103": packed("a")})
    service.put("/20200103.export.CSV.zip", packed("b"))
    with pytest.raises(DataError, match=rf"must have the MD5 {md5(packed('a'))}, got {md5(packed('b'))}"):
        puller("gdelt", Asked(DAY))
    assert not list(puller.folder.rglob("*.*"))


def test_a_slow_server_is_asked_again(puller: Puller, service: Service) -> None:
    service.put(MID, Reply(WHOLE, stall=5), Reply(WHOLE))
    assert came(puller("mid", seconds=0.2)) == WHOLE
    assert puller.waits == [1.0]


def test_patience_follows_the_server_and_has_an_end(puller: Puller, service: Service) -> None:
    service.put(MID, Reply(status=429, headers={"Retry-After": "7"}), Reply(WHOLE))
    assert came(puller("mid")) == WHOLE
    assert puller.waits == [7.0]
    service.put(MID, Reply(status=500))
    with pytest.raises(DataError, match="HTTP 500, 5 tries"):
        puller("mid", again=True)
    assert puller.waits[1:] == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(b""), "came_empty"),
        (Reply(b"<!DOCTYPE html><p>Log in"), "web_page"),
        (Reply(b"no archive"), "other_answer"),
        (Reply(status=404), "no_file_there"),
        (Reply(status=403), "credentials_refused"),
        (Reply(status=400), "other_answer"),
    ],
)
def test_what_is_no_file_is_refused_and_not_kept(
    puller: Puller, service: Service, reply: Reply, code: str
) -> None:
    service.put(MID, reply)
    with pytest.raises(DataError) as error:
        puller("mid")
    assert faults(error) == [code]
    assert not list(puller.folder.rglob("*.*"))


def test_nobody_at_the_address(puller: Puller) -> None:
    with pytest.raises(DataError, match="cannot be reached: "):
        puller("mid", address="http://127.0.0.1:1/")


def test_a_redirect_is_followed_where_nothing_secret_is_sent(puller: Puller, service: Service) -> None:
    service.put(MID, Reply(status=302, headers={"Location": "/elsewhere"}))
    service.put("/elsewhere", WHOLE)
    assert came(puller("mid")) == WHOLE


@pytest.mark.parametrize("changed", [False, True])
def test_nothing_of_other_origin_is_overwritten(puller: Puller, service: Service, changed: bool) -> None:
    service.put(MID, WHOLE)
    path = puller.folder / "mid" / MID.strip("/")
    if changed:
        puller("mid")
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    with pytest.raises(OutputError, match="must not replace a file that was not pulled"):
        puller("mid")
    assert path.read_text() == "mine"
    assert came(puller("mid", force=True)) == WHOLE


def test_a_file_that_another_pull_is_fetching_is_left_to_it(puller: Puller, service: Service) -> None:
    list_days(service, {"20200103": packed("a")})
    path = puller.folder / "gdelt" / "20200103.export.CSV.zip"
    path.parent.mkdir()
    with (
        held_alone(path),
        pytest.raises(OutputError, match=r"must be free.* Another pull is fetching it") as error,
    ):
        puller("gdelt", Asked(DAY))
    assert faults(error) == ["taken"]
    assert [here.name for here in path.parent.iterdir()] == []
    lock_of(path).write_text("")  # what a dead process left
    assert puller("gdelt", Asked(DAY)).files[0].state == "came"
    assert not lock_of(path).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="fcntl")
def test_a_lock_ends_with_the_process_that_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    holds = (
        "import fcntl, os, sys, time\n"
        "fcntl.flock(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)\n"
        "print(flush=True)\n"
        "time.sleep(60)"
    )
    command = [sys.executable, "-I", "-S", "-c", holds, str(lock_of(path))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(OutputError), held_alone(path):
            pass
        child.kill()
    with held_alone(path):
        assert lock_of(path).exists()


# --- datasets --------------------------------------------------------------------------------------------------------


def entry(number: int, name: str, content: bytes, **more: Any) -> dict[str, Any]:
    about = {"id": number, "filename": name, "filesize": len(content), "md5": md5(content)}
    return {"label": name, "restricted": more.pop("restricted", False), "dataFile": about | more}


def test_a_dataset_has_its_data_files_and_says_what_is_not_public(puller: Puller, service: Service) -> None:
    one, two = packed("a"), b"Event ID\tEvent Date\n"
    listed = [
        entry(1, "20200101-events.zip", one),
        entry(2, "events.tab", b"rewritten", originalFileName="events.tsv", md5=md5(two)),
        entry(3, "codebook.pdf", b"%PDF"),
        entry(4, "events.2024.zip", b"", restricted=True),
    ]
    deposit(service, listed, {1: one, 2: two})
    result = puller("icews")
    assert [file.path.name for file in result.files] == ["20200101-events.zip", "events.tsv"]
    assert (result.missing, result.left) == (("events.2024.zip",), 1)
    assert service.requests[-1].query == {"format": "original"}
    assert service.requests[0].query == {"persistentId": "doi:10.7910/DVN/28075"}
    assert [f.path.name for f in puller("icews", Asked(only=("*.ZIP",))).files] == ["20200101-events.zip"]


def test_files_of_one_name_in_a_dataset_are_told_apart_by_their_numbers(
    puller: Puller, service: Service
) -> None:
    name = "20190309-icews-events.zip"
    listed = [entry(7, name, packed("a")), entry(9, name, packed("b")), entry(11, "readme.zip", packed("c"))]
    deposit(service, listed, {7: packed("a"), 9: packed("b")})
    result = puller("icews-weekly")
    assert service.requests[0].query == {"persistentId": "doi:10.7910/DVN/QI2T9A"}
    assert {file.path.name: file.path.read_bytes() for file in result.files} == {
        "20190309-icews-events-7.zip": packed("a"),
        "20190309-icews-events-9.zip": packed("b"),
    }


@pytest.mark.parametrize(
    ("about", "licence"),
    [
        (
            {"license": {"name": "CC0 1.0", "uri": "http://creativecommons.org/publicdomain/zero/1.0"}},
            "CC0 1.0 (http://creativecommons.org/publicdomain/zero/1.0)",
        ),
        ({"license": None, "termsOfUse": "For <b>research</b>\nonly"}, "For research only"),
        ({}, data_sources()["icews"].licence),
    ],
)
def test_a_dataset_s_own_licence_is_kept(
    puller: Puller, service: Service, about: dict[str, Any], licence: str
) -> None:
    deposit(service, [entry(1, "a.zip", packed("a"))], {1: packed("a")}, **about)
    result = puller("icews")
    assert result.source.licence == licence
    assert json.loads(Path(f"{result.files[0].path}.source.json").read_text("utf-8"))["licence"] == licence


@pytest.mark.parametrize("name", ["../up.zip", "a/b.zip", ".hidden.zip", "a\x00.zip", "x.zip.part", ""])
def test_a_name_that_leads_elsewhere_is_refused(puller: Puller, service: Service, name: str) -> None:
    deposit(service, [entry(1, name, packed("a"))], {1: packed("a")})
    with pytest.raises(DataError, match="plain file name"):
        puller("polecat")


@pytest.mark.parametrize("answer", [b"[]", b'{"data": 3}', b"nothing", b"<html>", b""])
def test_a_listing_of_another_kind_is_an_error(puller: Puller, service: Service, answer: bytes) -> None:
    service.put("/api/datasets/:persistentId/versions/:latest-published", answer)
    with pytest.raises(DataError) as error:
        puller("polecat")
    assert faults(error) in (["other_answer"], ["web_page"])


def test_a_dataset_without_such_files_is_an_error(puller: Puller, service: Service) -> None:
    deposit(service, [entry(1, "a.zip", packed("a"))], {})
    with pytest.raises(
        ArgumentError, match=r"only must match the name of a file, got \*2030\*.* others: a.zip"
    ):
        puller("polecat", Asked(only=("*2030*",)))
    deposit(service, [entry(1, "codebook.pdf", b"%PDF")], {})
    with pytest.raises(DataError, match="Likely cause: the dataset has moved"):
        puller("polecat")


# --- interfaces ------------------------------------------------------------------------------------------------------


def events(count: int) -> list[dict[str, Any]]:
    return [
        {"id": n, "active_year": True, "side_a": f"Côte, d'{n}", "gwnob": None, "best": n}
        for n in range(count)
    ]


def table(result: PulledFiles) -> list[list[str]]:
    (file,) = result.files
    with file.path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


GED = "/gedevents/26.1"


def test_pages_become_one_table(puller: Puller, service: Service) -> None:
    page_rows(service, GED, events(2500))
    result = puller("ucdp", Asked(DAYS, where={"Country": "645"}), secrets=UCDP)
    rows = table(result)
    assert rows[:2] == [["id", "active_year", "side_a", "gwnob", "best"], ["0", "True", "Côte, d'0", "", "0"]]
    assert (len(rows), result.files[0].rows) == (2501, 2500)
    assert [r.query["page"] for r in service.requests] == ["0", "1", "2"]
    asked = service.requests[0].query
    assert (asked["StartDate"], asked["EndDate"], asked["Country"]) == ("2020-01-02", "2020-01-04", "645")
    assert result.files[0].path.name == "ged-26.1-2020-01-02_2020-01-04-Country-645.csv"


def test_pages_of_a_release_go_on_in_another_process(puller: Puller, service: Service) -> None:
    page_rows(service, GED, events(2500))
    whole = service.places[GED]
    assert callable(whole)
    service.places[GED] = lambda request: Reply(b"", 503) if request.query["page"] == "1" else whole(request)
    with pytest.raises(DataError, match="HTTP 503"):
        puller("ucdp", secrets=UCDP)
    service.places[GED] = whole
    service.requests.clear()
    assert len(table(puller("ucdp", secrets=UCDP))) == 2501
    assert [r.query["page"] for r in service.requests] == ["1", "2"]
    assert not list(puller.folder.rglob("*.part"))


@pytest.mark.parametrize("fault", [Reply(b'{"TotalCount": 3, "Res' + b" " * 9000, cut=20), Reply(stall=5)])
def test_a_page_that_is_cut_or_slow_is_asked_for_again(
    puller: Puller, service: Service, fault: Reply
) -> None:
    page = as_json({"TotalCount": 3, "Result": events(3)})
    service.put(GED, fault, page)
    assert len(table(puller("ucdp", secrets=UCDP, seconds=0.3))) == 4
    assert puller.waits == [1.0]


@pytest.mark.parametrize(
    "answer",
    [b"[]", b"{}", b"no JSON", b'{"TotalCount": "3", "Result": []}', b'{"TotalCount": 1, "Result": [3]}'],
)
def test_a_page_of_another_kind_is_an_error(puller: Puller, service: Service, answer: bytes) -> None:
    service.put(GED, answer)
    with pytest.raises(DataError, match="must answer as its documentation says"):
        puller("ucdp", secrets=UCDP)


@pytest.mark.parametrize(("rows", "total"), [(2500, 2600), (0, 3)])
def test_fewer_rows_than_announced_are_an_error(
    puller: Puller, service: Service, rows: int, total: int
) -> None:
    page_rows(service, GED, events(rows), total=total)
    with pytest.raises(DataError, match=f"must have {total:,} different rows, got {rows}"):
        puller("ucdp", secrets=UCDP)


def test_one_row_on_two_pages_is_an_error(puller: Puller, service: Service) -> None:
    page_rows(service, GED, [*events(1000), *events(1000)])
    with pytest.raises(DataError, match="2,000 different rows, got 1000"):
        puller("ucdp", secrets=UCDP)


def test_no_row_is_an_error_with_a_likely_cause(puller: Puller, service: Service) -> None:
    page_rows(service, GED, [])
    with pytest.raises(DataError, match="Likely cause: no event fits"):
        puller("ucdp", Asked(DAYS), secrets=UCDP)


def test_a_wrong_token_is_refused_and_not_repeated(puller: Puller, service: Service) -> None:
    page_rows(service, GED, events(3))
    with pytest.raises(DataError, match=r"UCDP_TOKEN was refused .HTTP 401.* the token is wrong") as error:
        puller("ucdp", secrets=Secrets({"UCDP_TOKEN": "my-wrong-token"}))
    assert "my-wrong-token" not in str(error.value.to_dict())
    assert len(service.requests) == 1


def test_a_secret_in_an_answer_is_not_repeated(puller: Puller, service: Service) -> None:
    service.places[GED] = lambda _: as_json({"error": "x"}, 418)
    service.put(GED, b"no user has the token secret-token")
    with pytest.raises(DataError, match=r"the token \*\*\*") as error:
        puller("ucdp", secrets=UCDP)
    assert "secret-token" not in str(error.value)


def test_nothing_secret_goes_elsewhere(puller: Puller, service: Service) -> None:
    service.put(GED, Reply(status=302, headers={"Location": "/elsewhere"}))
    with pytest.raises(DataError, match="HTTP 302"):
        puller("ucdp", secrets=UCDP)
    assert service.paths() == [GED]
    with pytest.raises(DataError, match="must begin with https://"):
        puller("ucdp", secrets=UCDP, address="http://mirror.example/")


def test_without_a_token_nobody_is_asked(puller: Puller, service: Service) -> None:
    with pytest.raises(ArgumentError, match=r"needs DETENTE_UCDP_TOKEN.*ucdp-bulk"):
        puller("ucdp")
    with pytest.raises(
        ArgumentError, match="DETENTE_ACLED_USER and DETENTE_ACLED_PASSWORD or DETENTE_ACLED_TOKEN"
    ):
        puller("acled", Asked(DAYS), secrets=Secrets({"ACLED_USER": "me"}))
    assert not service.requests


def incidents(count: int, day: str = "2020-01-03") -> list[dict[str, Any]]:
    return [{"event_id_cnty": f"{day}-{n}", "event_date": day, "actor1": "A"} for n in range(count)]


TWO_YEARS = DaysAsked(date(2019, 12, 30), date(2020, 1, 4))


def test_each_year_is_a_file_and_a_year_without_rows_is_missing(puller: Puller, service: Service) -> None:
    Acled(service, incidents(7000))
    result = puller("acled", Asked(TWO_YEARS, where={"country": "Iran"}), secrets=ME)
    assert [file.path.name for file in result.files] == ["acled-2020-01-01_2020-01-04-country-Iran.csv"]
    assert result.missing == ("2019-12-30/2019-12-31",)
    assert len(table(result)) == 7001


def test_a_token_that_expires_is_renewed(puller: Puller, service: Service) -> None:
    played = Acled(service, incidents(7000), lives=1)
    assert len(table(puller("acled", Asked(DAYS), secrets=ME))) == 7001
    assert played.grants == ["password", "refresh_token"]


def test_where_renewal_is_refused_the_password_goes_again(puller: Puller, service: Service) -> None:
    played = Acled(service, incidents(7000), lives=1)
    played.renewable = False
    assert len(table(puller("acled", Asked(DAYS), secrets=ME))) == 7001
    assert played.grants == ["password", "refresh_token", "password"]


def test_a_token_is_renewed_before_its_end(puller: Puller, service: Service) -> None:
    played = Acled(service, incidents(7000))
    played.seconds = 30  # less than the minute before the end
    puller("acled", Asked(DAYS), secrets=ME)
    assert played.grants == ["password", "refresh_token"]


def test_a_token_that_never_works_ends(puller: Puller, service: Service) -> None:
    Acled(service, incidents(3), lives=0)
    with pytest.raises(DataError, match="was refused"):
        puller("acled", Asked(DAYS), secrets=ME)
    assert len(service.requests) < 12


def test_a_wrong_password_is_refused_and_not_repeated(puller: Puller, service: Service) -> None:
    Acled(service, incidents(3))
    wrong = Secrets({"ACLED_USER": "me@example.org", "ACLED_PASSWORD": "my-wrong-password"})
    with pytest.raises(DataError, match="ACLED_USER was refused") as error:
        puller("acled", Asked(DAYS), secrets=wrong)
    assert "my-wrong-password" not in str(error.value.to_dict())


def test_a_given_token_needs_no_password(puller: Puller, service: Service) -> None:
    Acled(service, incidents(3)).tokens["given"] = 9
    puller("acled", Asked(DAYS), secrets=Secrets({"ACLED_TOKEN": "given"}))
    assert "/oauth/token" not in service.paths()


# --- what may be asked -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "asked", "message"),
    [
        ("gdeld", Asked(), "Did you mean gdelt"),
        ("gdelt", Asked(), "from is required .gdelt.. Give from and to"),
        ("gdelt", Asked(DaysAsked(date(2020, 1, 2))), "both from and to"),
        ("gdelt", Asked(DaysAsked(date(2020, 1, 2), date(2020, 1, 1))), "to must be at least 2020-01-02"),
        ("gdelt", Asked(DAY, where={"a": "b"}), "It takes from, to and only"),
        ("mid", Asked(DAY), "It takes only"),
        ("mid", Asked(release="5"), "cannot be asked of this source"),
        ("ucdp", Asked(only=("*",)), "It takes from, to, where and release"),
        ("ucdp", Asked(release="../1"), "must match the pattern"),
        ("acled", Asked(), "from is required"),
        ("acled", Asked(DAY, where={"limit": "5"}), "given twice"),
    ],
)
def test_what_a_source_does_not_take_is_refused_before_it_is_asked(
    puller: Puller, service: Service, name: str, asked: Asked, message: str
) -> None:
    with pytest.raises((ArgumentError, DataError), match=message):
        puller(name, asked, secrets=Secrets({**ME.values, **UCDP.values}))
    assert not service.requests


def test_a_secret_may_lie_in_a_private_file_only(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text('UCDP_TOKEN = "from-file"\nACLED_USER = "me"\n')
    file.chmod(0o640)
    with pytest.raises(ArgumentError, match="mode 600, got 640"):
        read_secrets(file, {})
    file.chmod(0o600)
    found = read_secrets(file, {"DETENTE_UCDP_TOKEN": "from-environment", "HOME": "/"})
    assert (found.get("UCDP_TOKEN"), found.get("ACLED_USER")) == ("from-environment", "me")
    file.write_text("token-without-quotes")
    with pytest.raises(ArgumentError) as error:
        read_secrets(file, {})
    assert "token-without-quotes" not in str(error.value)


@pytest.mark.parametrize("name", data_sources())
def test_every_source_is_declared_whole(name: str) -> None:
    source = data_sources()[name]
    assert source.source == name
    assert source.base.startswith("https://")
    assert source.base.endswith("/")
    assert source.page.startswith("https://")
    texts = (source.licence, source.citation, source.empty, source.denied)
    assert all(text and not text.endswith(".") for text in texts)
    assert source.ways
    page = (ROOT / "docs" / "pull.md").read_text("utf-8")
    assert f"| `{name}` |" in page
    assert source.credentials is not None or not any(isinstance(way, Pages) for way in source.ways)


# --- what a server may do to who asks ---------------------------------------------------------------------------------

UCDP_PAGES = "/gedevents/26.1"
TOKEN = Secrets({"UCDP_TOKEN": "secret-token-1234567890"})


def test_no_half_of_a_secret_is_left_where_an_answer_is_cut(puller: Puller, service: Service) -> None:
    service.put(UCDP_PAGES, b"x" * 45 + b"secret-token-1234567890 is nobody")
    with pytest.raises(DataError) as error:
        puller("ucdp", Asked(DAYS), secrets=TOKEN)
    assert "x*** is nobody" in str(error.value)
    assert "secret" not in str(error.value)


def test_a_secret_is_hidden_in_the_form_in_which_it_is_sent(puller: Puller, service: Service) -> None:
    Acled(service, [])
    service.put("/oauth/token", b"username=me%40example.org&password=p%40ss+w%26rd%2B1")
    secrets = Secrets({"ACLED_USER": "me@example.org", "ACLED_PASSWORD": "p@ss w&rd+1"})
    with pytest.raises(DataError, match=r"username=\*\*\*&password=\*\*\*"):
        puller("acled", Asked(DAYS), secrets=secrets)


@pytest.mark.parametrize("token", ["two\nlines-1234", "nul\x00-1234", "tökén-1234", "two words"])
def test_a_token_that_no_header_can_hold_is_refused_without_its_value(
    token: str, puller: Puller, service: Service
) -> None:
    with pytest.raises(ArgumentError) as error:
        puller("ucdp", Asked(DAYS), secrets=Secrets({"UCDP_TOKEN": token}))
    assert faults(error) == ["not_a_token"]
    assert "1234" not in repr(error.value)
    assert not service.requests


@pytest.mark.parametrize("name", ["key", "Email", "access_token"])
def test_no_secret_becomes_part_of_a_file_name(name: str) -> None:
    with pytest.raises(ArgumentError) as error:
        parameters_of([f"{name}=my-secret"])
    assert faults(error) == ["secret_in_the_open"]
    assert "my-secret" not in str(error.value)


def test_a_page_for_people_is_named_before_its_digest(puller: Puller, service: Service) -> None:
    list_days(service, {"20200103": packed("a")})
    service.put("/20200103.export.CSV.zip", b"<!DOCTYPE html><p>Log in")
    with pytest.raises(DataError) as error:
        puller("gdelt", Asked(DAY))
    assert faults(error) == ["web_page"]
    service.put("/md5sums", b"<html>Moved</html>")
    with pytest.raises(DataError) as error:
        puller("gdelt", Asked(DAY))
    assert faults(error) == ["web_page"]


def test_a_list_that_is_one_line_without_end_is_left(puller: Puller, service: Service) -> None:
    service.put("/md5sums", b"x" * 3_000_000)
    with pytest.raises(DataError) as error:
        puller("gdelt", Asked(DAY))
    assert faults(error) == ["other_answer"]


def test_nested_beyond_reading_is_another_answer(puller: Puller, service: Service) -> None:
    service.put(UCDP_PAGES, b"[" * 200_000)
    with pytest.raises(DataError) as error:
        puller("ucdp", Asked(DAYS), secrets=TOKEN)
    assert faults(error) == ["other_answer"]


def test_the_same_page_again_and_again_ends_at_once(puller: Puller, service: Service) -> None:
    service.places[UCDP_PAGES] = lambda _: as_json({"TotalCount": 10**9, "Result": [{"id": 1}]})
    with pytest.raises(DataError) as error:
        puller("ucdp", Asked(DAYS), secrets=TOKEN)
    assert faults(error) == ["rows_missing"]
    assert len(service.requests) == 2


def test_fields_come_in_any_order_and_odd_pages_are_not_kept(puller: Puller, service: Service) -> None:
    odd = as_json({"TotalCount": 2, "Result": [{"id": 1, "a": 2}, {"id": 2}]})
    right = as_json({"TotalCount": 2, "Result": [{"id": 1, "a": 2}, {"a": "\ud800", "id": 3}]})
    service.put(UCDP_PAGES, odd, right)
    with pytest.raises(DataError):
        puller("ucdp", Asked(DAYS), secrets=TOKEN)
    result = puller("ucdp", Asked(DAYS), secrets=TOKEN)
    assert result.files[0].path.read_text("utf-8") == "id,a\n1,2\n3,?\n"


@pytest.mark.parametrize("name", ["a\u202eb.tab", "a\x85b.tab"])
def test_names_that_a_terminal_may_take_otherwise_are_refused(
    name: str, puller: Puller, service: Service
) -> None:
    deposit(service, [{"label": name, "dataFile": {"id": 1, "filename": name}}], {1: b"x"})
    with pytest.raises(DataError) as error:
        puller("icews")
    assert faults(error) == ["not_a_name"]


def test_names_that_differ_in_capitals_alone_get_their_numbers(puller: Puller, service: Service) -> None:
    files = [{"label": n, "dataFile": {"id": i, "filename": n}} for i, n in enumerate(("a.tab", "A.tab"))]
    deposit(service, files, {0: b"x", 1: b"y"})
    names = [file.path.name for file in puller("icews").files]
    assert len({name.casefold() for name in names}) == 2
