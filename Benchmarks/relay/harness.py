"""What the benchmarks of the data path share: processes, their processor time and memory, the gateway under test."""
import atexit, contextlib, hashlib, json, os, re, shutil, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request

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


def end(processes):
    for process in processes:
        process.terminate()
        process.wait()


# The processes of gateways. A benchmark may end early, before it stops its own.
gateways = []
atexit.register(end, gateways)


@contextlib.contextmanager
def workplace():
    """A folder, in memory where there is one, and a function that starts processes; the end of the block ends both, and gateways."""
    folder = tempfile.mkdtemp(prefix="attache-bench-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    processes = []

    def spawn(*command, **environment):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ, **environment))
        processes.append(process)
        return process

    try:
        yield folder, spawn
    finally:
        end(processes + gateways)
        shutil.rmtree(folder, ignore_errors=True)


def compiled_sink(folder):
    """The provider of the benchmarks, compiled into the folder."""
    binary = os.path.join(folder, "sink")
    subprocess.check_call(["swiftc", "-O", os.path.join(os.path.dirname(os.path.abspath(__file__)), "sink.swift"), "-o", binary])
    return binary


def tool(name):
    """A tool of the compiler's own version: another would not read what that wrote."""
    target = json.loads(subprocess.check_output(["swiftc", "-print-target-info"]))
    return os.path.normpath(os.path.join(target["paths"]["runtimeResourcePath"], "../../bin", name))


def form(content):
    """A multipart form with a file, and its media type."""
    boundary = "----benchmark"
    parts = (
        ("attachment_type", "", "resume"), ("file", '; filename="resume.pdf"\r\nContent-Type: application/pdf', content))
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{text}\r\n' for name, more, text in parts)
    return f"{body}--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def named(module):
    """A module by its file's name and digest, for results."""
    with open(module, "rb") as f:
        return f"{os.path.basename(module)}, SHA-256 {hashlib.sha256(f.read()).hexdigest()[:16]}"


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


def fetch(target):
    """The JSON that a target gives."""
    request = urllib.request.Request(target.url(), headers=dict(h.split(": ", 1) for h in target.headers))
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        sys.exit(f"{target.name}: {error.code} {error.read().decode()}")


def wrk(target, url, seconds, connections, *options, faults="Non-2xx", **environment):
    """Requests by wrk, and their rate; ends where its output matches `faults`."""
    out = subprocess.check_output(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *options, url], text=True, env=dict(os.environ, **environment))
    if re.search(faults, out):
        sys.exit(f"{target.name}: {out}")
    requests = int(next(line for line in out.splitlines() if "requests in" in line).split()[0])
    return requests, float(next(line for line in out.splitlines() if line.startswith("Requests/sec")).split()[1])


def timed(target, seconds, connections, token):
    """Pages a second by wrk, and milliseconds of processor time a page."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lists.lua")
    before = cpu(target.process.pid)
    requests, rate = wrk(
        target, f"http://127.0.0.1:{target.port}", seconds, connections, "--timeout", "30s", "-s", script,
        TOKEN=token, TARGET=target.path)
    return rate, (cpu(target.process.pid) - before) / max(requests, 1) * 1000


class Gateway:
    """`attache dev` whose Lever account calls the port `sink`, without limits of calls."""

    def __init__(self, binary, sink, work, *options):
        self.folder = tempfile.mkdtemp(dir=work)
        self.binary, self.sink, self.options = binary, sink, options
        self.start()
        self.turn_to(sink)

    def turn_to(self, port):
        """Sends the account's calls to another port."""
        self.ask("PATCH", f"/integrated-account/{self.ready['accounts']['lever']}", {"integration_override": self.override("lever", port)})

    def account(self, integration, port):
        """One more account, whose calls go to a port."""
        return self.ask("POST", "/integrated-account", {
            "tenant_id": f"bench-{port}", "integration": integration, "integration_override": self.override(integration, port),
            **self.CREDENTIALS[integration]})["id"]

    # What a sandbox would not take: these accounts call ports of the benchmarks.
    CREDENTIALS = {
        "lever": {"authentication_method": "api_key", "context": {"api_key": "bench", "perform_as": "bench"}},
        "jobadder": {"authentication_method": "oauth2", "context": {"oauth": {"token": {
            "access_token": "bench", "refresh_token": "bench", "token_type": "Bearer", "expires_in": 3600}}}},
    }

    def override(self, integration, port):
        address = f"http://127.0.0.1:{port}"
        override = {"base_url": address, "rate_limit": {"limits": []}}
        if integration == "lever":
            override["resources"] = {"uploads": {"create": {"max_file_size": "20GB"}}}
        else:
            override["allowed_hosts"] = ["127.0.0.1"]
            override["credentials"] = {"oauth2": {"config": {
                "auth": {"tokenHost": address, "authorizeHost": address}, "client": {"id": "bench", "secret": "bench"}}}}
        return override

    def ask(self, method, path, body):
        request = urllib.request.Request(
            self.ready["base_url"] + path, json.dumps(body).encode(), method=method,
            headers={"Authorization": f"Bearer {self.ready['token']}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")

    def start(self):
        ready = os.path.join(self.folder, "ready.json")
        if os.path.exists(ready):
            os.remove(ready)
        self.process = subprocess.Popen(
            [self.binary, "dev", "--port", "0", "--data-dir", os.path.join(self.folder, "data"), "--ready-file", ready,
             "--egress-allow", "127.0.0.1", "--max-upload-bytes", "20GiB", *self.options],
            stdout=subprocess.DEVNULL, stderr=open(os.path.join(self.folder, "log"), "w"))
        gateways.append(self.process)
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
        end([self.process])
