#!/usr/bin/env python3
"""A mixed load for a long time: memory and open files have to stay flat, and every call has to succeed.

Called by script/prove. `attache dev` runs two sandboxes: Lever by a key, JobAdder by OAuth. `attache serve` is another process, on
a copy of its database, and the one that is judged. Six clients list, upload, read back, refresh tokens and connect accounts, over
kept and new connections. The sandboxes forget what was stored and asked once a minute. Resident memory and descriptors of the
gateway are read each second; the median of the last quarter may be 8 descriptors above that of the second and, from 30 minutes on,
8 MB: a short run is all warming up. --samples keeps what was read, as lines of JSON.
"""
import argparse, http.client, itertools, json, os, statistics, subprocess, sys, tempfile, threading, time, urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "relay"))
from harness import free_port, memory, wait_for

MOST_MB, MOST_FILES = 8, 8
counts, faults = {}, []
lock = threading.Lock()
ended = threading.Event()


class Client:
    """Calls the gateway as one of its users does: a connection that is kept for a while, then a new one."""

    def __init__(self, ready):
        self.ready, self.address = ready, urllib.parse.urlparse(ready["base_url"])
        self.connection, self.calls = None, 0

    def call(self, kind, method, path, body=None, content_type="application/json", expected=(200, 201), **query):
        if self.calls % 50 == 0:
            if self.connection:
                self.connection.close()
            self.connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=120)
        self.calls += 1
        headers = {"Authorization": f"Bearer {self.ready['token']}"}
        if body is not None:
            headers["Content-Type"] = content_type
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.connection.request(method, path + ("?" + urllib.parse.urlencode(query) if query else ""), body, headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status not in expected:
            raise RuntimeError(f"{kind}: {response.status} {text[:300]!r}")
        with lock:
            counts[kind] = counts.get(kind, 0) + 1
        return text

    def list(self, number):
        vendor = ("lever", "jobadder")[number % 2]
        self.call("list", "GET", "/unified/ats/candidates", integrated_account_id=self.ready["accounts"][vendor], limit=50)

    def upload(self, number):
        """A file goes up and comes down again."""
        account, boundary = self.ready["accounts"]["lever"], "----soak"
        data = b"%PDF-1.4 " + os.urandom(1 << 20 if number % 10 == 0 else 20_000)
        form = (f'--{boundary}\r\nContent-Disposition: form-data; name="candidate_id"\r\n\r\n{self.ready["candidate"]}\r\n'
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="cv.pdf"\r\n'
                f'Content-Type: application/pdf\r\n\r\n').encode() + data + f"\r\n--{boundary}--\r\n".encode()
        record = json.loads(self.call(
            "create", "POST", "/unified/ats/attachments", form, f"multipart/form-data; boundary={boundary}",
            integrated_account_id=account))
        back = self.call(
            "download", "POST", "/unified/ats/attachments/download", expected=(200, 404), integrated_account_id=account, id=record["id"],
            candidate_id=self.ready["candidate"], file_url=record["file_url"])
        # The sandbox may have forgotten it in between.
        if not back.startswith(b'{"statusCode":404') and back != data:
            raise RuntimeError("what came back is not what was sent")

    def refresh(self, _):
        self.call("refresh", "POST", "/integrated-account/refresh-credentials", {"id": self.ready["accounts"]["jobadder"]})

    def connect(self, number):
        link = json.loads(self.call("link", "POST", "/link-token", {"tenant_id": f"soak-{number % 20}", "integrations": ["lever"]}))
        self.call("page", "GET", "/connect", link_token=link["link_token"], expected=(200, 303))

    def run(self, actions):
        for number in itertools.count():
            if ended.is_set():
                return
            try:
                actions[number % len(actions)](self, number)
            except Exception as error:
                with lock:
                    faults.append(str(error))
                self.calls = 0
            time.sleep(0.02)


def forget(ready):
    for vendor, base in ready["sandbox"].items():
        address = urllib.parse.urlparse(base)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        for method, path in [("DELETE", "/_sandbox/requests")] + ([("POST", "/_sandbox/reset")] if vendor == "lever" else []):
            connection.request(method, path, b"")
            connection.getresponse().read()
        connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--samples")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        processes = []
        try:
            ready, gateway = start(options.binary, work, processes)
            soak(gateway, processes[0], ready, options)
        finally:
            ended.set()
            for process in processes:
                process.terminate()
                process.wait()


def start(binary, work, processes):
    """The sandboxes and the gateway, each a process; gives how to call them, and the gateway."""
    path, out, port = os.path.join(work, "ready.json"), os.path.join(work, "out"), free_port()

    def spawn(*arguments):
        processes.append(subprocess.Popen([binary, *arguments, "--log-level", "warning"], stdout=open(out, "a"), stderr=subprocess.STDOUT))

    spawn("dev", "--vendors", "lever,jobadder", "--port", "0", "--data-dir", work, "--ready-file", path, "--no-sandbox-rate-limit")
    while not os.path.exists(path):
        if processes[0].poll() is not None:
            sys.exit(open(out).read())
        time.sleep(0.01)
    ready = json.load(open(path))
    place = ["--key-file", os.path.join(work, "master.key"), "--database"]
    subprocess.check_call(
        [binary, "db", "backup", os.path.join(work, "copy.sqlite"), *place, f"sqlite:{work}/attache.sqlite"], stdout=subprocess.DEVNULL)
    spawn("serve", "--port", str(port), *place, f"sqlite:{work}/copy.sqlite", "--egress-allow", "127.0.0.1",
          "--base-url-host", "127.0.0.1")
    wait_for(port)
    ready["base_url"] = f"http://127.0.0.1:{port}"
    ready["candidate"] = json.loads(Client(ready).call(
        "list", "GET", "/unified/ats/candidates", integrated_account_id=ready["accounts"]["lever"], limit=1))["result"][0]["id"]
    return ready, processes[1]


def soak(process, sandboxes, ready, options):
    seconds, kept = options.minutes * 60, open(options.samples, "w") if options.samples else None
    plans = [[Client.list], [Client.list], [Client.upload], [Client.upload], [Client.upload, Client.refresh], [Client.connect, Client.list]]
    threads = [threading.Thread(target=Client(ready).run, args=(plan,), daemon=True) for plan in plans]
    for thread in threads:
        thread.start()
    samples, began = [], time.monotonic()
    while (passed := time.monotonic() - began) < seconds and not faults:
        time.sleep(1)
        if process.poll() is not None:
            sys.exit(f"the gateway ended with {process.returncode}")
        if int(passed) % 60 == 59:
            forget(ready)
        samples.append((memory(process.pid, "VmRSS"), len(os.listdir(f"/proc/{process.pid}/fd")), memory(sandboxes.pid, "VmRSS")))
        if kept:
            print(json.dumps([round(passed, 1), *samples[-1]]), file=kept, flush=True)
    ended.set()
    for thread in threads:
        thread.join()
    if faults:
        sys.exit("\n".join(faults[:5]))
    quarter = len(samples) // 4
    early, late = ([statistics.median(column) for column in zip(*part)] for part in (samples[quarter:2 * quarter], samples[3 * quarter:]))
    calls = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    print(f"{seconds / 60:g} min: {calls}; resident MB {early[0]:.1f} → {late[0]:.1f}, descriptors {early[1]:g} → {late[1]:g}; "
          f"sandboxes {early[2]:.1f} → {late[2]:.1f} MB")
    grows = seconds >= 1800 and late[0] - early[0] > MOST_MB
    if grows or late[1] - early[1] > MOST_FILES:
        sys.exit(1)


main()
