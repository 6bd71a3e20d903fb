//! The main job of casework from Rust, with the client that progenitor generates: submit, clarify, answer with neither
//! confirming nor denying, read timeliness, meet a problem document, page through a list, replay a call.
//!
//! `CANDOUR_URL` and `CANDOUR_KEY` say where and with what; the key may do everything, `CANDOUR_KEY_OF_ONE_AUTHORITY` record
//! requests of one authority. Ends with 0 when all is as it should be.

use std::{collections::BTreeSet, env, error::Error, num::NonZeroU32};

use chrono::NaiveDate;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use uuid::Uuid;

use crate::client::{Client, Error as ClientError, types};

/// What progenitor makes of the document.
#[allow(warnings)]
mod client {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A date of the case.
fn day(text: &str) -> Outcome<types::CalendarDate> {
    Ok(types::CalendarDate(text.parse::<NaiveDate>()?))
}

/// A request for information that came in on 7 November 2019.
fn new_request(authority: Uuid, subject: &str) -> Outcome<types::builder::NewRequest> {
    let request = types::NewRequest::builder().regime(types::Regime::Foia).received_on(day("2019-11-07")?);
    Ok(request.subject(subject).authority_id(types::Id(authority)))
}

/// A ground that neither confirms nor denies, with all that it has to give.
fn ground() -> Outcome<types::Ground> {
    let reliance = types::Reliance::builder().provision("31(1)(a)").threshold(types::Threshold::WouldBeLikely);
    let prejudice = types::Prejudice::builder()
        .interest(types::Prose::try_from("Detection of crime")?)
        .harm(types::Prose::try_from("Methods become known")?)
        .causal_link(types::Prose::try_from("Either answer tells")?);
    let ground = types::Ground::builder()
        .provision(types::Word::try_from("31(3)")?)
        .as_cited(types::Line::try_from("section 31(3)")?)
        .relies_on([reliance.try_into()?])
        .prejudice(types::Prejudice::try_from(prejudice)?)
        .consistency_reasons(types::Prose::try_from("The same answer is given whether or not anything is there.")?);
    Ok(ground.try_into()?)
}

/// The weighing of the public interest that goes with it.
fn weighing() -> Outcome<types::PublicInterestBalancing> {
    let factor = |text: &str| -> Outcome<types::Factor> { Ok(types::Factor::builder().text(text).try_into()?) };
    let weighing = types::PublicInterestBalancing::builder()
        .provisions([types::Word::try_from("31(3)")?])
        .factors_for([factor("Openness about policing")?])
        .factors_against([factor("Crime would be harder to detect")?])
        .balance(types::Balance::Maintain)
        .decided_on(day("2019-12-03")?);
    Ok(weighing.try_into()?)
}

/// A letter that neither confirms nor denies, as it was sent.
fn refusal() -> Outcome<types::builder::NewResponse> {
    let determination = types::Determination::builder()
        .part("1")
        .outcome(types::DeterminationOutcome::NeitherConfirmedNorDenied)
        .grounds([ground()?])
        .public_interest_tests([weighing()?]);
    let particulars =
        types::Particulars::builder().internal_review(types::Particular::Stated).regulator(types::Particular::Stated);
    let decided_by = types::DecisionMaker::builder().staff_ref("officer-1");
    Ok(types::NewResponse::builder()
        .kind(types::ResponseKind::Initial)
        .record_as(types::RecordAs::Sent)
        .issued_on(day("2019-12-03")?)
        .decided_by(types::DecisionMaker::try_from(decided_by)?)
        .particulars(types::Particulars::try_from(particulars)?)
        .determinations([types::Determination::try_from(determination)?]))
}

/// Records a request, twice with one key: it is there once. Its id.
async fn submit_and_replay(client: &Client, authority: Uuid) -> Outcome<Uuid> {
    let key = Uuid::new_v4().to_string();
    let submit = || async {
        let body = new_request(authority, "Use of a new technology")?;
        Ok::<_, Box<dyn Error>>(client.create_request().idempotency_key(key.as_str()).body(body).send().await?)
    };
    let first = submit().await?;
    // 2 December was a bank holiday in Scotland, which counts in the whole kingdom (FOIA s10(6)).
    assert_eq!(first.due_on.as_deref(), Some(&*day("2019-12-06")?));
    let again = submit().await?;
    assert_eq!(again.id, first.id);
    assert_eq!(again.headers().get("Idempotency-Replayed"), Some(&HeaderValue::from_static("true")));
    Ok(first.id)
}

/// Asks the requester and records the answer: the clock begins anew.
async fn clarify(client: &Client, request: Uuid) -> Outcome {
    let question = types::NewClarification::builder()
        .asked_on(day("2019-11-12")?)
        .text(types::Prose::try_from("Which period do you mean?")?);
    let event = client.create_clarification().request_id(request).body(question).send().await?;
    let waiting = client.get_request().request_id(request).send().await?;
    assert_eq!(waiting.status, types::PartState::AwaitingClarification);
    let answer = types::ClarificationAnswer::builder()
        .answered_on(day("2019-11-18")?)
        .text(types::Prose::try_from("The last two years.")?);
    client.answer_clarification().request_id(request).event_id(event.id).body(answer).send().await?;
    let clock = client.get_clock().request_id(request).send().await?;
    let due: Vec<NaiveDate> = clock.parts.iter().map(|part| *part.due_on).collect();
    assert_eq!(due, [*day("2019-12-17")?]);
    Ok(())
}

/// Records the letter; the request is answered in time.
async fn answer(client: &Client, request: Uuid) -> Outcome {
    client.create_response().request_id(request).body(refusal()?).send().await?;
    let answered = client.get_request().request_id(request).send().await?;
    assert_eq!(answered.outcome, Some(types::RequestOutcome::NeitherConfirmedNorDenied));
    assert_eq!(answered.on_time, Some(true));
    Ok(())
}

/// One request was received in the quarter, and answered in time.
async fn read_timeliness(client: &Client, authority: Uuid) -> Outcome {
    let report = client
        .get_timeliness()
        .start_on(day("2019-10-01")?)
        .end_on(day("2019-12-31")?)
        .basis(types::TimelinessBasis::Received)
        .authority_id(types::Id(authority))
        .send()
        .await?;
    let figures: Vec<_> =
        report.rows.iter().map(|row| (row.in_deadline.numerator, row.in_deadline.denominator)).collect();
    assert_eq!(figures, [(1, 1)]);
    Ok(())
}

/// A request from before the Act came into force is refused, with all that is wrong and where.
async fn meet_a_problem(client: &Client, authority: Uuid) -> Outcome {
    let body = new_request(authority, " ")?.received_on(day("2004-12-31")?);
    let refused = client.create_request().body(body).send().await;
    let Err(ClientError::ErrorResponse(problem)) = refused else {
        return Err(format!("no problem document: {refused:?}").into());
    };
    assert_eq!((problem.status, problem.code.as_str()), (422, "validation-failed"));
    let at: BTreeSet<_> =
        problem.errors.iter().filter_map(|fault| fault.pointer.as_ref()).map(|at| at.as_str()).collect();
    assert_eq!(at, BTreeSet::from(["#/received_on", "#/subject"]));
    Ok(())
}

/// Walks through a list, page by page: each request comes once.
async fn page(client: &Client, authority: Uuid) -> Outcome {
    for number in [2, 3] {
        client.create_request().body(new_request(authority, &format!("Request {number}"))?).send().await?;
    }
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let mut call = client.list_requests().authority_id(types::Id(authority)).limit(NonZeroU32::MIN);
        if let Some(cursor) = &cursor {
            call = call.cursor(String::clone(cursor));
        }
        let listed = call.send().await?.into_inner();
        found.extend(listed.items.iter().map(|request| request.id));
        match listed.next_cursor {
            Some(next) => cursor = Some(next.to_string()),
            None => break,
        }
    }
    assert_eq!((found.len(), BTreeSet::from_iter(found).len()), (3, 3));
    Ok(())
}

/// The first request of a case system, as docs/clients.md shows it, with a key of one authority.
async fn first_request(client: &Client) -> Outcome {
    let body = types::NewRequest::builder()
        .regime(types::Regime::Foia)
        .received_on("2019-11-07".parse::<NaiveDate>()?)
        .subject("A new technology");
    match client.create_request().idempotency_key(Uuid::new_v4().to_string()).body(body).send().await {
        Ok(request) => println!("{:?}", request.due_on),
        Err(ClientError::ErrorResponse(problem)) => {
            return Err(format!("{}: {:?}", problem.code.as_str(), problem.errors).into());
        }
        Err(other) => return Err(other.into()),
    }
    Ok(())
}

/// A client that sends the key which a variable of the environment holds.
fn client_with_key(variable: &str) -> Outcome<Client> {
    let mut credential = HeaderValue::try_from(format!("Bearer {}", env::var(variable)?))?;
    credential.set_sensitive(true);
    let calls =
        reqwest::Client::builder().default_headers(HeaderMap::from_iter([(AUTHORIZATION, credential)])).build()?;
    Ok(Client::new_with_client(&env::var("CANDOUR_URL")?, calls))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let client = client_with_key("CANDOUR_KEY")?;
    first_request(&client_with_key("CANDOUR_KEY_OF_ONE_AUTHORITY")?).await?;

    let authority = types::NewAuthority::builder()
        .name(format!("Rust client {}", Uuid::new_v4()))
        .nation(types::AuthorityNation::England);
    let authority = client.create_authority().body(authority).send().await?.id;
    let request = submit_and_replay(&client, authority).await?;
    clarify(&client, request).await?;
    answer(&client, request).await?;
    read_timeliness(&client, authority).await?;
    meet_a_problem(&client, authority).await?;
    page(&client, authority).await?;
    println!("Rust: the main job is done");
    Ok(())
}
