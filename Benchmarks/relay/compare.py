#!/usr/bin/env python3
"""Compares the gateway with relays of the same bytes, on one machine, against one sink, in interleaved rounds.

Called by script/bench relay. The relays (nginx, node:http) only pass bytes on; the gateway authenticates, maps both ways
and answers with remote_data. CPU time is the process's own and its children's, from /proc.
"""
import argparse, asyncio, json, os, shutil, socket, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nothing listens on port {port}")


def family(pid):
    """A process and its descendants."""
    pids = [pid]
    for each in pids:
        try:
            for task in os.listdir(f"/proc/{each}/task"):
                with open(f"/proc/{each}/task/{task}/children") as f:
                    pids += [int(child) for child in f.read().split()]
        except FileNotFoundError:
            pass
    return pids


def cpu(pid):
    total = 0
    for each in family(pid):
        with open(f"/proc/{each}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def memory(pid, what="VmHWM"):
    """Resident memory in MB: VmRSS now, VmHWM at its peak."""
    total = 0
    for each in family(pid):
        with open(f"/proc/{each}/status") as f:
            total += sum(int(line.split()[1]) for line in f if line.startswith(what))
    return total / 1024


class Target:
    def __init__(self, name, port, process, path="/", headers=()):
        self.name, self.port, self.process, self.path, self.headers = name, port, process, path, list(headers)

    def url(self, path=None):
        return f"http://127.0.0.1:{self.port}{path or self.path}"


def curl(target, *options, path=None):
    command = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{time_total}", "-H", "Expect:"]
    for header in target.headers:
        command += ["-H", header]
    status, seconds = subprocess.check_output(command + list(options) + [target.url(path)], text=True).split()
    if status not in ("200", "201"):
        sys.exit(f"{target.name} answered {status}")
    return float(seconds)


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
    environment = dict(os.environ, TOKEN=gateway["token"], ACCOUNT=gateway["accounts"]["lever"])
    for at in range(rounds + 1):
        for t in targets:
            def run():
                out = subprocess.check_output(
                    ["wrk", "-t1", "-c32", f"-d{seconds if at else 2}s", "-s", os.path.join(HERE, "creates.lua"),
                     f"http://127.0.0.1:{t.port}"], text=True, env=environment)
                if "Non-2xx" in out:
                    sys.exit(f"{t.name}: {out}")
                requests = int(next(line for line in out.splitlines() if "requests in" in line).split()[0])
                rate = float(next(line for line in out.splitlines() if line.startswith("Requests/sec")).split()[1])
                return requests, rate
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


class Gateway:
    def __init__(self, binary, sink, *options):
        self.folder = tempfile.mkdtemp(dir=WORK)
        self.binary, self.sink, self.options = binary, sink, options
        self.start()
        override = {"base_url": f"http://127.0.0.1:{sink}",
                    "resources": {"uploads": {"create": {"max_file_size": "5GB"}}}}
        subprocess.check_call(
            ["curl", "-fsS", "-o", "/dev/null", "-X", "PATCH",
             f"{self.ready['base_url']}/integrated-account/{self.ready['accounts']['lever']}",
             "-H", f"Authorization: Bearer {self.ready['token']}", "-H", "Content-Type: application/json",
             "-d", json.dumps({"integration_override": override})])

    def start(self):
        ready = os.path.join(self.folder, "ready.json")
        if os.path.exists(ready):
            os.remove(ready)
        self.process = subprocess.Popen(
            [self.binary, "dev", "--port", "0", "--data-dir", os.path.join(self.folder, "data"), "--ready-file", ready,
             "--egress-allow", f"127.0.0.1:{self.sink}", "--max-upload-bytes", "20GiB", *self.options],
            stdout=subprocess.DEVNULL, stderr=open(os.path.join(self.folder, "log"), "w"))
        while not os.path.exists(ready):
            if self.process.poll() is not None:
                sys.exit(open(os.path.join(self.folder, "log")).read())
            time.sleep(0.002)
        time.sleep(0.01)
        self.ready = json.load(open(ready))
        self.port = int(self.ready["base_url"].rsplit(":", 1)[1])

    def target(self):
        account = self.ready["accounts"]["lever"]
        return Target("attache", self.port, self.process, f"/unified/ats/attachments?integrated_account_id={account}",
                      [f"Authorization: Bearer {self.ready['token']}"])

    def stop(self):
        self.process.terminate()
        self.process.wait()


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


def main():
    global WORK
    parser = argparse.ArgumentParser()
    parser.add_argument("attache")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--gigabytes", type=int, default=10, help="of the large upload and download")
    parser.add_argument("--crowd", type=int, default=1000)
    parser.add_argument("--only", default="start,upload,creates,large,crowd")
    options = parser.parse_args()
    only = options.only.split(",")
    WORK = tempfile.mkdtemp(prefix="attache-bench-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    processes = []

    def spawn(*command):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        processes.append(process)
        return process

    result = {"load_before": os.getloadavg()[0], "cores": os.cpu_count()}
    try:
        sink_binary = os.path.join(WORK, "sink")
        subprocess.check_call(["swiftc", "-O", os.path.join(HERE, "sink.swift"), "-o", sink_binary])
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
        gateway = Gateway(options.attache, sink)
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
        if "creates" in only:
            rows = creates(targets, options.rounds, options.seconds, gateway.ready)
            result["creates"] = {
                n: {"per_s": round(r), "cpu_s_per_1000": round(c, 3), "rate_over_nginx": round(r / rows["nginx"][0], 2),
                    "rate_over_node": round(r / rows["node"][0], 2)} for n, (r, c) in rows.items()}
        result["peak_rss_mb"] = {t.name: round(memory(t.process.pid), 1) for t in targets}
        gateway.stop()
        if "large" in only:
            size = f"{options.gigabytes} GB"
            gateway = Gateway(options.attache, sink)
            t = gateway.target()
            path = os.path.join(WORK, "large.bin")
            with open(path, "wb") as f:
                f.truncate(options.gigabytes << 30)  # sparse: takes no memory
            override = {"integration_override": {"base_url": f"http://127.0.0.1:{sink}", "resources": {
                "uploads": {"create": {"max_file_size": "20GB"}}}}}
            subprocess.check_call(["curl", "-fsS", "-o", "/dev/null", "-X", "PATCH", "-d", json.dumps(override),
                                   "-H", "Content-Type: application/json", "-H", t.headers[0],
                                   t.url(f"/integrated-account/{gateway.ready['accounts']['lever']}")])
            seconds = curl(t, "-F", f"file=@{path};filename=resume.pdf;type=application/pdf")
            result["large_upload"] = {"size": size, "seconds": round(seconds, 1), "peak_rss_mb": round(memory(t.process.pid), 1)}
            gateway.stop()
            os.remove(path)
            gateway = Gateway(options.attache, sink)
            t = gateway.target()
            url = f"http://127.0.0.1:{sink}/v1/opportunities/a/files/b/download"
            account = gateway.ready["accounts"]["lever"]
            seconds = curl(t, "-X", "POST",
                           path=f"/unified/ats/attachments/download?integrated_account_id={account}&file_url={url}")
            result["large_download"] = {"size": size, "seconds": round(seconds, 1), "peak_rss_mb": round(memory(t.process.pid), 1)}
            gateway.stop()
        if "crowd" in only:
            gateway = Gateway(options.attache, slow)
            t = gateway.target()
            statuses = asyncio.run(crowd(t, options.crowd, 1_000_000))
            result["crowd"] = {"uploads": options.crowd, "statuses": statuses, "peak_rss_mb": round(memory(t.process.pid), 1)}
            gateway.stop()
        result["load_after"] = os.getloadavg()[0]
        print(json.dumps(result, indent=2))
    finally:
        for process in processes:
            process.terminate()
            process.wait()
        shutil.rmtree(WORK, ignore_errors=True)


main()
