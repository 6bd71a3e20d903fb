// The first request of a case system, as docs/clients.md shows it. CANDOUR_KEY is a key of one authority.

declare const process: { env: Record<string, string | undefined> };

import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const client = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: process.env["CANDOUR_URL"] ?? "",
  headers: { Authorization: `Bearer ${process.env["CANDOUR_KEY"]}` },
});
const { data, error } = await client.POST("/v1/requests", {
  params: { header: { "Idempotency-Key": crypto.randomUUID() } },
  body: { regime: "foia", received_on: "2019-11-07", subject: "A new technology" },
});
if (data === undefined) {
  throw new Error(`${error.code} ${JSON.stringify(error.errors)}`);
}
console.log(data.due_on);
