#!/usr/bin/env python3
"""Compares the gateway with relays of the same bytes, on one machine, against one sink, in interleaved rounds.

Called by script/bench relay. The relays (nginx, node) only pass bytes on; the gateway authenticates, maps both ways and
answers with remote_data, and so does node-gateway where jsonata-js is given. CPU time is the process's own and its
children's, from /proc.
"""
import argparse, asyncio, json, os, socket, statistics, subprocess, sys, tempfile, time

from harness import Gateway, Target, compiled_sink, cpu, curl, free_port, memory, named, wait_for, workplace, wrk

HERE = os.path.dirname(os.path.abspath(__file__))


def measured(target, run):
    before = cpu(target.process.pid)
    value = run()
    return value, cpu(target.process.pid) - before


def medians(rows):
    return {name: [statistics.median(column) for column in zip(*values)] for name, values in rows.items()}


def uploads(targets, rounds, megabytes):
    path = os.path.join(WORK, "upload.bin")
    with open(path, "wb") as f:
        f.truncate(megabytes << 20)
    form = f"file=@{path};filename=resume.pdf;type=application/pdf"
    rows = {t.name: [] for t in targets}
    for at in range(rounds + 1):
        for t in targets:
            seconds, used = measured(t, lambda: curl(t, "-F", form))
            if at:
                rows[t.name].append((seconds, used / (megabytes / 1024)))
    os.remove(path)
    return medians(rows)


def creates(targets, rounds, seconds, gateway):
    rows = {t.name: [] for t in targets}
    environment = {"TOKEN": gateway["token"], "ACCOUNT": gateway["accounts"]["lever"]}
    for at in range(rounds + 1):
        for t in targets:
            def run():
                return wrk(
                    t, f"http://127.0.0.1:{t.port}", seconds if at else 2, 32, "-s", os.path.join(HERE, "creates.lua"), **environment)
            (requests, rate), used = measured(t, run)
            if at:
                rows[t.name].append((rate, used / requests * 1000))
    return medians(rows)


async def crowd(target, count, size):
    """So many uploads at once; gives how many got 200."""
    boundary = "----benchmark7f3a9c"
    head = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"resume.pdf\"\r\n"
            f"Content-Type: application/pdf\r\n\r\n").encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    request = (f"POST {target.path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary={boundary}\r\n"
               f"content-length: {len(head) + size + len(tail)}\r\n" + "".join(h + "\r\n" for h in target.headers) + "\r\n").encode()
    block = b"x" * 16384
    statuses = {}

    async def one():
        reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
        try:
            writer.write(request + head)
            left = size
            while left > 0:
                writer.write(block[:min(left, len(block))])
                left -= min(left, len(block))
                await writer.drain()
            writer.write(tail)
            await writer.drain()
            line = await reader.readline()
            status = line.split()[1].decode()
        except (OSError, IndexError) as error:
            status = type(error).__name__
        statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    await asyncio.gather(*(one() for _ in range(count)))
    return statuses


def start_to_answer(binary, rounds):
    """Milliseconds from the start of `attache serve` on an existing database to its first answer."""
    folder = tempfile.mkdtemp(dir=WORK)
    times = []
    for at in range(rounds + 1):
        port = free_port()
        began = time.monotonic()
        process = subprocess.Popen(
            [binary, "serve", "--port", str(port), "--data-dir", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port)) as s:
                    s.sendall(b"GET /ping HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
                    if s.recv(1024):
                        break
            except OSError:
                time.sleep(0.001)
        if at:
            times.append((time.monotonic() - began) * 1000)
        if at == rounds:
            time.sleep(1)
            idle = memory(process.pid, "VmRSS")
        process.terminate()
        process.wait()
    return statistics.median(times), idle


def large(binary, sink, gigabytes):
    """The peak of memory while one file of that size goes up, and while one comes down."""
    gateway = Gateway(binary, sink, WORK)
    t = gateway.target()
    path = os.path.join(WORK, "large.bin")
    with open(path, "wb") as f:
        f.truncate(gigabytes << 30)  # sparse: takes no memory
    seconds = curl(t, "-F", f"file=@{path};filename=resume.pdf;type=application/pdf")
    up = {"gb": gigabytes, "seconds": round(seconds, 1), "peak_rss_mb": round(memory(t.process.pid), 1)}
    gateway.stop()
    os.remove(path)
    gateway = Gateway(binary, sink, WORK)
    t = gateway.target()
    url = f"http://127.0.0.1:{sink}/v1/opportunities/a/files/b/download"
    account = gateway.ready["accounts"]["lever"]
    seconds = curl(t, "-X", "POST", path=f"/unified/ats/attachments/download?integrated_account_id={account}&file_url={url}")
    down = {"gb": gigabytes, "seconds": round(seconds, 1), "peak_rss_mb": round(memory(t.process.pid), 1)}
    gateway.stop()
    return {"large_upload": up, "large_download": down}


def main():
    global WORK
    parser = argparse.ArgumentParser()
    parser.add_argument("attache")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--gigabytes", type=int, default=10, help="of the large upload and download")
    parser.add_argument("--crowd", type=int, default=1000)
    parser.add_argument("--jsonata-js", help="the path of a jsonata-js module, for the gateway in node")
    parser.add_argument("--only", default="start,upload,creates,large,crowd")
    options = parser.parse_args()
    only = options.only.split(",")
    result = {"load_before": os.getloadavg()[0], "cores": os.cpu_count()}
    with workplace() as (WORK, spawn):
        sink_binary = compiled_sink(WORK)
        sink, slow = free_port(), free_port()
        spawn(sink_binary, str(sink), "0", str(options.gigabytes << 30))
        spawn(sink_binary, str(slow), "50000")
        wait_for(sink), wait_for(slow)
        if "start" in only:
            milliseconds, idle = start_to_answer(options.attache, options.rounds)
            result["start_to_first_answer_ms"], result["idle_rss_mb"] = round(milliseconds), round(idle, 1)

        nginx_port, node_port = free_port(), free_port()
        conf = open(os.path.join(HERE, "nginx.conf")).read()
        with open(os.path.join(WORK, "nginx.conf"), "w") as f:
            f.write(conf.replace("DIR", WORK).replace("PORT", str(nginx_port)).replace("TARGET", str(sink)))
        gateway = Gateway(options.attache, sink, WORK)
        targets = [
            gateway.target(),
            Target("nginx", nginx_port, spawn("nginx", "-c", os.path.join(WORK, "nginx.conf"))),
            Target("node", node_port, spawn("node", os.path.join(HERE, "relay.js"), str(node_port), str(sink))),
        ]
        for t in targets:
            wait_for(t.port)
        if "upload" in only:
            rows = uploads(targets, options.rounds, options.megabytes)
            result["upload"] = {
                n: {"seconds": round(s, 3), "cpu_s_per_gb": round(c, 3), "time_over_nginx": round(s / rows["nginx"][0], 2),
                    "cpu_over_nginx": round(c / rows["nginx"][1], 2)} for n, (s, c) in rows.items()}
        if options.jsonata_js:
            result["jsonata_js"] = named(options.jsonata_js)
            port, ready = free_port(), gateway.ready
            definition = os.path.join(HERE, "../../catalog/integrations/lever/ats.yaml")
            process = spawn("node", os.path.join(HERE, "gateway.js"), str(port), str(sink), options.jsonata_js, definition,
                            TOKEN=ready["token"], ACCOUNT=ready["accounts"]["lever"])
            targets.append(Target("node-gateway", port, process, targets[0].path, targets[0].headers))
            wait_for(port)
        if "creates" in only:
            rows = creates(targets, options.rounds, options.seconds, gateway.ready)
            result["creates"] = {
                n: {"per_s": round(r), "cpu_s_per_1000": round(c, 3), "rate_over_nginx": round(r / rows["nginx"][0], 2),
                    "rate_over_node": round(r / rows["node"][0], 2),
                    **({"rate_over_node_gateway": round(r / rows["node-gateway"][0], 2)} if options.jsonata_js else {})} for n, (r, c) in rows.items()}
        result["peak_rss_mb"] = {t.name: round(memory(t.process.pid), 1) for t in targets}
        gateway.stop()
        if "large" in only:
            result.update(large(options.attache, sink, options.gigabytes))
        if "crowd" in only:
            gateway = Gateway(options.attache, slow, WORK)
            t = gateway.target()
            statuses = asyncio.run(crowd(t, options.crowd, 1_000_000))
            result["crowd"] = {"uploads": options.crowd, "statuses": statuses, "peak_rss_mb": round(memory(t.process.pid), 1)}
            gateway.stop()
        result["load_after"] = os.getloadavg()[0]
        print(json.dumps(result, indent=2))


main()
