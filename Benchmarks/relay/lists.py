#!/usr/bin/env python3
"""How many pages of a list the gateway maps, and at what cost, beside a gateway in node where jsonata-js is given.

Called by script/bench lists. A sink serves one page; both gateways authenticate, fetch it, map each record by the same
expression of 25 fields, add remote_data and write the envelope. What they give must be equal before anything is timed.
Rounds are interleaved; processor time is the process's own and its children's, from /proc. With --definitions the pages and
the mappings are those of vendors: definitions.py has that.
"""
import argparse, json, os, random, statistics, sys, urllib.error, urllib.request

import definitions
from harness import Gateway, Target, compiled_sink, fetch, free_port, memory, named, timed, wait_for, workplace

HERE = os.path.dirname(os.path.abspath(__file__))


def page(count):
    """Records of about 2 kB, the same each time."""
    chance = random.Random(7)
    def identifier():
        h = "%032x" % chance.getrandbits(128)
        return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"
    def moment():
        return chance.randrange(1_600_000_000_000, 1_700_000_000_000)
    stages = ["lead-new", "lead-reached-out", "lead-responded", "applicant-new", "offer"]
    cities = ["Berlin, Germany", "São Paulo, Brazil", "Kraków, Poland", "Oslo, Norway", ""]
    records = []
    for _ in range(count):
        own = identifier()
        name = chance.choice(["Linus", "Chloé", "Ada", "Grace"]) + " " + chance.choice(["Trần", "García", "Novak", "Olsen"])
        records.append({
            "id": own, "name": name, "headline": "Wayne, Globex", "contact": identifier(),
            "emails": [f"{name.split()[0]}{chance.randrange(99)}@Example.com" for _ in range(2)],
            "phones": [{"type": "mobile", "value": f"+44 870 {chance.randrange(100, 999)} 2783"}],
            "confidentiality": chance.choice(["confidential", "non-confidential"]), "location": chance.choice(cities),
            "links": [f"https://example.com/portfolio/{own[:6]}", f"https://GitHub.com/{own[:5]}"],
            "archived": {"archivedAt": moment()} if chance.random() < 0.2 else None, "createdAt": moment(),
            "updatedAt": moment(), "lastInteractionAt": moment(), "lastAdvancedAt": moment(), "snoozedUntil": None,
            "stage": chance.choice(stages),
            "stageChanges": [
                {"toStageId": s, "toStageIndex": n, "updatedAt": moment(), "userId": identifier()} for n, s in enumerate(stages[:3])],
            "owner": {"id": identifier(), "name": "Ken Borg", "email": "ken.borg73@corp.example.com"},
            "tags": ["Engineer", "Sales", "Account Executive", "Contract"], "sources": ["GitHub", "Career Site"],
            "origin": "sourced", "sourcedBy": identifier(),
            "applications": [{
                "id": identifier(), "type": "posting", "candidateId": own, "posting": identifier(),
                "postingHiringManager": identifier(), "postingOwner": identifier(), "name": name, "company": "Umbrella",
                "email": "someone@example.org", "phone": {"type": "mobile", "value": "+44 870 918 2783"},
                "createdAt": moment(), "archived": None, "requisitionForHire": None}],
            "followers": [identifier()],
            "urls": {"list": "https://hire.example/candidates", "show": f"https://hire.example/candidates/{own}"},
            "isAnonymized": False, "dataProtection": None, "opportunityLocation": "Oslo, Norway"})
    return json.dumps({"data": records, "hasNext": False}, separators=(",", ":"), ensure_ascii=False).encode()


def account(gateway, sink):
    body = {"tenant_id": "bench", "integration": "pages", "authentication_method": "api_key", "context": {"api_key": "a-key-of-the-benchmark"},
            "integration_override": {"base_url": f"http://127.0.0.1:{sink}"}}
    request = urllib.request.Request(
        f"{gateway.ready['base_url']}/integrated-account", json.dumps(body).encode(),
        {"authorization": f"Bearer {gateway.ready['token']}", "content-type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)["id"]
    except urllib.error.HTTPError as error:
        sys.exit(error.read().decode())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("attache")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--records", default="10,100,1000")
    parser.add_argument("--large", type=int, default=32, help="megabytes of the page whose memory is measured; 0: none")
    parser.add_argument("--jsonata-js", help="the path of a jsonata-js module, for the gateway in node")
    parser.add_argument("--definitions", help="vendors whose candidates are listed, such as lever,ashby; instead of --records and --large")
    options = parser.parse_args()
    result = {"load_before": os.getloadavg()[0], "cores": os.cpu_count(), "connections": options.connections}
    if options.jsonata_js:
        result["jsonata_js"] = named(options.jsonata_js)
    with workplace() as (work, spawn):
        (definitions.measure if options.definitions else measure)(options, work, spawn, result)
    result["load_after"] = os.getloadavg()[0]
    print(json.dumps(result, indent=2))
    sys.exit(not result.get("ok", True))


def measure(options, work, spawn, result):
    def serving(count):
        path = os.path.join(work, f"page-{count}.json")
        with open(path, "wb") as f:
            f.write(page(count))
        port = free_port()
        spawn(binary, str(port), "0", path)
        wait_for(port)
        return port, os.path.getsize(path)

    catalog = os.path.join(HERE, "catalog")
    binary = compiled_sink(work)
    for count in [int(n) for n in options.records.split(",")]:
        sink, size = serving(count)
        gateway = Gateway(options.attache, sink, work, "--catalog", catalog, "--lenient-catalog")
        own, token = account(gateway, sink), gateway.ready["token"]
        path = f"/unified/ats/attachments?integrated_account_id={own}"
        headers = [f"Authorization: Bearer {token}"]
        targets = [Target("attache", gateway.port, gateway.process, path, headers)]
        if options.jsonata_js:
            port = free_port()
            definition = os.path.join(catalog, "integrations/pages/ats.yaml")
            process = spawn("node", os.path.join(HERE, "gateway.js"), str(port), str(sink), options.jsonata_js, definition,
                            TOKEN=token, ACCOUNT=own)
            targets.append(Target("node-gateway", port, process, path, headers))
            wait_for(port)
            if fetch(targets[0]) != fetch(targets[1]):
                sys.exit("the two gateways do not give the same")
        elif len(fetch(targets[0])["result"]) != count:
            sys.exit("records are missing")
        rows = {t.name: [] for t in targets}
        for at in range(options.rounds + 1):
            for t in targets:
                row = timed(t, options.seconds if at else 2, options.connections, token)
                if at:
                    rows[t.name].append(row)
        found = {n: [statistics.median(c) for c in zip(*v)] for n, v in rows.items()}
        result[f"{count} records, {size} bytes"] = {
            n: {"pages_per_s": round(r, 1), "cpu_ms_per_page": round(c, 3),
                **({"rate_over_node_gateway": round(r / found["node-gateway"][0], 1),
                    "cpu_below_node_gateway": round(found["node-gateway"][1] / c, 1)} if options.jsonata_js else {})}
            for n, (r, c) in found.items()}
        gateway.stop()
    if options.large:
        sink, size = serving(options.large * 480)
        gateway = Gateway(options.attache, sink, work, "--catalog", catalog, "--lenient-catalog")
        own = account(gateway, sink)
        idle = memory(gateway.process.pid, "VmRSS")
        target = Target("attache", gateway.port, gateway.process, f"/unified/ats/attachments?integrated_account_id={own}",
                        [f"Authorization: Bearer {gateway.ready['token']}"])
        fetch(target)
        peak = memory(gateway.process.pid)
        result[f"one page of {size} bytes"] = {
            "idle_rss_mb": round(idle, 1), "peak_rss_mb": round(peak, 1),
            "peak_over_page": round((peak - idle) * (1 << 20) / size, 2)}
        gateway.stop()


main()
