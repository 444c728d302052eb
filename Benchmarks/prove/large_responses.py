#!/usr/bin/env python3
"""Lets a provider answer with more than anybody can hold, and measures what the gateway takes.

Called by script/prove. Each row is a response to a list; it must end in its status and code, and the gateway's memory may not
grow by more than 64 MB over what it takes for a usual one.
"""
import argparse, http.client, json, os, shutil, socket, sys, tempfile, threading, time, zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "relay"))
from harness import Gateway, memory

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
BLOCK = b'{"id":"x"},' * 6000
DEEP = b"[" * 10_000 + b"]" * 10_000


def endless(total):
    yield HEAD + b"transfer-encoding: chunked\r\n\r\n"
    yield b"b\r\n" + b'{"data": [ ' + b"\r\n"
    for _ in range(total // len(BLOCK)):
        yield b"%x\r\n" % len(BLOCK) + BLOCK + b"\r\n"


def bomb():
    """1 GB, made before anybody waits for it."""
    packer = zlib.compressobj(6, wbits=31)
    pieces = [packer.compress(b'{"data":["')] + [packer.compress(b"a" * (1 << 20)) for _ in range(1 << 10)]
    return b"".join(pieces + [packer.compress(b'"]}'), packer.flush()])


BOMB = bomb()


def whole(body, fields=b""):
    yield HEAD + fields + b"content-length: %d\r\n\r\n" % len(body) + body


def headers():
    yield HEAD
    for number in range(2_000_000):
        yield b"x-%d: %s\r\n" % (number, b"y" * 60)


BAD = (502, "bad_provider_response")
ROWS = [
    ("2 GB of JSON", lambda: endless(2 << 30), BAD),
    ("JSON 10,000 deep", lambda: whole(b'{"data":' + DEEP + b"}"), BAD),
    ("a gzip of 1 GB", lambda: whole(BOMB, b"content-encoding: gzip\r\n"), BAD),
    ("headers without end", headers, BAD),
    ("another charset than it says", lambda: whole(b'{"data":[{"name":"\xff\xfe"}]}'), BAD),
]


def serve(steps):
    """A provider that sends `steps` in response to each request, and how many bytes of them were taken."""
    listener = socket.create_server(("127.0.0.1", 0))
    sent = [0]

    def client(connection):
        try:
            while True:
                head = b""
                while b"\r\n\r\n" not in head:
                    chunk = connection.recv(65536)
                    if not chunk:
                        return
                    head += chunk
                for step in steps():
                    connection.sendall(step)
                    sent[0] += len(step)
        except OSError:
            pass
        finally:
            connection.close()

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=client, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1], sent


def call(gateway):
    target = gateway.target()
    field, value = target.headers[0].split(": ", 1)
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=120)
    connection.request("GET", f"{target.path}&candidate_id=22222222-2222-4222-8222-222222222221", headers={field: value})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, json.loads(body).get("code")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("attache")
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="attache-prove-")
    gateway = Gateway(options.attache, 1, work, "--vendors", "lever")
    faults = 0
    try:
        port, _ = serve(lambda: whole(b'{"data":[]}'))
        gateway.turn_to(port)
        time.sleep(1.1)  # accounts are read again after 0.9 s
        usual = call(gateway)
        assert usual[0] == 200, usual
        before = memory(gateway.process.pid)
        for name, steps, expected in ROWS:
            port, sent = serve(steps)
            gateway.turn_to(port)
            time.sleep(1.1)
            found = call(gateway)
            grown = memory(gateway.process.pid) - before
            good = found == expected and grown < 64
            faults += not good
            print(f"{'ok  ' if good else 'FAIL'} {name}: {found[0]} {found[1]}, {sent[0] / 1e6:.1f} MB taken, "
                  f"memory {grown:+.1f} MB at its peak", flush=True)
    finally:
        gateway.stop()
        shutil.rmtree(work, ignore_errors=True)
    return faults


sys.exit(1 if main() else 0)
