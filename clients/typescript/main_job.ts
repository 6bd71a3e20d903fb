// The main job of casework from TypeScript, with types that openapi-typescript generates and openapi-fetch to call by:
// submit, clarify, answer with neither confirming nor denying, read timeliness, meet a problem document, page through a
// list, replay a call.
//
// CANDOUR_URL and CANDOUR_KEY say where and with what; the key may do everything. Ends with 0 when all is as it should be.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];

declare const process: { env: Record<string, string | undefined> };

// Lists and figures come as CSV as well: this client asks for JSON alone.
const client = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: process.env["CANDOUR_URL"] ?? "",
  headers: { Authorization: `Bearer ${process.env["CANDOUR_KEY"]}` },
});

function check(holds: boolean, told: unknown): asserts holds {
  if (!holds) {
    throw new Error(JSON.stringify(told));
  }
}

/** What was asked for, or the problem as an exception. */
function expected<Data>(answer: { data?: Data; error?: unknown }): Data {
  if (answer.data === undefined) {
    throw new Error(JSON.stringify(answer.error));
  }
  return answer.data;
}

function newRequest(authority_id: string, subject: string): Schemas["NewRequest"] {
  return { regime: "foia", received_on: "2019-11-07", subject, authority_id };
}

const refusal: Schemas["NewResponse"] = {
  kind: "initial",
  record_as: "sent",
  issued_on: "2019-12-03",
  decided_by: { staff_ref: "officer-1" },
  particulars: { internal_review: "stated", regulator: "stated" },
  determinations: [
    {
      part: "1",
      outcome: "neither_confirmed_nor_denied",
      grounds: [
        {
          provision: "31(3)",
          as_cited: "section 31(3)",
          relies_on: [{ provision: "31(1)(a)", threshold: "would_be_likely" }],
          prejudice: {
            interest: "Detection of crime",
            harm: "Methods become known",
            causal_link: "Either answer tells",
          },
          consistency_reasons: "The same answer is given whether or not anything is there.",
        },
      ],
      public_interest_tests: [
        {
          provisions: ["31(3)"],
          factors_for: [{ text: "Openness about policing" }],
          factors_against: [{ text: "Crime would be harder to detect" }],
          balance: "maintain",
          decided_on: "2019-12-03",
        },
      ],
    },
  ],
};

/** Records a request, twice with one key: it is there once. */
async function submitAndReplay(authority_id: string): Promise<string> {
  const header = { "Idempotency-Key": crypto.randomUUID() };
  const body = newRequest(authority_id, "Use of a new technology");
  const first = expected(await client.POST("/v1/requests", { params: { header }, body }));
  // 2 December was a bank holiday in Scotland, which counts in the whole kingdom (FOIA s10(6)).
  check(first.due_on === "2019-12-06", first);
  const again = await client.POST("/v1/requests", { params: { header }, body });
  check(expected(again).id === first.id, again.data);
  check(again.response.headers.get("Idempotency-Replayed") === "true", [...again.response.headers]);
  return first.id;
}

async function read(request_id: string): Promise<Schemas["InformationRequest"]> {
  return expected(await client.GET("/v1/requests/{request_id}", { params: { path: { request_id } } }));
}

/** Asks the requester and records the answer: the clock begins anew. */
async function clarify(request_id: string): Promise<void> {
  const path = { request_id };
  const question = { asked_on: "2019-11-12", text: "Which period do you mean?" };
  const asked = await client.POST("/v1/requests/{request_id}/clarifications", { params: { path }, body: question });
  const event_id = expected(asked).id;
  check((await read(request_id)).status === "awaiting_clarification", "status");
  expected(
    await client.POST("/v1/requests/{request_id}/clarifications/{event_id}/answer", {
      params: { path: { request_id, event_id } },
      body: { answered_on: "2019-11-18", text: "The last two years." },
    }),
  );
  const clock = expected(await client.GET("/v1/requests/{request_id}/clock", { params: { path } }));
  check(clock.parts.every((part) => part.due_on === "2019-12-17") && clock.parts.length === 1, clock);
}

/** Records the letter; the request is answered in time. */
async function answer(request_id: string): Promise<void> {
  const params = { path: { request_id } };
  expected(await client.POST("/v1/requests/{request_id}/responses", { params, body: refusal }));
  const request = await read(request_id);
  check(request.outcome === "neither_confirmed_nor_denied" && request.on_time === true, request);
}

/** One request was received in the quarter, and answered in time. */
async function readTimeliness(authority_id: string): Promise<void> {
  const query = { start_on: "2019-10-01", end_on: "2019-12-31", basis: "received", authority_id } as const;
  const report = expected(await client.GET("/v1/metrics/timeliness", { params: { query } }));
  const figures = report.rows.map((row) => [row.in_deadline.numerator, row.in_deadline.denominator]);
  check(JSON.stringify(figures) === "[[1,1]]", report);
}

/** A request from before the Act came into force is refused, with all that is wrong and where. */
async function meetAProblem(authority_id: string): Promise<void> {
  const body = { ...newRequest(authority_id, " "), received_on: "2004-12-31" };
  const { error } = await client.POST("/v1/requests", { body });
  check(error !== undefined && error.status === 422 && error.code === "validation-failed", error);
  const pointers = (error.errors ?? []).map((fault) => fault.pointer).sort();
  check(JSON.stringify(pointers) === '["#/received_on","#/subject"]', error);
}

/** Walks through a list, page by page: each request comes once. */
async function page(authority_id: string): Promise<void> {
  for (const number of [2, 3]) {
    expected(await client.POST("/v1/requests", { body: newRequest(authority_id, `Request ${number}`) }));
  }
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { authority_id, limit: 1, ...(cursor === undefined ? {} : { cursor }) };
    const listed = expected(await client.GET("/v1/requests", { params: { query } }));
    found.push(...listed.items.map((request) => request.id));
    cursor = listed.next_cursor;
  } while (cursor !== undefined);
  check(found.length === 3 && new Set(found).size === 3, found);
}

const name = `TypeScript client ${crypto.randomUUID()}`;
const authority = expected(await client.POST("/v1/authorities", { body: { name, nation: "england" } }));
const request = await submitAndReplay(authority.id);
await clarify(request);
await answer(request);
await readTimeliness(authority.id);
await meetAProblem(authority.id);
await page(authority.id);
console.log("TypeScript: the main job is done");
