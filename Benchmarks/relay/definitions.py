"""Lists of candidates by the definitions of the catalog: the gateway beside one in node, and its own time at half load.

Each vendor's page of 100 comes from its sandbox, once, as the vendor would send it; from then on the sink serves it, so that
the vendor costs next to nothing. The node gateway evaluates the response_mapping of the same definition; it does not evaluate
the query's, which costs it less. The records of both must be equal before anything is timed.

The gateway's own time is the 99th percentile of its latency less the median of the sink's, asked directly at the same rate:
what the machine adds to single requests counts against the gateway.
"""
import json, os, re, statistics, sys, urllib.request

from harness import Gateway, Target, compiled_sink, fetch, free_port, timed, wait_for
from paced import compiled_paced, paced

HERE = os.path.dirname(os.path.abspath(__file__))
CATALOG = os.path.join(HERE, "..", "..", "catalog")
RECORDS, TIMES_NODE, OWN_MS = 100, 30, 5


class Sandboxed(Gateway):
    """`attache dev` with one vendor, whose account calls its sandbox until it is turned to a port."""

    def __init__(self, binary, work, vendor):
        self.vendor = vendor
        super().__init__(binary, None, work, "--vendors", vendor, "--no-sandbox-rate-limit", "--catalog", CATALOG)
        path = f"/unified/ats/candidates?integrated_account_id={self.ready['accounts'][vendor]}&limit={RECORDS}"
        self.list = Target("attache", self.port, self.process, path, [f"Authorization: Bearer {self.ready['token']}"])

    def turn_to(self, port):
        """Sends the account's calls to the port; tokens are still the sandbox's."""
        if port is None:
            return
        url = f"{self.ready['base_url']}/integrated-account/{self.ready['accounts'][self.vendor]}"
        headers = {"Authorization": f"Bearer {self.ready['token']}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
            override = json.load(response)["integration_override"]
        override["base_url"] = f"http://127.0.0.1:{port}"
        body = json.dumps({"integration_override": override}).encode()
        urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PATCH")).close()

    def raw_page(self, port):
        """The page as the sandbox sends it, byte for byte but for its own address: that of the port takes its place."""
        target = self.list
        request = urllib.request.Request(
            target.url(target.path + "&truto_response_format=raw"), headers=dict(h.split(": ", 1) for h in target.headers))
        with urllib.request.urlopen(request) as response:
            return response.read().replace(self.ready["sandbox"][self.vendor].encode(), f"http://127.0.0.1:{port}".encode())


def call(vendor, page):
    """How the vendor's candidates are asked for, where a page has them, and how one is mapped."""
    try:
        import yaml
    except ImportError:
        sys.exit("no module yaml: install it, as with pip install pyyaml")
    folder = os.path.join(CATALOG, "integrations", vendor)
    with open(os.path.join(folder, "ats.yaml")) as mappings, open(os.path.join(folder, "integration.yaml")) as integration:
        mapping = yaml.safe_load(mappings)["resources"]["candidates"]["list"]
        method = yaml.safe_load(integration)["resources"][mapping["resource"]]["list"]
    # The node gateway need not find out by an expression what is known: the last word of it is the member.
    array = None if isinstance(page, list) else re.search(r"\w+$", method["response_path"])[0]
    records = page[array] if array else page
    if len(records) != RECORDS or len({record["id"] for record in records}) != RECORDS:
        sys.exit(f"{vendor}: the sandbox did not send {RECORDS} different records")
    return {"method": method.get("method", "get").upper(), "path": method["path"], "array": array,
            "response_mapping": mapping["response_mapping"]}


def check_equal(vendor, attache, node):
    ours, theirs = fetch(attache)["result"], fetch(node)["result"]
    for one, other in zip(ours, theirs):
        if one != other:
            fields = [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
            sys.exit(f"{vendor}: {', '.join(fields)} differ:\n{json.dumps(one)}\n{json.dumps(other)}")
    if len(ours) != RECORDS or len(theirs) != RECORDS:
        sys.exit(f"{vendor}: records are missing")


def rounds(options, targets, run):
    """The median of each figure of each target, in interleaved rounds after one that does not count."""
    rows = {target.name: [] for target in targets}
    for at in range(options.rounds + 1):
        for target in targets:
            row = run(target, options.seconds if at else 2)
            if at:
                rows[target.name].append(row)
    return {name: [statistics.median(column) for column in zip(*found)] for name, found in rows.items()}


def measure_vendor(options, spawn, work, sink_binary, client, gateway):
    vendor = gateway.vendor
    sink = free_port()
    raw = gateway.raw_page(sink)
    definition = call(vendor, json.loads(raw))
    paths = [os.path.join(work, f"{vendor}-{name}.json") for name in ("page", "list")]
    for path, content in zip(paths, (raw, json.dumps(definition).encode())):
        with open(path, "wb") as file:
            file.write(content)
    served = Target("sink", sink, spawn(sink_binary, str(sink), "0", paths[0]))
    wait_for(sink)
    gateway.turn_to(sink)
    targets, token = [gateway.list], gateway.ready["token"]
    if options.jsonata_js:
        port = free_port()
        process = spawn("node", os.path.join(HERE, "gateway.js"), str(port), str(sink), options.jsonata_js, paths[1],
                        TOKEN=token, ACCOUNT=gateway.ready["accounts"][vendor])
        wait_for(port)
        targets.append(Target("node-gateway", port, process, gateway.list.path, gateway.list.headers))
        check_equal(vendor, *targets)
    elif len(fetch(gateway.list)["result"]) != RECORDS:
        sys.exit(f"{vendor}: records are missing")

    found = rounds(options, targets, lambda target, seconds: timed(target, seconds, options.connections, token))
    result = {"bytes": len(raw)}
    for name, (rate, cpu) in found.items():
        result[name] = {"pages_per_s": round(rate, 1), "cpu_ms_per_page": round(cpu, 3)}
    half = found["attache"][0] / 2
    latencies = rounds(
        options, [served, gateway.list], lambda target, seconds: paced(client, target, half, seconds, options.connections))
    own = latencies["attache"][1] - latencies["sink"][0]
    result["at_half_load"] = {
        "pages_per_s": round(half, 1), "p50_ms": round(latencies["attache"][0], 2), "p99_ms": round(latencies["attache"][1], 2),
        "sink_p50_ms": round(latencies["sink"][0], 2), "sink_p99_ms": round(latencies["sink"][1], 2), "own_p99_ms": round(own, 2)}
    result["ok"] = own < OWN_MS
    if options.jsonata_js:
        times = found["attache"][0] / found["node-gateway"][0]
        result["rate_over_node_gateway"] = round(times, 1)
        result["cpu_below_node_gateway"] = round(found["node-gateway"][1] / found["attache"][1], 1)
        result["ok"] = result["ok"] and times >= TIMES_NODE
    return result


def measure(options, work, spawn, result):
    binary, client = compiled_sink(work), compiled_paced(work)
    result["bars"] = {"rate_over_node_gateway": TIMES_NODE, "own_p99_ms": OWN_MS}
    for vendor in options.definitions.split(","):
        gateway = Sandboxed(options.attache, work, vendor)
        try:
            result[vendor] = measure_vendor(options, spawn, work, binary, client, gateway)
        finally:
            gateway.stop()
    result["ok"] = all(result[vendor]["ok"] for vendor in options.definitions.split(","))
