#!/usr/bin/env python3
"""Kills the gateway in the middle of creates that carry an Idempotency-Key, again and again.

Called by script/prove. Each round sends a few creates, kills the process with SIGKILL at a random moment, starts it again on
the same database and repeats every create under its key. No key may have two copies at the provider, each create that was
acknowledged, before or after, must have its copy there, and in the end each key has an outcome: stored, or unknown.
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


def provider():
    """Serves in the background; gives its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # the gateway dies in mid-call
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


class Judge:
    """Holds what became of each create against what the provider has."""

    def __init__(self):
        self.first, self.last = {}, {}

    def note(self, name, first, last):
        """The status of a create before the kill, None where it was cut off, and of its repeat."""
        self.first[name], self.last[name] = first, last

    def settle(self, gateway):
        """Repeats what was still running: a lease of a process that died lapses within half a minute."""
        until = time.monotonic() + 60
        while (waiting := [name for name, status in self.last.items() if status == 409]) and time.monotonic() < until:
            time.sleep(1)
            for name in waiting:
                self.last[name] = create(gateway, name)

    def verdict(self, what):
        """Prints the figure and the faults; gives whether something is wrong."""
        faults = [f"{name}: {copies[name]} copies" for name in self.first if copies[name] > 1]
        faults += [f"{name}: acknowledged and not there" for name in self.first
                   if 200 in (self.first[name], self.last[name]) and copies[name] == 0]
        faults += [f"{name}: {status} after the restart" for name, status in self.last.items() if status not in (200, 500)]
        faults += [f"{name}: acknowledged, then {self.last[name]}" for name, status in self.first.items()
                   if status == 200 and self.last[name] != 200]
        cut = sum(status is None for status in self.first.values())
        unknown = [name for name, status in self.last.items() if status == 500]
        print(f"{what}: {len(self.first)} creates, {cut} cut off, {len(unknown)} of unknown outcome "
              f"({sum(copies[name] for name in unknown)} of them stored), {len(faults)} faults")
        for fault in faults[:20]:
            print(fault, file=sys.stderr)
        # A run in which no call was cut off has tried nothing.
        return bool(faults) or not cut


def crash_round(gateway, number, width, dice, port, judge):
    names = [f"r{number}c{each}" for each in range(width)]
    first = {}

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
    for name in names:
        judge.note(name, first[name], create(gateway, name))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("attache")
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--width", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    dice, port, judge = random.Random(options.seed), provider(), Judge()
    work = tempfile.mkdtemp(prefix="attache-prove-")
    gateway = Gateway(options.attache, port, work, "--vendors", "lever")
    try:
        for number in range(options.rounds):
            crash_round(gateway, number, options.width, dice, port, judge)
        judge.settle(gateway)
    finally:
        gateway.stop()
        shutil.rmtree(work, ignore_errors=True)
    return judge.verdict(f"{options.rounds} kills, seed {options.seed}")


if __name__ == "__main__":
    sys.exit(main())
