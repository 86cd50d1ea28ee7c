from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.import_jobs import MOST_BYTES, ImportId, ImportProgress, ImportState, ToldFault
from tests.builders import ACME
from tests.contracts.importing import job
from tests.fakes.api import Caller

BEGIN = {"fileName": "products.csv", "fileBytes": 9}


def test_an_import_is_begun_uploaded_started_and_looked_at(call: Caller, shop: Any) -> None:
    begun = call("POST", "/api/v1/imports", BEGIN)
    assert begun.status == 201
    url = f"/api/v1/imports/{begun.json['job']['id']}"
    assert (begun.json["job"]["state"], begun.json["upload"]["method"]) == ("awaiting_file", "PUT")
    assert call("POST", f"{url}/start").status == 409
    shop.files.keep(ACME, ImportId(begun.json["job"]["id"]), b"id,title\n")
    started = call("POST", f"{url}/start")
    assert (started.status, started.json["state"]) == (202, "waiting")
    assert call("GET", url).json == started.json
    assert [one["id"] for one in call("GET", "/api/v1/imports").json["items"]] == [begun.json["job"]["id"]]
    assert call("GET", f"{url}/errors").status == 409


def test_faulty_rows_are_given_out_by_a_link(call: Caller, shop: Any) -> None:
    progress = ImportProgress(rows=2, stored=1, faulty=1, faults=(ToldFault(3, ("no title",)),))
    done = replace(job(state=ImportState.DONE), progress=progress)
    shop.jobs.add(ACME, done)
    url = f"/api/v1/imports/{done.import_id}"
    assert call("GET", url).json["faults"] == [{"line": 3, "reasons": ["no title"]}]
    assert call("GET", f"{url}/errors").json["url"].endswith("faulty-rows.csv")
    assert call("GET", f"{url}/errors", token="glen").status == 404


@pytest.mark.parametrize(
    "body",
    [{}]
    + [
        {**BEGIN, **more}
        for more in ({"fileBytes": 0}, {"fileBytes": MOST_BYTES + 1}, {"state": "done"}, {"dryRun": 1})
    ],
)
def test_nothing_else_is_begun(call: Caller, body: dict[str, object]) -> None:
    assert call("POST", "/api/v1/imports", body).status == 422


def test_an_agent_begins_none(call: Caller) -> None:
    assert call("POST", "/api/v1/imports", BEGIN, token="agnes").status == 403
    assert call("GET", "/api/v1/imports", token="agnes").status == 200


def test_an_id_that_is_none_is_refused(call: Caller) -> None:
    for import_id in ("x", "20261122T120000-0A1B2C3D", "..", "%2e%2e%2fglobex"):
        assert call("GET", f"/api/v1/imports/{import_id}").status in {404, 422}
