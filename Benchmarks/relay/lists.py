#!/usr/bin/env python3
"""How many pages of a list the gateway maps, and at what cost, beside a gateway in node where jsonata-js is given.

Called by script/bench lists. A sink serves one page; both gateways authenticate, fetch it, map each record by the same
expression of 25 fields, add remote_data and write the envelope. What they give must be equal before anything is timed.
Rounds are interleaved; processor time is the process's own and its children's, from /proc. With --definitions the pages and
the mappings are those of vendors: definitions.py has that.
"""
import argparse, json, os, statistics, sys

import definitions
from harness import Gateway, Target, compiled_sink, fetch, free_port, memory, named, timed, wait_for, workplace
from pages import account, page

HERE = os.path.dirname(os.path.abspath(__file__))


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
