// A file with fetch and FormData, as in the public API reference. Node 18 or newer; a browser does the same.
// From the environment: ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, FILE.
import { openAsBlob } from "node:fs";
import { basename } from "node:path";

const { ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, FILE } = process.env;

const form = new FormData();
form.append("file", await openAsBlob(FILE), basename(FILE));

const query = new URLSearchParams({ integrated_account_id: ATTACHE_ACCOUNT });
const response = await fetch(`${ATTACHE_URL}/unified/ats/attachments?${query}`, {
  method: "POST",
  headers: { Authorization: `Bearer ${ATTACHE_TOKEN}` },
  body: form,
});

console.log(await response.text());
if (!response.ok) process.exit(1);
