"""The first request of a case system, as docs/clients.md shows it. CANDOUR_KEY is a key of one authority."""

import os
from datetime import date
from uuid import uuid4

from candour_client import AuthenticatedClient
from candour_client.api.requests import create_request
from candour_client.models import NewRequest, Problem, Regime

client = AuthenticatedClient(base_url=os.environ["CANDOUR_URL"], token=os.environ["CANDOUR_KEY"])
body = NewRequest(regime=Regime.FOIA, received_on=date(2019, 11, 7), subject="A new technology")
answer = create_request.sync(client=client, body=body, idempotency_key=str(uuid4()))
if isinstance(answer, Problem):
    raise SystemExit([answer.code] + [f"{fault.pointer}: {fault.detail}" for fault in answer.errors or []])
print(answer.due_on)
