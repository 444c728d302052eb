#!/usr/bin/env python3
"""What TLS in the gateway costs, beside the gateway without it and beside nginx with TLS in front of that one; and what HTTP/2 does.

Called by script/bench tls. Both gateways are `attache serve` on one database and call one sink. Three things are timed, in
interleaved rounds: creates of 20 kB over kept connections, one upload of a large file, and handshakes (a connection for each
request, to /health/live). Then HTTP/1.1 beside HTTP/2, both over TLS and by one client (h2load, curl): creates of 20 kB, 32 at a time
over 32 connections, 4 and 1, and the large upload. Processor time is that of all processes on the way, from /proc. TLS 1.3, a
certificate with P-256.
"""
import argparse, json, os, re, statistics, subprocess, sys

from harness import Target, compiled_sink, cpu, curl, free_port, wait_for, workplace, wrk

HERE = os.path.dirname(os.path.abspath(__file__))
NGINX = """worker_processes auto; pid DIR/nginx.pid; error_log DIR/nginx.log; daemon off;
events { worker_connections 4096; }
http {
    access_log off; client_max_body_size 0;
    client_body_temp_path DIR/body; proxy_temp_path DIR/proxy; fastcgi_temp_path DIR/fastcgi; uwsgi_temp_path DIR/uwsgi;
    scgi_temp_path DIR/scgi;
    upstream gateway { server 127.0.0.1:TARGET; keepalive 64; }
    server {
        listen 127.0.0.1:PORT ssl; ssl_certificate DIR/cert.pem; ssl_certificate_key DIR/key.pem; ssl_protocols TLSv1.3;
        ssl_session_tickets off;
        location / {
            proxy_pass http://gateway; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_request_buffering off; proxy_buffering off;
        }
    }
}
"""


class Way(Target):
    """A way to the gateway: its scheme, and the processes on it."""

    def __init__(self, name, scheme, port, processes, path, headers):
        super().__init__(name, port, processes[0], path, headers)
        self.scheme, self.processes = scheme, processes

    def url(self, path=None):
        return f"{self.scheme}://127.0.0.1:{self.port}{path or self.path}"

    def cpu(self):
        return sum(cpu(each.pid) for each in self.processes)


def rounds_of(ways, count, run):
    """Medians of what `run` gives: a figure, and processor time for each thing done."""
    rows = {way.name: [] for way in ways}
    for at in range(count + 1):
        for way in ways:
            before = way.cpu()
            done, figure = run(way)
            if at:
                rows[way.name].append((figure, (way.cpu() - before) / done))
    return {name: [statistics.median(column) for column in zip(*values)] for name, values in rows.items()}


def report(rows, figure, cost, scale, *beside):
    return {name: {figure: round(value, 3), cost: round(used * scale, 3),
                   **{f"cpu_over_{other}": round(used / rows[other][1], 2) for other in beside}}
            for name, (value, used) in rows.items()}


class Protocol(Way):
    """The gateway over TLS, spoken to by h2load and curl: over so many connections, with so many requests at a time on each."""

    def __init__(self, name, way, connections, streams, *options):
        super().__init__(name, way.scheme, way.port, way.processes, way.path, way.headers)
        self.connections, self.streams, self.options = connections, streams, options

    def creates(self, count, body, boundary):
        """How many were made, and their rate."""
        out = subprocess.check_output(
            ["h2load", "-t1", f"-c{self.connections}", f"-m{self.streams}", f"-n{count}", *self.options, "-d", body,
             "-H", self.headers[0], "-H", f"Content-Type: multipart/form-data; boundary={boundary}", self.url()],
            text=True, stderr=subprocess.STDOUT)
        if f"status codes: {count} 2xx" not in out:
            sys.exit(f"{self.name}: {out}")
        return count, float(re.search(r"([\d.]+) req/s", out).group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("attache")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=256)
    options = parser.parse_args()
    with workplace() as (work, spawn):
        print(json.dumps(measure(options, work, spawn), indent=2))


def measure(options, work, spawn):
    sink = free_port()
    spawn(compiled_sink(work), str(sink), "0")
    wait_for(sink)
    environment = dict(os.environ, ATTACHE_MASTER_KEY="4f" * 32, ATTACHE_DATABASE=f"sqlite:{work}/tls.sqlite")
    certificate, key = os.path.join(work, "cert.pem"), os.path.join(work, "key.pem")
    subprocess.check_call(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", key, "-out", certificate], stderr=subprocess.DEVNULL)

    def command(*arguments):
        return json.loads(subprocess.check_output([options.attache, *arguments, "--json"], env=environment))

    subprocess.check_call([options.attache, "db", "migrate"], env=environment, stdout=subprocess.DEVNULL)
    command("environment", "create", "--name", "bench")
    token = command("token", "create", "--name", "bench")["token"]
    context = os.path.join(work, "context.json")
    with open(context, "w") as file:
        json.dump({"api_key": "bench", "perform_as": "bench"}, file)
    account = command(
        "account", "create", "--integration", "lever", "--tenant", "bench", "--method", "api_key", "--context-file", context,
        "--base-url", f"http://127.0.0.1:{sink}")["id"]

    def serve(*arguments):
        port = free_port()
        process = spawn(
            options.attache, "serve", "--port", str(port), "--egress-allow", "127.0.0.1", "--base-url-host", "127.0.0.1",
            "--max-upload-bytes", "20GiB", "--log-level", "warning", *arguments,
            **{name: environment[name] for name in ("ATTACHE_MASTER_KEY", "ATTACHE_DATABASE")})
        wait_for(port)
        return port, process

    plain, plain_process = serve()
    secure, secure_process = serve("--tls-certificate", certificate, "--tls-key", key)
    front = free_port()
    with open(os.path.join(work, "nginx.conf"), "w") as file:
        file.write(NGINX.replace("DIR", work).replace("PORT", str(front)).replace("TARGET", str(plain)))
    nginx = spawn("nginx", "-c", os.path.join(work, "nginx.conf"))
    wait_for(front)
    subprocess.check_call(
        ["curl", "-fsS", "-o", "/dev/null", "-X", "PATCH", f"http://127.0.0.1:{plain}/integrated-account/{account}",
         "-H", f"Authorization: Bearer {token}", "-H", "Content-Type: application/json", "-d", json.dumps(
             {"integration_override": {"base_url": f"http://127.0.0.1:{sink}", "rate_limit": {"limits": []},
                                       "resources": {"uploads": {"create": {"max_file_size": "20GB"}}}}})])
    path, headers = f"/unified/ats/attachments?integrated_account_id={account}", [f"Authorization: Bearer {token}"]
    ways = [
        Way("plain", "http", plain, [plain_process], path, headers),
        Way("tls", "https", secure, [secure_process], path, headers),
        Way("nginx", "https", front, [nginx, plain_process], path, headers),
    ]

    def load(way, *arguments, path=""):
        return wrk(
            way, f"{way.scheme}://127.0.0.1:{way.port}{path}", options.seconds, 32, *arguments, faults="Non-2xx|Socket errors",
            TOKEN=token, ACCOUNT=account)

    large = os.path.join(work, "large.bin")
    with open(large, "wb") as file:
        file.truncate(options.megabytes << 20)
    form = f"file=@{large};filename=resume.pdf;type=application/pdf"
    script, others = os.path.join(HERE, "creates.lua"), ("plain", "nginx")
    small, boundary = os.path.join(work, "small.form"), "----benchmark7f3a9c"
    with open(small, "wb") as file:
        file.write((f'--{boundary}\r\nContent-Disposition: form-data; name="attachment_type"\r\n\r\nresume\r\n--{boundary}\r\n'
                    f'Content-Disposition: form-data; name="file"; filename="resume.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
                    ).encode() + b"%PDF-1.4\n" + b"x" * 19_991 + f"\r\n--{boundary}--\r\n".encode())
    protocols = [Protocol("http/1.1", ways[1], 32, 1, "--h1")] + [
        Protocol(f"h2, {connections} x {32 // connections}", ways[1], connections, 32 // connections) for connections in (32, 4, 1)]
    return {
        "load": os.getloadavg()[0],
        "creates of 20 kB": report(
            rounds_of(ways, options.rounds, lambda way: load(way, "-s", script)), "per_s", "cpu_us", 1e6, *others),
        f"upload of {options.megabytes} MB": report(
            rounds_of(ways, options.rounds, lambda way: (options.megabytes / 1024, curl(way, "-k", "--http1.1", "-F", form))),
            "seconds", "cpu_s_per_gb", 1, *others),
        "handshakes": report(
            rounds_of(ways, options.rounds, lambda way: load(way, "-H", "Connection: close", path="/health/live")),
            "per_s", "cpu_us", 1e6, *others),
        "creates of 20 kB by protocol": report(
            rounds_of(protocols, options.rounds, lambda way: way.creates(options.seconds * 1000, small, boundary)),
            "per_s", "cpu_us", 1e6, "http/1.1"),
        f"upload of {options.megabytes} MB by protocol": report(
            rounds_of([protocols[0], Protocol("h2", ways[1], 1, 1)], options.rounds, lambda way: (
                options.megabytes / 1024, curl(way, "-k", "--http1.1" if way.options else "--http2", "-F", form))),
            "seconds", "cpu_s_per_gb", 1, "http/1.1"),
    }


main()
