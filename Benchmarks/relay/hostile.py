#!/usr/bin/env python3
"""Lets one tenant's mappings attack the gateway, and measures what another tenant's small creates notice of it.

Called by script/bench hostile. Each row is one mapping, called four times at once; each call must be answered within the
budget and 200 ms per call that waits before it, since an account runs one expression at a time. Meanwhile another
account of another environment stores small files: their 99th percentile must stay below 50 ms. The gateway must not have
grown by more than 300 MB.
"""
import argparse, http.client, json, os, shutil, subprocess, sys, tempfile, threading, time

from harness import Gateway, memory

ENDLESS = "($f := function($n){ $f($n + 1) }; $f(0))"
TEXT = '$pad("", 20000, "ab c")'
MAPPINGS = {
    "endless query": ("query_mapping", ENDLESS),
    "endless response": ("response_mapping", ENDLESS),
    "400 MB text": ("query_mapping", '{"a": $pad("x", 400000000)}'),
    "400 MB text in a response": ("response_mapping", '{"a": $pad("x", 400000000)}'),
    "base64 of 300 MB": ("query_mapping", '{"a": $base64encode($pad("a", 300000000, "a"))}'),
    "mostSimilar": ("response_mapping", f'($t := {TEXT}; {{"a": $mostSimilar($t & "x", [1..1000].($t & $string($)))}})'),
    "markdown": ("response_mapping", '{"a": $convertMarkdownToHtml($pad("", 200000, "> "))}'),
    "html": ("response_mapping", '{"a": $convertHtmlToMarkdown($pad("", 60000, "<blockquote>"))}'),
    "lazy replace": ("query_mapping", '{"a": $replace($pad("", 50000, "<"), /<.*?>/, "")}'),
    "lazy match": ("query_mapping", '{"a": $match($pad("", 100000, "a"), /.*?b/)}'),
    "two lazy groups": ("query_mapping", '{"a": $match($pad("", 3000, "a"), /(.*?)(.*?)c/)}'),
    "long needle": ("query_mapping", '{"a": $contains($pad("", 5000000, "a"), $pad("", 200000, "a") & "b")}'),
    "split": ("query_mapping", '{"a": $split($pad("", 20000000, "ab"), "")}'),
    "long list": ("query_mapping", '{"a": $string([1..9000000])}'),
    "distinct": ("query_mapping", '{"a": $count($distinct([1..300000].{"n": $}))}'),
    "difference": ("query_mapping", '{"a": $count($difference([1..100000].{"n": $}, [1..100000].{"m": $}))}'),
    "picture": ("query_mapping", '{"a": $formatNumber(1, $pad("", 200000, "#"))}'),
    "date picture": ("query_mapping", '{"a": $toMillis($pad("", 3000000, "1"), $pad("", 3000000, "[Y]"))}'),
    "eval": ("query_mapping", f"{{\"a\": $eval('{ENDLESS}')}}"),
    "long override": ("query_mapping", "{" + ",".join(f'"a{n}": $sum([{n}..9])' for n in range(2000)) + "}"),
}
BUDGET = 2.0


def call(port, method, path, token, body=None, kind="application/json"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"Authorization": f"Bearer {token}"}
    if body is not None:
        headers["Content-Type"] = kind
    started = time.perf_counter()
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, text, time.perf_counter() - started


class Neighbour(threading.Thread):
    """Stores small files, one after another, until it is told to stop."""

    FORM = ('--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n%PDF\r\n--b--\r\n")

    def __init__(self, port, account, token):
        super().__init__(daemon=True)
        self.port, self.account, self.token = port, account, token
        self.times, self.statuses, self.ends = [], set(), False

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        path = f"/unified/ats/attachments?integrated_account_id={self.account}"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "multipart/form-data; boundary=b"}
        while not self.ends:
            started = time.perf_counter()
            connection.request("POST", path, self.FORM, headers)
            response = connection.getresponse()
            response.read()
            self.times.append(time.perf_counter() - started)
            self.statuses.add(response.status)


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def attack(gateway, mapping, account, token, count):
    key, expression = mapping
    override = {"unified_model_override": {"ats": {"attachments": {"list": {key: expression}}}}}
    status, text, _ = call(gateway.port, "PATCH", f"/integrated-account/{account}", token, json.dumps(override))
    if status != 200:
        return [(status, 0)]
    path = f"/unified/ats/attachments?integrated_account_id={account}&candidate_id=22222222-2222-4222-8222-222222222221"
    found = []

    def one():
        status, _, took = call(gateway.port, "GET", path, token)
        found.append((status, took))

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def neighbour(gateway, binary):
    """An account of another environment of the same gateway."""
    data = os.path.join(gateway.folder, "data")
    options = ["--data-dir", data, "--json"]

    def run(*arguments):
        return json.loads(subprocess.check_output([binary, *arguments, *options], text=True))

    environment = run("environment", "create", "--name", "neighbour")["id"]
    token = run("token", "create", "--name", "neighbour", "--environment", environment)["token"]
    body = {"tenant_id": "n", "integration": "lever", "authentication_method": "api_key",
            "context": {"api_key": "sandbox-lever-key"},
            "integration_override": {"base_url": gateway.ready["sandbox"]["lever"], "rate_limit": {"limits": []}}}
    status, text, _ = call(gateway.port, "POST", "/integrated-account", token, json.dumps(body))
    if status != 200:
        sys.exit(f"no account for the neighbour: {status} {text[:300]}")
    return json.loads(text)["id"], token


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    names = [name for name in MAPPINGS if not options.only or name in options.only.split(",")]
    work = tempfile.mkdtemp()
    failed = False
    gateway = None
    try:
        gateway = Gateway(options.binary, 0, work, "--no-sandbox-rate-limit")
        gateway.turn_to(int(gateway.ready["sandbox"]["lever"].rsplit(":", 1)[1]))
        account, token = gateway.ready["accounts"]["lever"], gateway.ready["token"]
        other = neighbour(gateway, options.binary)
        quiet = Neighbour(gateway.port, *other)
        quiet.start()
        time.sleep(2)
        quiet.ends = True
        quiet.join()
        print(f"undisturbed: median {percentile(quiet.times, 0.5):.1f} ms, p99 {percentile(quiet.times, 0.99):.1f} ms")
        before = memory(gateway.process.pid, "VmRSS")
        print(f"{'mapping':28} {'status':>12} {'one call':>9} {'four':>9} {'p99 of others':>14} {'memory':>9}")
        for _ in range(options.rounds):
            for name in names:
                probe = Neighbour(gateway.port, *other)
                probe.start()
                alone = attack(gateway, MAPPINGS[name], account, token, 1)
                four = attack(gateway, MAPPINGS[name], account, token, 4)
                time.sleep(0.3)
                probe.ends = True
                probe.join()
                slowest = max(took for _, took in four)
                p99 = percentile(probe.times, 0.99)
                held = memory(gateway.process.pid, "VmRSS") - before
                is_late = alone[0][1] > BUDGET + 0.2 or slowest > 4 * (BUDGET + 0.2)
                is_bad = is_late or p99 >= 50 or probe.statuses != {200} or held > 300
                failed = failed or is_bad
                statuses = ",".join(sorted({str(status) for status, _ in alone + four}))
                print(f"{name:28} {statuses:>12} {alone[0][1]:8.2f}s {slowest:8.2f}s {p99:11.1f} ms {held:6.0f} MB"
                      + ("  <- too much" if is_bad else ""), flush=True)
    finally:
        if gateway:
            gateway.stop()
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
