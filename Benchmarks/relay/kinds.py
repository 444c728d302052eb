#!/usr/bin/env python3
"""What a large file costs in memory, for each way in which vendors take files, and whether it comes back byte for byte.

Called by script/bench kinds. For each vendor a gateway with its sandbox of its own (one process), whose limits are lifted:
a file of 1 MB is uploaded and read back three times, then a large one is uploaded once. The process's peak of resident memory
(VmHWM) may grow by 16 MB between the two. A file is read back by its own id where the vendor has downloads, and compared by its
SHA-256; above 32 MB it is not, as sandboxes keep no more of a file than that.
"""
import argparse, hashlib, json, os, re, shutil, subprocess, sys, tempfile, time, urllib.error, urllib.parse, urllib.request

from harness import memory

CATALOG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "catalog", "integrations")
# One vendor of each kind; all that fetch the file by themselves.
VENDORS = "lever,greenhouse,ashby,recruitee,teamtailor,manatal,welcomekit,workable"
ALLOWED = 16


class Gateway:
    def __init__(self, binary, vendor, work):
        self.vendor = vendor
        ready = os.path.join(work, f"{vendor}.json")
        self.log = os.path.join(work, f"{vendor}.log")
        self.process = subprocess.Popen(
            [binary, "dev", "--vendors", vendor, "--port", "0", "--ready-file", ready, "--no-sandbox-rate-limit",
             "--sandbox-max-bytes", "20GiB", "--max-upload-bytes", "20GiB", "--data-dir", os.path.join(work, vendor)],
            stdout=open(self.log, "w"), stderr=subprocess.STDOUT)
        while not os.path.exists(ready):
            if self.process.poll() is not None:
                sys.exit(open(self.log).read())
            time.sleep(0.01)
        with open(ready) as file:
            self.ready = json.load(file)
        self.account = self.ready["accounts"][vendor]
        self.lift()

    def lift(self):
        """Takes the definition's own limits of files away, beside what turns the account to its sandbox."""
        account = self.call("GET", f"/integrated-account/{self.account}", account=False)
        override = account.get("integration_override") or {}
        limits = override.setdefault("resources", {})
        with open(os.path.join(CATALOG, self.vendor, "integration.yaml")) as file:
            text = file.read()
        for resource, methods in calls_with_limits(text):
            for method, keys in methods.items():
                limits.setdefault(resource, {}).setdefault(method, {}).update({key: "20GB" for key in keys})
        self.call("PATCH", f"/integrated-account/{self.account}", {"integration_override": override}, account=False)

    def request(self, method, path, body=None, account=True, **query):
        if account:
            query["integrated_account_id"] = self.account
        url = self.ready["base_url"] + path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = {"Authorization": f"Bearer {self.ready['token']}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return urllib.request.Request(
            url, None if body is None else json.dumps(body).encode(), method=method, headers=headers)

    def call(self, method, path, body=None, account=True, **query):
        try:
            with urllib.request.urlopen(self.request(method, path, body, account, **query)) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            sys.exit(f"{self.vendor}: {method} {path}: {error.code} {error.read().decode()}")

    def upload(self, path, targets):
        query = urllib.parse.urlencode({"integrated_account_id": self.account, "file_name": os.path.basename(path), **targets})
        started = time.monotonic()
        out = subprocess.check_output(
            ["curl", "-sS", "-w", "\n%{http_code}", "-H", f"Authorization: Bearer {self.ready['token']}",
             "-H", "Content-Type: application/pdf", "-X", "POST", "-T", path,
             f"{self.ready['base_url']}/unified/ats/attachments?{query}"], text=True)
        body, status = out.rsplit("\n", 1)
        if status != "200":
            sys.exit(f"{self.vendor}: the upload of {path} was answered {status}: {body}")
        return json.loads(body), time.monotonic() - started

    def digest(self, record, name, targets):
        """The SHA-256 of the file as it is read back; None where the vendor names no file or has no download."""
        if not record.get("id"):
            # The vendor does not say which file is the new one; its list does.
            filters = {key: value for key, value in targets.items() if key == "candidate_id"}
            rows = self.call("GET", "/unified/ats/attachments", **filters)["result"]
            record = next((row for row in rows if row.get("file_name") == name), {})
        identifier, address = record.get("id"), record.get("file_url")
        if not identifier:
            return None
        path = f"/unified/ats/attachments/{urllib.parse.quote(identifier, safe='')}"
        failure = None
        for _ in range(3000):
            try:
                with urllib.request.urlopen(self.request("GET", path, **targets)) as response:
                    address = json.load(response).get("file_url") or address
            except urllib.error.HTTPError as error:
                failure = error.read().decode()
            query = dict(targets, id=identifier, **({"file_url": address} if address else {}))
            try:
                with urllib.request.urlopen(self.request("POST", "/unified/ats/attachments/download", **query)) as response:
                    digest = hashlib.sha256()
                    while chunk := response.read(1 << 20):
                        digest.update(chunk)
                    return digest.hexdigest()
            except urllib.error.HTTPError as error:
                failure = error.read().decode()
                if "method_not_supported" in failure:
                    return None
            # Vendors that fetch by themselves may take a while.
            time.sleep(0.1)
        sys.exit(f"{self.vendor}: the file was not to be had: {failure}")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def calls_with_limits(text):
    """The calls of a definition that state limits of files: resource, {method: keys}."""
    found, resource, method = {}, None, None
    for line in text.splitlines():
        if match := re.match(r"  (\w[\w-]*):", line):
            resource = match[1]
        elif match := re.match(r"    (\w[\w-]*):", line):
            method = match[1]
        elif match := re.match(r"      (max_file_size|max_body_size):", line):
            found.setdefault(resource, {}).setdefault(method, []).append(match[1])
    return found.items()


def targets_of(vendor):
    with open(os.path.join(CATALOG, vendor, "sandbox.yaml")) as file:
        text = file.read()
    found = re.findall(r'^(candidate|application|job): *"?([^"\n]+)"?$', text, re.M)
    return {f"{name}_id": value for name, value in found}


def made(path, size):
    """A file of that size that no compression makes small, and its digest."""
    digest = hashlib.sha256()
    block = os.urandom(1 << 20)
    with open(path, "wb") as file:
        left = size
        number = 0
        while left:
            chunk = (number.to_bytes(8, "big") + block[8:])[:left]
            digest.update(chunk)
            file.write(chunk)
            left -= len(chunk)
            number += 1
    return digest.hexdigest()


def run(binary, vendor, kind, files, work):
    gateway = Gateway(binary, vendor, work)
    try:
        targets, peaks = targets_of(vendor), []
        for path, digest in files:
            record, seconds = gateway.upload(path, targets)
            kept = os.path.getsize(path) <= 32 << 20
            back = gateway.digest(record, os.path.basename(path), targets) if kept else None
            if back not in (None, digest):
                sys.exit(f"{vendor}: what came back is not what was sent: {back}, {digest}")
            peaks.append(memory(gateway.process.pid))
            note = "not read back" if back is None else "came back as it was sent"
        small, large = peaks[-2:]
        ok = large - small <= ALLOWED
        print(f"{'ok  ' if ok else 'FAIL'} {kind:<10} {vendor:<12} {small:7.1f} MB {large:7.1f} MB "
              f"{large - small:+6.1f} MB  {seconds:6.1f} s  {note}", flush=True)
        return ok
    finally:
        gateway.stop()
        shutil.rmtree(os.path.join(work, vendor), ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--vendors", default=VENDORS)
    parser.add_argument("--megabytes", type=int, default=1024, help="of the large file")
    options = parser.parse_args()
    coverage = json.loads(subprocess.check_output([options.binary, "catalog", "coverage", "--json"]))
    kinds = {each["integration"]: each["upload"] for each in coverage
             if each["resource"] == "attachments" and each["method"] == "create"}
    work = tempfile.mkdtemp(prefix="attache-kinds-")
    try:
        files = []
        small = [(f"small-{number}.pdf", 1 << 20) for number in range(3)]
        for name, size in small + [("large.pdf", options.megabytes << 20)]:
            path = os.path.join(work, name)
            files.append((path, made(path, size)))
        print(f"peak of memory after 1 MB, after {options.megabytes} MB; allowed {ALLOWED} MB more; time of the large upload")
        results = [run(options.binary, vendor, kinds[vendor], files, work) for vendor in options.vendors.split(",")]
        sys.exit(not all(results))
    finally:
        shutil.rmtree(work, ignore_errors=True)


main()
