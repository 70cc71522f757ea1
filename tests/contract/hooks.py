"""Brings ids, slugs, paths and versions that really exist into requests that would otherwise all lead nowhere.

Three of four requests that are made to be right get a real address, and the ETag of the version that is there; the others,
and those that are made to be wrong, go out as they are. The same seed gives the same choices.
"""

import os
import random
import re

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

ADDRESS = os.environ["CONTRACT_ADDRESS"]
KEY = os.environ.get("CONTRACT_KEY")
# The account and the key that the run itself needs are left alone.
SPARED = set(os.environ.get("CONTRACT_SPARED", "").split())
NOBODY = "00000000-0000-7000-8000-000000000000"
# After so many requests it is looked again what there is.
REFRESH = 40

choices = random.Random(20261122)
known: dict[str, list] = {}
calls = 0


def answer(path):
    headers = {"Authorization": f"Bearer {KEY}"} if KEY else {}
    return requests.get(ADDRESS + path, headers=headers, timeout=10, allow_redirects=False)


def listed(path, of):
    """What a list has, from memory for a while."""
    if path not in known:
        response = answer(path)
        known[path] = [of(item) for item in response.json()["data"]] if response.status_code == 200 else []
    return [value for value in known[path] if value not in SPARED]


def candidates(path, name, values):
    """Real values of a parameter of a path."""
    collection = path.split("/{")[0]
    if name == "page":
        return listed(f"{collection}?limit=100", lambda item: item["slug"])
    if name == "path":
        return listed("/api/v1/paths", lambda item: item["path"].lstrip("/"))
    if name in ("reference", "secret"):
        return listed_receipt(name)
    if name == "key":
        return media_keys()
    if name == "version":
        return [1, 2]
    if name == "publication" and "id" in values:
        return listed(f"{collection}/{values['id']}/publications", lambda item: item["id"])
    if name == "id":
        many = "" if re.search("users|api-keys|webhooks", collection) else "?limit=100"
        ids = listed(collection + many, lambda item: item["id"])
        if collection in ("/manage/v1/role-pages", "/manage/v1/requirement-sections"):
            ids = ids + listed(f"{collection}?trashed=true", lambda item: item["id"])
        return ids
    return []


def listed_receipt(name):
    if "receipt" not in known:
        report = {"document": "paramedic", "kind": "comment", "wrong": "The second sentence is hard to read."}
        sent = requests.post(f"{ADDRESS}/api/v1/reports", json=report, timeout=10)
        known["receipt"] = sent.json()["receipt_url"].split("/")[-2:] if sent.status_code == 202 else []
    return [known["receipt"][0 if name == "reference" else 1]] if known["receipt"] else []


def media_keys():
    if "media" not in known:
        pages = answer("/api/v1/role-pages?limit=100&fields=lead_image").json()["data"]
        sources = [source["src"] for page in pages if page["lead_image"] for source in page["lead_image"]["sources"]]
        known["media"] = [source.rsplit("/", 1)[1] for source in sources]
    return known["media"]


@schemathesis.hook
def before_call(context, case, kwargs):
    global calls
    if case.meta is None:
        return
    calls += 1
    if calls % REFRESH == 0:
        receipt = known.get("receipt")
        known.clear()
        if receipt:
            known["receipt"] = receipt
    # Whatever led there: the run does not end its own key.
    for name, value in list((case.path_parameters or {}).items()):
        if value in SPARED and case.method != "GET":
            case.path_parameters[name] = NOBODY
    is_linked = case.meta.phase.name.value == "stateful"
    if case.path_parameters and not is_linked and not case.meta.is_negative_at(ParameterLocation.PATH):
        if choices.random() < 0.75:
            for name in list(case.path_parameters):
                found = candidates(case.path, name, case.path_parameters)
                if found:
                    case.path_parameters[name] = choices.choice(found)
    if case.headers and "If-Match" in case.headers and not case.meta.is_negative_at(ParameterLocation.HEADER):
        if choices.random() < 0.75:
            etag = answer(seen(case)).headers.get("ETag")
            if etag:
                case.headers["If-Match"] = etag


def seen(case):
    """Where the version is named that a write starts from: the thing itself."""
    if "{id}" not in case.path:
        return case.path
    head = case.path.split("{id}")[0] + "{id}"
    return head.replace("{id}", str(case.path_parameters["id"]))
