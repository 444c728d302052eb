// A gateway with node:http and jsonata-js that does what Attaché does for one call: checks the token and the account,
// reads the form, or a list's page, evaluates the definition's own expressions, sends the file on, maps the response and adds remote_data.
// It keeps no rules about limits, headers, addresses or faults. node gateway.js PORT TARGET-PORT JSONATA-JS DEFINITION
// DEFINITION is an ats.yaml, or NAME.json with the call of a list: {method, path, array, response_mapping}; array is the
// member that has the records, null where the page itself is the array.
const http = require("node:http");
const fs = require("node:fs");
const path = require("node:path");
const crypto = require("node:crypto");
const [port, target, module_, definition] = process.argv.slice(2);
const jsonata = require(path.resolve(module_));
const tokens = new Map([[crypto.createHash("sha256").update(process.env.TOKEN).digest("hex"), { environment: "e" }]]);
const accounts = new Map([[process.env.ACCOUNT, { context: { api_key: "key" } }]]);
const agent = new http.Agent({ keepAlive: true });
const base = `http://127.0.0.1:${target}`;

// The block `key: |` of a method in the definition; nothing where the definition has no such method.
function block(method, key) {
  const lines = fs.readFileSync(definition, "utf8").split("\n");
  const from = lines.indexOf(`    ${method}:`);
  if (from < 0) return undefined;
  const start = lines.findIndex((line, at) => at > from && line.trim() === `${key}: |`);
  const depth = lines[start].search(/\S/);
  const end = lines.findIndex((line, at) => at > start && line.trim() && line.search(/\S/) <= depth);
  return jsonata(lines.slice(start + 1, end).join("\n"));
}
const [resource, query, body, response] = ["expression", "query_mapping", "request_body_mapping", "response_mapping"].map(
  (key) => block("create", key));
const pages = definition.endsWith(".json")
  ? JSON.parse(fs.readFileSync(definition, "utf8"))
  : { method: "GET", path: "/page", array: "data" };
const row = pages.response_mapping ? jsonata(pages.response_mapping) : resource ? undefined : block("list", "response_mapping");
for (const [name, value] of Object.entries(require("./functions.js"))) row?.registerFunction(name, value);

function form(type, bytes) {
  const delimiter = Buffer.from("\r\n--" + /boundary=(.*)/.exec(type)[1]);
  const fields = {};
  for (let at = delimiter.length - 2; bytes.toString("latin1", at, at + 2) === "\r\n"; ) {
    const start = bytes.indexOf("\r\n\r\n", at) + 4;
    const end = bytes.indexOf(delimiter, start);
    const head = bytes.toString("utf8", at, start);
    const [, name] = /[ ;]name="([^"]*)"/.exec(head);
    const file = /filename="([^"]*)"/.exec(head);
    fields[name] = file
      ? { name: file[1], type: /content-type: *(\S+)/i.exec(head)?.[1], bytes: bytes.subarray(start, end) }
      : bytes.toString("utf8", start, end);
    at = end + delimiter.length;
  }
  return fields;
}

function multipart({ file }) {
  const boundary = "----gateway" + crypto.randomBytes(16).toString("hex");
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.name}"\r\nContent-Type: ${file.type}\r\n\r\n`;
  const bytes = Buffer.concat([Buffer.from(head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return [bytes, `multipart/form-data; boundary=${boundary}`];
}

async function whole(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const send = (path, bytes, type, key) => new Promise((resolve, reject) => {
  const headers = {
    "content-type": type, "content-length": bytes.length, "user-agent": "gateway", accept: "application/json",
    authorization: "Basic " + Buffer.from(key + ":").toString("base64"),
  };
  const request = http.request({ host: "127.0.0.1", port: target, method: "POST", path, headers, agent }, resolve);
  request.on("error", reject);
  request.end(bytes);
});

const ask = ({ method, path }, key) => new Promise((resolve, reject) => {
  const headers = { "user-agent": "gateway", accept: "application/json", authorization: `Bearer ${key}` };
  const body = method === "GET" ? "" : "{}";
  if (body) Object.assign(headers, { "content-type": "application/json", "content-length": body.length });
  http.request({ host: "127.0.0.1", port: target, method, path, headers, agent }, resolve).on("error", reject).end(body);
});

async function call(request) {
  const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? "");
  if (!token || !tokens.has(crypto.createHash("sha256").update(token[1]).digest("hex"))) return [401, {}];
  const url = new URL(request.url, base);
  const account = accounts.get(url.searchParams.get("integrated_account_id"));
  if (!account) return [404, {}];
  return request.method === "GET" ? list(account) : create(request, account);
}

async function list(account) {
  const page = JSON.parse(await whole(await ask(pages, account.context.api_key)));
  const records = [];
  for (const item of pages.array ? page[pages.array] : page) {
    const mapped = await row.evaluate({ query: {}, context: account.context, response: item, base_url: base });
    const record = Object.fromEntries(Object.entries(mapped).filter(([, value]) => value !== null && value !== undefined));
    if (typeof record.id === "number") record.id = String(record.id);
    records.push({ ...record, remote_data: item });
  }
  return [200, { result: records, next_cursor: null, prev_cursor: null, result_count: records.length }];
}

async function create(request, account) {
  const scope = { query: {}, context: account.context, body: form(request.headers["content-type"], await whole(request)) };
  const name = await resource.evaluate(scope);
  const mapped = await query.evaluate(scope);
  const [bytes, type] = multipart(await body.evaluate({ ...scope, query: mapped }));
  const route = name === "files" ? `/v1/opportunities/${encodeURIComponent(mapped.opportunity_id)}/files` : "/v1/uploads";
  const answer = await send(route, bytes, type, account.context.api_key);
  const { data } = JSON.parse(await whole(answer));
  const record = await response.evaluate({ ...scope, query: mapped, response: data, base_url: base });
  return [200, { ...record, remote_data: data }];
}

http.createServer(async (request, answer) => {
  const [status, value] = await call(request).catch(() => [500, {}]);
  const text = JSON.stringify(value);
  answer.writeHead(status, {
    "content-type": "application/json", "content-length": Buffer.byteLength(text),
    "x-request-id": "req_" + crypto.randomBytes(12).toString("hex"),
  });
  answer.end(text);
}).listen(Number(port), "127.0.0.1");
