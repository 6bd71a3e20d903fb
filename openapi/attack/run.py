"""Runs schemathesis against the service at CANDOUR_ATTACK_URL. Arguments go to it."""

import json
import os
import sys
import time
import urllib.error
import urllib.request

URL = os.environ["CANDOUR_ATTACK_URL"]
KEY = os.environ["CANDOUR_ATTACK_KEY"]
PATIENCE = 60


def wait_until_ready():
    """Waits for the service to be ready."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"{URL}/readyz", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def make_authority():
    """The authority that all casework is recorded for; its id."""
    body = json.dumps({"name": "Attacked", "nation": "england"}).encode()
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{URL}/v1/authorities", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["id"]


def main():
    """Prepares the service and hands over to schemathesis."""
    wait_until_ready()
    os.environ["CANDOUR_ATTACK_AUTHORITY"] = make_authority()
    arguments = ["--config-file", "openapi/attack/schemathesis.toml", "run", "openapi/openapi.json", "--url", URL]
    arguments += ["--checks", "all", "--workers", "2"]
    os.execv(sys.executable, [sys.executable, "-m", "schemathesis.cli", "--no-color", *arguments, *sys.argv[1:]])


if __name__ == "__main__":
    main()
