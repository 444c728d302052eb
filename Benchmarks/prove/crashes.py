#!/usr/bin/env python3
"""Kills the gateway in the middle of creates that carry an Idempotency-Key, again and again.

Called by script/prove. Each round sends a few creates, kills the process with SIGKILL at a random moment, starts it again on
the same database and repeats every create under its key. No key may have two copies at the provider, and each create that
was acknowledged, before or after, must have its copy there.
"""
import argparse, collections, http.client, http.server, os, random, re, shutil, sys, tempfile, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "relay"))
from harness import Gateway

copies = collections.Counter()
slowness = random.Random(1)


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        if "content-length" in self.headers:
            body = self.rfile.read(int(self.headers["content-length"]))
        else:
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        name = re.search(rb'filename="([^"]+)\.txt"', body).group(1).decode()
        time.sleep(slowness.random() * 0.01)
        copies[name] += 1
        time.sleep(slowness.random() * 0.01)
        answer = b'{"data":{"id":"%s","filename":"a.txt","size":1}}' % name.encode()
        self.send_response(201)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def create(gateway, name):
    """The status of one create; None where the gateway went away."""
    target = gateway.target()
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
    field, value = target.headers[0].split(": ", 1)
    try:
        connection.request(
            "POST", f"{target.path}&file_name={name}.txt", b"x" * 3000,
            {field: value, "content-type": "application/octet-stream", "idempotency-key": name})
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def crash_round(gateway, number, width, dice, port):
    names = [f"r{number}c{each}" for each in range(width)]
    acknowledged, first = set(), {}

    def send(name, wait):
        time.sleep(wait)
        first[name] = create(gateway, name)

    threads = [threading.Thread(target=send, args=(name, dice.random() * 0.06)) for name in names]
    for thread in threads:
        thread.start()
    time.sleep(dice.random() * 0.12)
    gateway.process.kill()
    gateway.process.wait()
    for thread in threads:
        thread.join()
    gateway.start()
    gateway.turn_to(port)
    again = {name: create(gateway, name) for name in names}
    for results in (first, again):
        acknowledged |= {name for name, status in results.items() if status == 200}
    return names, acknowledged, first, again


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("attache")
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--width", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    dice = random.Random(options.seed)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    work = tempfile.mkdtemp(prefix="attache-prove-")
    gateway = Gateway(options.attache, port, work, "--vendors", "lever")
    faults, cut, unknown, creates = [], 0, 0, 0
    try:
        for number in range(options.rounds):
            names, acknowledged, first, again = crash_round(gateway, number, options.width, dice, port)
            creates += len(names)
            cut += sum(first[name] is None for name in names)
            unknown += sum(again[name] != 200 for name in names)
            faults += [f"{name}: {copies[name]} copies" for name in names if copies[name] > 1]
            faults += [f"{name}: acknowledged and not there" for name in acknowledged if copies[name] == 0]
            faults += [f"{name}: {again[name]} after the restart" for name in names if again[name] not in (200, 409, 500)]
    finally:
        gateway.stop()
        shutil.rmtree(work, ignore_errors=True)
    print(f"{options.rounds} kills, seed {options.seed}: {creates} creates, {cut} cut off, {unknown} of unknown outcome, "
          f"{len(faults)} faults")
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    # A run in which no call was cut off has tried nothing.
    return bool(faults) or not cut


sys.exit(main())
