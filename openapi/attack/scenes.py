"""Casework that is there, for the names in an operation's path: each scene is made by the examples of the document, up to the
step before the operation. tests/api/support/world.rs does the same for one call of each."""

import datetime
import json
import os
import re
import threading
import urllib.error
import urllib.request

URL = os.environ["CANDOUR_ATTACK_URL"]
KEY = os.environ["CANDOUR_ATTACK_KEY"]

NAME = re.compile(r"/\{([a-z_]+)\}")

# The day on which the requests of the examples were received.
RECEIVED_ON = "2019-11-07"

# Names that stand for no casework, and words that each of them may be. The contract lists the words of the others.
FIXED = {"label": "1", "provision_id": "foia-31-3", "code": "validation-failed"}
LISTED = ("calendar_id", "return_kind")


def send(method, path, body):
    """The id in the answer to a call that must succeed."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "If-Match": "*"}
    request = urllib.request.Request(f"{URL}{path}", data=json.dumps(body).encode(), headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response).get("id")
    except urllib.error.HTTPError as refused:
        raise RuntimeError(f"no scene: {method} {path} {refused.code} {refused.read().decode()}") from refused


class Scenes:
    """Scenes by operation: one is there until a call has changed it."""

    def __init__(self, document, authority):
        self.document, self.authority = document, authority
        self.ready, self.lock = {}, threading.Lock()

    def values_for(self, method, path):
        """A value for each name in the path, all of one life of a case."""
        with self.lock:
            found = self.ready.get((method, path))
        if found is None:
            found = self.make(method, path)
            with self.lock:
                self.ready[(method, path)] = found
        return found

    def spend(self, method, path):
        """A call has changed it: the next one needs another."""
        with self.lock:
            self.ready.pop((method, path), None)

    def make(self, method, path):
        values = {"authority_id": self.authority, **FIXED}
        for match in NAME.finditer(path):
            name, collection = match.group(1), path[: match.start()]
            if name in values or name in LISTED:
                continue
            collection = collection.replace("/events", "/clarifications")
            self.prepare("POST", collection, values)
            values[name] = self.example(collection, values)
        if "{record_id}" not in path:
            self.prepare(method, path, values)
        return values

    def prepare(self, method, path, values):
        """What must have happened for the operation to be possible."""
        if (method, path.rsplit("/", 1)[-1]) == ("POST", "appeals"):
            self.example(path.replace("/appeals", "/decision-notices"), values)
        elif (method, path.rsplit("/", 1)[-1]) == ("DELETE", "legal-hold"):
            send("PUT", path.format(**values), {"reason": "A claim was announced"})
        elif (method, path.rsplit("/", 1)[-1]) == ("POST", "erasure"):
            self.example(path.replace("/erasure", "/withdrawal"), values)
        elif (method, path.rsplit("/", 1)[-1]) == ("POST", "reopening"):
            self.example(path.replace("/reopening", "/lapse"), values)
        elif (method, path.rsplit("/", 1)[-1]) == ("POST", "records"):
            draft = {"kind": "initial", "determinations": [{"part": "1", "outcome": "disclosed"}]}
            send("POST", path.replace("/records", "/responses").format(**values), draft)

    def example(self, path, values):
        """Sends the example of a POST; the id of what it makes."""
        if path == "/v1/requests":
            body = {"regime": "foia", "received_on": RECEIVED_ON, "subject": "A scene"}
        else:
            body = dict(example_of(self.document["paths"][path]["post"]))
        if takes_authority(self.document, path):
            body["authority_id"] = self.authority
        if "expires_on" in body:
            body["expires_on"] = str(datetime.date.today() + datetime.timedelta(days=30))
        return send("POST", path.format(**values), body)


def takes_authority(document, path, method="post"):
    """Whether the body of an operation may name an authority."""
    operation = document["paths"][path][method]
    for content in (operation.get("requestBody") or {}).get("content", {}).values():
        name = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
        if "authority_id" in document["components"]["schemas"].get(name, {}).get("properties", {}):
            return True
    return False


def example_of(operation):
    """The first example of an operation's body; empty where it has none."""
    for media in (operation.get("requestBody") or {}).get("content", {}).values():
        if "example" in media:
            return media["example"]
        for example in media.get("examples", {}).values():
            return example["value"]
    return {}


def days_of_example(document, operation):
    """The days in an operation's example, by their names."""
    return dict(days_in(example_of(document["paths"][operation.path][operation.method.lower()])))


def days_in(value):
    """The days in a document, with their names, at whatever depth."""
    if isinstance(value, list):
        for each in value:
            yield from days_in(each)
    elif isinstance(value, dict):
        for name, member in value.items():
            if name.endswith("_on") and isinstance(member, str):
                yield name, member
            else:
                yield from days_in(member)
