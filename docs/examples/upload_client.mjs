// A file with the call of the TypeScript client 2.0.12:
//   truto.unifiedApi.create(body, { unified_model, resource, integrated_account_id })
//
// The class below stands in for the client, because the package may not be at hand where this runs. It has the
// client's signature and its manners on the wire: Accept and User-Agent headers, a content type only for plain objects
// (a form is left to fetch), indexed arrays and percent-encoded brackets in the query, a `?` even without parameters,
// three retries of 408, 409, 425, 429, 502, 503 and 504 of which only 429 waits, JSON or a Blob by content type.
// With the real client installed only the import changes.
//
// From the environment: ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, ATTACHE_CANDIDATE, FILE.
import { openAsBlob } from "node:fs";
import { basename } from "node:path";

const RETRIED = [408, 409, 425, 429, 502, 503, 504];

function pairs(value, prefix) {
  if (value === undefined) return [];
  if (value === null) return [[prefix, ""]];
  if (typeof value !== "object") return [[prefix, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => pairs(inner, prefix ? `${prefix}[${key}]` : key));
}

class UnifiedApi {
  constructor(token, baseUrl) {
    Object.assign(this, { token, baseUrl });
  }

  async create(body, { unified_model, resource, ...query }) {
    const encoded = pairs(query).map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
    return this.request("POST", `/unified/${unified_model}/${resource}?${encoded}`, body);
  }

  async request(method, path, body, attempt = 0) {
    const isPlain = [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(body));
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        Accept: "application/json",
        Authorization: `Bearer ${this.token}`,
        "User-Agent": "truto-ts-sdk/2.0.12",
        ...(isPlain && { "Content-Type": "application/json" }),
      },
      body: isPlain ? JSON.stringify(body) : body,
      signal: AbortSignal.timeout(30_000),
    });
    if (RETRIED.includes(response.status) && attempt < 3) {
      if (response.status === 429) {
        const seconds = parseInt(response.headers.get("retry-after") ?? "10", 10);
        await new Promise((done) => setTimeout(done, seconds * 1000));
      }
      return this.request(method, path, body, attempt + 1);
    }
    if (response.status === 204) return {};
    const isJSON = response.headers.get("content-type")?.includes("json");
    const data = isJSON ? await response.json() : await response.blob();
    if (!response.ok) throw Object.assign(new Error(response.statusText), { statusCode: response.status, data });
    return data;
  }
}

const { ATTACHE_URL, ATTACHE_TOKEN, ATTACHE_ACCOUNT, ATTACHE_CANDIDATE, FILE } = process.env;
const unifiedApi = new UnifiedApi(ATTACHE_TOKEN, ATTACHE_URL);

const form = new FormData();
form.append("candidate_id", ATTACHE_CANDIDATE);
form.append("file", await openAsBlob(FILE), basename(FILE));

const attachment = await unifiedApi.create(form, {
  unified_model: "ats",
  resource: "attachments",
  integrated_account_id: ATTACHE_ACCOUNT,
  truto_exclude_fields: ["created_at", "updated_at"],
});
console.log(JSON.stringify(attachment));
