"""The main job of casework from Python, with the client that openapi-python-client generates: submit, clarify, answer with
neither confirming nor denying, read timeliness, meet a problem document, page through a list, replay a call.

CANDOUR_URL and CANDOUR_KEY say where and with what; the key may do everything. Ends with 0 when all is as it should be.
"""

import datetime
import os
import uuid

from candour_client import AuthenticatedClient
from candour_client.api.authorities import create_authority
from candour_client.api.clocks import answer_clarification, create_clarification, get_clock
from candour_client.api.metrics import get_timeliness
from candour_client.api.requests import create_request, get_request, list_requests
from candour_client.api.responses import create_response
from candour_client.models import (
    AuthorityNation,
    Balance,
    CaseState,
    ClarificationAnswer,
    DecisionMaker,
    Determination,
    DeterminationOutcome,
    Factor,
    Ground,
    InformationRequest,
    NewAuthority,
    NewClarification,
    NewRequest,
    NewResponse,
    Particular,
    Particulars,
    Prejudice,
    Problem,
    PublicInterestBalancing,
    RecordAs,
    Regime,
    Reliance,
    RequestOutcome,
    ResponseKind,
    Threshold,
    TimelinessBasis,
)


def day(text):
    """The date written so."""
    return datetime.date.fromisoformat(text)


def new_request(authority_id, subject):
    """A request for information that came in on 7 November 2019."""
    received_on = day("2019-11-07")
    return NewRequest(regime=Regime.FOIA, received_on=received_on, subject=subject, authority_id=authority_id)


def refusal():
    """A letter that neither confirms nor denies, with the grounds that it has to give."""
    ground = Ground(
        provision="31(3)",
        as_cited="section 31(3)",
        relies_on=[Reliance(provision="31(1)(a)", threshold=Threshold.WOULD_BE_LIKELY)],
        prejudice=Prejudice(interest="Detection of crime", harm="Methods become known", causal_link="Either answer tells"),
        consistency_reasons="The same answer is given whether or not anything is there.",
    )
    weighing = PublicInterestBalancing(
        provisions=["31(3)"],
        factors_for=[Factor(text="Openness about policing")],
        factors_against=[Factor(text="Crime would be harder to detect")],
        balance=Balance.MAINTAIN,
        decided_on=day("2019-12-03"),
    )
    return NewResponse(
        kind=ResponseKind.INITIAL,
        record_as=RecordAs.SENT,
        issued_on=day("2019-12-03"),
        decided_by=DecisionMaker(staff_ref="officer-1"),
        particulars=Particulars(internal_review=Particular.STATED, regulator=Particular.STATED),
        determinations=[
            Determination(
                part="1",
                outcome=DeterminationOutcome.NEITHER_CONFIRMED_NOR_DENIED,
                grounds=[ground],
                public_interest_tests=[weighing],
            )
        ],
    )


def submit_and_replay(client, authority_id):
    """Records a request, twice with one key: it is there once. Its id."""
    key = str(uuid.uuid4())
    body = new_request(authority_id, "Use of a new technology")
    first = create_request.sync_detailed(client=client, body=body, idempotency_key=key)
    assert isinstance(first.parsed, InformationRequest), first.content
    # 2 December was a bank holiday in Scotland, which counts in the whole kingdom (FOIA s10(6)).
    assert first.parsed.due_on == day("2019-12-06"), first.parsed.due_on
    again = create_request.sync_detailed(client=client, body=body, idempotency_key=key)
    assert again.parsed.id == first.parsed.id
    assert again.headers["Idempotency-Replayed"] == "true"
    return first.parsed.id


def clarify(client, request_id):
    """Asks the requester and records the answer: the clock begins anew."""
    question = NewClarification(asked_on=day("2019-11-12"), text="Which period do you mean?")
    event = create_clarification.sync(request_id, client=client, body=question)
    assert get_request.sync(request_id, client=client).status == CaseState.AWAITING_CLARIFICATION
    answer = ClarificationAnswer(answered_on=day("2019-11-18"), text="The last two years.")
    answer_clarification.sync(request_id, event.id, client=client, body=answer)
    clock = get_clock.sync(request_id, client=client)
    assert [part.due_on for part in clock.parts] == [day("2019-12-17")], clock
    assert get_request.sync(request_id, client=client).due_on == day("2019-12-17")


def answer(client, request_id):
    """Records the letter; the request is answered in time."""
    letter = create_response.sync(request_id, client=client, body=refusal())
    assert not isinstance(letter, Problem), letter
    request = get_request.sync(request_id, client=client)
    assert request.outcome == RequestOutcome.NEITHER_CONFIRMED_NOR_DENIED
    assert request.on_time is True


def read_timeliness(client, authority_id):
    """One request was received in the quarter, and answered in time."""
    report = get_timeliness.sync(
        client=client,
        start_on=day("2019-10-01"),
        end_on=day("2019-12-31"),
        basis=TimelinessBasis.RECEIVED,
        authority_id=authority_id,
    )
    figures = [(row.in_deadline.numerator, row.in_deadline.denominator) for row in report.rows]
    assert figures == [(1, 1)], figures


def meet_a_problem(client, authority_id):
    """A request from before the Act came into force is refused, with all that is wrong and where."""
    body = new_request(authority_id, " ")
    body.received_on = day("2004-12-31")
    answered = create_request.sync_detailed(client=client, body=body)
    problem = answered.parsed
    assert isinstance(problem, Problem) and problem.status == 422, answered.content
    assert problem.code == "validation-failed"
    assert sorted(fault.pointer for fault in problem.errors) == ["#/received_on", "#/subject"], problem.errors


def page(client, authority_id):
    """Walks through a list, page by page: each request comes once."""
    for number in (2, 3):
        create_request.sync(client=client, body=new_request(authority_id, f"Request {number}"))
    found, cursor = [], {}
    while True:
        listed = list_requests.sync(client=client, authority_id=authority_id, limit=1, **cursor)
        found += [request.id for request in listed.items]
        if not listed.next_cursor:
            break
        cursor = {"cursor": listed.next_cursor}
    assert len(found) == len(set(found)) == 3, found


def main():
    """The whole job."""
    client = AuthenticatedClient(base_url=os.environ["CANDOUR_URL"], token=os.environ["CANDOUR_KEY"])
    with client:
        name = f"Python client {uuid.uuid4()}"
        authority = create_authority.sync(client=client, body=NewAuthority(name=name, nation=AuthorityNation.ENGLAND))
        request_id = submit_and_replay(client, authority.id)
        clarify(client, request_id)
        answer(client, request_id)
        read_timeliness(client, authority.id)
        meet_a_problem(client, authority.id)
        page(client, authority.id)
    print("Python: the main job is done")


if __name__ == "__main__":
    main()
