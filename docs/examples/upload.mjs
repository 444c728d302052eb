// A file of a candidate with fetch and FormData, as in the public API reference. Node 18 or newer.
// Without candidate_id some vendors keep the file for a day only; the response then says so in expires_at.
// From the environment: ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, ATTACHE_CANDIDATE, FILE.
import { openAsBlob } from "node:fs";
import { basename } from "node:path";

const { ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, ATTACHE_CANDIDATE, FILE } = process.env;

const form = new FormData();
form.append("candidate_id", ATTACHE_CANDIDATE);
form.append("file", await openAsBlob(FILE), basename(FILE));

const query = new URLSearchParams({ integrated_account_id: ATTACHE_ACCOUNT });
const response = await fetch(`${ATTACHE_URL}/unified/ats/attachments?${query}`, {
  method: "POST",
  headers: { Authorization: `Bearer ${ATTACHE_TOKEN}` },
  body: form,
});

console.log(await response.text());
if (!response.ok) process.exit(1);
