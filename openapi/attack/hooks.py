"""What scripts/attack adds to generated calls that are meant to be right: values that no schema can give."""

import ast
import datetime
import functools
import json
import os
import threading
import uuid

import schemathesis
from hypothesis import strategies
from schemathesis.generation import GenerationMode

AUTHORITY = os.environ["CANDOUR_ATTACK_AUTHORITY"]
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

# Cursors that the service has given: it takes no others, and answers 400 to what a generator makes up.
cursors = set()

# Dates that can be sent. The document bounds them too, but most generated ones would be thrown away.
schemathesis.openapi.format("date", strategies.dates(min_value=FIRST, max_value=LAST).map(str))


@schemathesis.deserializer("application/x-ndjson")
def last_line(context, response):
    """Every line is a document; the last one stands for all."""
    return json.loads(response.text.splitlines()[-1])


def takes_authority(case):
    """Whether the body of this operation may name an authority."""
    schemas = case.operation.schema.raw_schema["components"]["schemas"]
    for content in case.operation.definition.raw.get("requestBody", {}).get("content", {}).values():
        name = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
        if "authority_id" in schemas.get(name, {}).get("properties", {}):
            return True
    return False


def settle_query(query, names):
    """The query that a caller could mean: parameters that depend on each other or on the day are the service's to judge."""
    if "authority_id" in names:
        # The credential may act for any authority, so it has to say for which.
        query["authority_id"] = AUTHORITY
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


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts known values in place of made-up ones."""
    if case.meta is not None and case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if case.headers and "Idempotency-Key" in case.headers:
        # A key belongs to one call.
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if case.headers and case.headers.get("If-Match") == "0":
        # What stands for a value where the pattern of an optional header was not understood; it is none of the pattern.
        case.headers["If-Match"] = "*"
    if isinstance(case.body, dict) and takes_authority(case):
        case.body["authority_id"] = AUTHORITY
    parameters = case.operation.definition.raw.get("parameters", [])
    settle_query(case.query, {parameter["name"] for parameter in parameters if parameter["in"] == "query"})


@schemathesis.hook
def after_call(context, case, response):
    """Keeps the cursors of lists."""
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        document = response.json()
        if isinstance(document, dict) and isinstance(document.get("next_cursor"), str):
            cursors.add(document["next_cursor"])
