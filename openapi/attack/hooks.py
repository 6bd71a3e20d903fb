"""What scripts/attack adds to generated calls: values that no schema can give. What is spoilt on purpose stays so."""

import ast
import atexit
import collections
import datetime
import functools
import json
import os
import re
import threading
import uuid

import schemathesis
from hypothesis import strategies
from scenes import Scenes, days_of_example, takes_authority
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import TestPhase

AUTHORITY = os.environ["CANDOUR_ATTACK_AUTHORITY"]
with open("openapi/openapi.json") as file:
    DOCUMENT = json.load(file)
ID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Days on which a key ends.
DAYS_TO_COME = {"expires_on", "overlap_ends_on"}
FIRST, LAST = datetime.date(2005, 1, 1), datetime.date(2099, 12, 31)

# CPython 3.11 counts the depth of all threads' parsing in one place, and two workers of hypothesis that parse at once fail
# with a SystemError (python/cpython#106905), so that they take turns.
parsing = threading.RLock()
parse_unguarded = ast.parse


@functools.wraps(parse_unguarded)
def parse_in_turn(*arguments, **options):
    """What ast.parse does, one thread at a time."""
    with parsing:
        return parse_unguarded(*arguments, **options)


ast.parse = parse_in_turn

# Operations that have answered well, for run.py.
reached = set()


@atexit.register
def tell_what_was_reached():
    """Leaves the operations that have answered well where run.py looks for them."""
    with open(os.environ["CANDOUR_ATTACK_REACHED"], "w") as told:
        json.dump(sorted(reached), told)


# Casework to call about, and how often each operation was called.
scenes = Scenes(DOCUMENT, AUTHORITY)
calls = collections.Counter()

# Cursors that the service has given: it takes no others, and answers 400 to what a generator makes up.
cursors = set()

# Dates that can be sent. The document bounds them too, but most generated ones would be thrown away.
schemathesis.openapi.format("date", strategies.dates(min_value=FIRST, max_value=LAST).map(str))


@schemathesis.deserializer("application/x-ndjson")
def last_line(context, response):
    """Every line is a document; the last one stands for all."""
    return json.loads(response.text.splitlines()[-1])


def name_authority(holder):
    """The credential may act for any authority, so it has to say for which. What was spoilt on purpose stays so."""
    if "authority_id" not in holder or ID.fullmatch(str(holder["authority_id"])):
        holder["authority_id"] = AUTHORITY


def furnish(case):
    """Leads a call to casework that is there, three times in four. Whether it did."""
    if not case.path_parameters or case.meta is None or case.meta.phase.name == TestPhase.STATEFUL:
        return False
    component = case.meta.components.get(ParameterLocation.PATH)
    if component is not None and component.mode != GenerationMode.POSITIVE:
        return False
    calls[case.operation.label] += 1
    if calls[case.operation.label] % 4 == 0:
        return False
    spoilt = case.meta.phase.data.parameter if case.meta.phase.data.parameter_location == ParameterLocation.PATH else None
    values = scenes.values_for(case.operation.method.upper(), case.operation.path)
    for name in case.path_parameters:
        if name in values and name != spoilt:
            case.path_parameters[name] = values[name]
    return True


def settle_query(query):
    """The query that a caller could mean: parameters that depend on each other or on the day are the service's to judge."""
    if query.get("cursor") not in cursors:
        query.pop("cursor", None)
    dates = [query[name] for name in ("start_on", "end_on") if name in query]
    if len(dates) == 2:
        # In order, and at most ten years apart.
        start, end = sorted(datetime.date.fromisoformat(str(date)) for date in dates)
        end = min(end, start + datetime.timedelta(days=3650))
        query["start_on"], query["end_on"] = str(start), str(end)
    if "as_at" in query:
        # Figures are of what has happened.
        query["as_at"] = min(str(query["as_at"]), str(datetime.date.today()))
    if "rank_by" in query and (query.get("metric"), query["rank_by"]) != ("timeliness", "in_time"):
        # The figures of a metric have names of their own.
        del query["rank_by"]
    pieces = str(query.get("period", "")).split("-")
    if pieces[0]:
        # Over already; and a financial year ends in the year after the one it begins in.
        pieces[0] = str(min(int(pieces[0]), datetime.date.today().year - 2))
        if len(pieces) > 1 and not pieces[1].startswith("Q"):
            pieces[1] = f"{(int(pieces[0]) + 1) % 100:02}"
        query["period"] = "-".join(pieces)


def settle_body(value, known):
    """Words of the case that a furnished call is about, within what was made up: days of its example, and its only part."""
    if isinstance(value, list):
        for each in value:
            settle_body(each, known)
    elif isinstance(value, dict):
        for name in value:
            if name in DAYS_TO_COME:
                value[name] = str(datetime.date.today() + datetime.timedelta(days=30))
            elif name in known and isinstance(value[name], str):
                value[name] = known[name]
            elif name == "part":
                value[name] = "1"
            elif name == "parts" and value[name] and all(isinstance(part, str) for part in value[name]):
                value[name] = ["1"]
            else:
                settle_body(value[name], known)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts known values in place of made-up ones."""
    parameters = case.operation.definition.raw.get("parameters", [])
    if any(parameter["in"] == "query" and parameter["name"] == "authority_id" for parameter in parameters):
        name_authority(case.query)
    if isinstance(case.body, dict) and takes_authority(DOCUMENT, case.operation.path, case.operation.method.lower()):
        name_authority(case.body)
    if isinstance(case.body, dict) and case.operation.path == "/v1/case-histories" and isinstance(case.body.get("request"), dict):
        name_authority(case.body["request"])
    is_furnished = furnish(case)
    if case.meta is not None and case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if case.headers and "Idempotency-Key" in case.headers:
        # A key belongs to one call.
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if case.headers and "If-Match" in case.headers and (is_furnished or case.headers["If-Match"] == "0"):
        # Whatever the version is; "0" stands for a value where the pattern of an optional header was not understood.
        case.headers["If-Match"] = "*"
    if isinstance(case.body, dict):
        settle_body(case.body, days_of_example(DOCUMENT, case.operation) if is_furnished else {})
    settle_query(case.query)


@schemathesis.hook
def after_call(context, case, response):
    """Keeps the cursors of lists, and which operations have done what they are for."""
    method = case.operation.method.upper()
    if 200 <= response.status_code < 300 and case.method.upper() == method:
        reached.add(case.operation.label)
        if method != "GET":
            scenes.spend(method, case.operation.path)
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        document = response.json()
        if isinstance(document, dict) and isinstance(document.get("next_cursor"), str):
            cursors.add(document["next_cursor"])
