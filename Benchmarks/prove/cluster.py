#!/usr/bin/env python3
"""Three nodes, PgBouncer and PostgreSQL, each in a network namespace of its own, while lines are cut, nodes held and servers restarted.

Called by script/prove; needs root, PostgreSQL and PgBouncer, and libfaketime where clocks are to differ. Clients create files under
idempotency keys, list and refresh, at random nodes, and repeat a create under its key, at another node, until it has an outcome. The
clock of the second node is 45 seconds fast, that of the third 45 seconds slow. Faults follow a plan that the seed gives: a node held by
SIGSTOP for longer than any lease, and for moments; a node cut off from the database, or from the provider; the database cut off
from all; PostgreSQL crashed and PgBouncer restarted. What happens is written to a history, which judge.py judges.
"""
import argparse, datetime, glob, http.client, json, os, random, shutil, signal, subprocess, sys, tempfile, threading, time, urllib.parse

from judge import judge
from network import SELF, Network, address, isolate
from provider import LIFE, Provider

ACCOUNTS, CLIENTS = ("a", "b", "c"), 24
LIMIT = {"requests": 60, "seconds": 10, "burst": 12}
SKEW = ("+0", "+45", "-45")
FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)
POSTGRES = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1:]


class History:
    def __init__(self, path):
        self.file, self.lock = open(path, "w"), threading.Lock()

    def add(self, event, **members):
        with self.lock:
            print(json.dumps({"t": time.monotonic(), "event": event, **members}), file=self.file, flush=True)


class Database:
    """PostgreSQL on one machine, PgBouncer on another."""

    def __init__(self, network, folder):
        self.folder = folder
        self.machine, self.pooler = network.machine("pg", 10, "data"), network.machine("pool", 20, "data")
        shutil.chown(folder, "postgres")
        self.run(self.machine, f"{POSTGRES[0]}/initdb", "-D", f"{folder}/data", "-U", "attache", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with open(f"{folder}/data/pg_hba.conf", "a") as file:
            file.write("host all all 10.99.1.0/24 trust\n")
        with open(f"{folder}/pooler.ini", "w") as file:
            file.write(f"[databases]\n* = host={self.machine.at('data')} user=attache\n[pgbouncer]\nlisten_addr = {self.pooler.at('data')}\n"
                       f"listen_port = 6432\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 12\n"
                       f"max_client_conn = 1000\nlogfile = {folder}/pooler.log\npidfile = {folder}/pooler.pid\n")
        self.postgres("start")
        self.pool()
        self.run(self.machine, f"{POSTGRES[0]}/createdb", "-h", self.machine.at("data"), "-U", "attache", "attache")
        self.url = f"postgres://attache@{self.pooler.at('data')}:6432/attache"

    def run(self, machine, *command):
        subprocess.run(machine.command("runuser", "-u", "postgres", "--", *command), check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def postgres(self, what, mode="immediate"):
        options = f"-c listen_addresses={self.machine.at('data')} -k {self.folder} -c max_connections=100"
        self.run(self.machine, f"{POSTGRES[0]}/pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-m", mode, "-o", options, "-w", what)

    def pool(self):
        self.run(self.pooler, shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", "-d", f"{self.folder}/pooler.ini")

    def restart_pooler(self):
        with open(f"{self.folder}/pooler.pid") as file:
            pid = int(file.read())
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)  # a daemon is the child of the first process of its namespace: of this one
        self.pool()


class Nodes:
    def __init__(self, binary, network, database, folder):
        self.environment = dict(os.environ, ATTACHE_MASTER_KEY="4f" * 32, ATTACHE_DATABASE=database.url)
        self.binary, self.folder = binary, folder
        self.machines = [network.machine(f"n{number}", number, "data", "out", "in") for number in (1, 2, 3)]
        self.command("db", "migrate")
        self.command("environment", "create", "--name", "prove")
        self.token = self.command("token", "create", "--name", "prove")["token"]
        self.processes = [self.start(number) for number in range(3)]
        for number in range(3):
            until = time.monotonic() + 60
            while self.call(number, "GET", "/health/ready")[0] != 200:
                if self.processes[number].poll() is not None or time.monotonic() > until:
                    sys.exit(open(f"{folder}/node{number}.log").read()[-2000:])
                time.sleep(0.05)
            if abs(self.ahead(number) - float(SKEW[number] if FAKETIME else 0)) > 10:
                sys.exit(f"the clock of node {number} is {self.ahead(number):.0f} s ahead")

    def ahead(self, number):
        """By how many seconds the clock of a node that has just begun to serve is ahead, as its log tells."""
        with open(f"{self.folder}/node{number}.log") as log:
            line = next(json.loads(line) for line in log if '"Serving"' in line)
        written = os.stat(f"{self.folder}/node{number}.log").st_mtime
        return datetime.datetime.fromisoformat(line["time"]).timestamp() - written

    def command(self, *arguments):
        out = subprocess.run([self.binary, *arguments, "--json"], env=self.environment, check=True, capture_output=True, text=True).stdout
        return json.loads(out) if out.startswith("{") else None

    def start(self, number):
        environment = dict(self.environment)
        if FAKETIME and SKEW[number] != "+0":
            environment.update(LD_PRELOAD=FAKETIME, FAKETIME=f"{SKEW[number]}s", FAKETIME_DONT_FAKE_MONOTONIC="1")
        machine, provider = self.machines[number], address("out", SELF)
        return subprocess.Popen(
            machine.command(self.binary, "serve", "--host", machine.at("in"), "--port", "8080", "--egress-allow", provider,
                            "--base-url-host", provider, "--log-level", "info"),
            env=environment, stdout=subprocess.DEVNULL, stderr=open(f"{self.folder}/node{number}.log", "w"))

    def call(self, number, method, path, body=None, content_type="application/json", timeout=4, **fields):
        """The status and the JSON of a response, and its Date; None where none came."""
        connection = http.client.HTTPConnection(self.machines[number].at("in"), 8080, timeout=timeout)
        try:
            connection.request(method, path, body, {"authorization": f"Bearer {self.token}", "content-type": content_type, **fields})
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")
        except (OSError, http.client.HTTPException):
            return None, None
        finally:
            connection.close()

    def account(self, name):
        """An account of the provider whose chain of tokens has that name; gives its id."""
        provider = f"http://{address('out', SELF)}:8000"
        status, made = self.call(0, "POST", "/integrated-account", timeout=60, body=json.dumps({
            "tenant_id": name, "integration": "jobadder", "authentication_method": "oauth2",
            "context": {"oauth": {"token": {"access_token": f"access.{name}.0", "refresh_token": f"refresh.{name}.0",
                                            "token_type": "Bearer", "expires_in": LIFE}}},
            "integration_override": {
                "base_url": provider, "allowed_hosts": [address("out", SELF)], "rate_limit": {"limits": [LIMIT]},
                "credentials": {"oauth2": {"config": {"auth": {"tokenHost": provider, "authorizeHost": provider},
                                                      "client": {"id": "prove", "secret": "prove"}}}}}}).encode())
        if status not in (200, 201):
            sys.exit(f"no account: {status} {made}")
        return made["id"]


class Client(threading.Thread):
    def __init__(self, number, nodes, accounts, history, dice, ended):
        super().__init__()
        self.number, self.nodes, self.accounts, self.history, self.dice, self.ended = number, nodes, accounts, history, dice, ended
        self.start()

    def run(self):
        count = 0
        while not self.ended.is_set():
            account, what, count = self.dice.choice(self.accounts), self.dice.random(), count + 1
            if what < 0.6:
                self.create(account, f"c{self.number}n{count}")
            elif what < 0.9:
                self.nodes.call(self.dice.randrange(3), "GET", f"/unified/ats/candidates?integrated_account_id={account}&limit=10")
            else:
                self.nodes.call(self.dice.randrange(3), "POST", "/integrated-account/refresh-credentials", json.dumps({"id": account}))
            time.sleep(self.dice.random() * 0.1)

    def create(self, account, key):
        until = None
        while True:
            # Repeats come until there is an outcome; a minute after the last fault has healed there has to be one.
            if self.ended.is_set():
                until = until or time.monotonic() + 60
                if time.monotonic() > until:
                    return
            node = self.dice.randrange(3)
            status, body = self.nodes.call(
                node, "POST", f"/unified/ats/attachments?integrated_account_id={account}&candidate_id=1&file_name={key}.txt",
                b"x" * 3000, "application/octet-stream", **{"idempotency-key": key})
            code = body.get("code") if status != 200 and body else None
            self.history.add("create", key=key, node=node, status=status, code=code)
            if status == 200 or code == "outcome_unknown":
                return
            time.sleep(self.dice.random() * 0.5)


class Plan:
    """Faults, each beginning so many seconds after the round, and what heals them."""

    def __init__(self, nodes, database, history, dice):
        self.nodes, self.database, self.history, self.dice = nodes, database, history, dice

    def round(self):
        one, two, three = self.dice.sample(range(3), 3)
        jitter = self.dice.random
        steps = [
            (2 + jitter(), lambda: self.held(one, 33)),
            (5 + jitter(), lambda: self.cut(self.nodes.machines[two], "data", 8)),
            (16 + jitter(), lambda: self.cut(self.nodes.machines[three], "out", 8)),
            (27 + jitter(), lambda: self.fault("postgres", lambda: self.database.postgres("restart"))),
            (40 + jitter(), lambda: self.cut(self.database.machine, "data", 6, "database")),
            (50 + jitter(), lambda: self.fault("pooler", self.database.restart_pooler)),
        ] + [(37 + 5 * each + jitter(), lambda: self.held(self.dice.randrange(3), self.dice.uniform(0.5, 3))) for each in range(4)]
        began, threads = time.monotonic(), []
        for at, act in sorted(steps, key=lambda step: step[0]):
            time.sleep(max(0, began + at - time.monotonic()))
            threads.append(threading.Thread(target=act))
            threads[-1].start()
        for thread in threads:
            thread.join()

    def fault(self, kind, *steps):
        name = f"{kind} {time.monotonic()}"
        self.history.add("fault", kind=kind, name=name)
        for step in steps:
            step()
        self.history.add("healed", kind=kind, name=name)

    def held(self, number, seconds):
        pid = self.nodes.processes[number].pid
        self.fault("hold", lambda: os.kill(pid, signal.SIGSTOP), lambda: time.sleep(seconds), lambda: os.kill(pid, signal.SIGCONT))

    def cut(self, machine, bridge, seconds, kind=None):
        self.fault(kind or bridge, lambda: machine.cut(bridge), lambda: time.sleep(seconds), lambda: machine.mend(bridge))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("attache")
    parser.add_argument("--minutes", type=float, default=0, help="of rounds; one round at least")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--history", help="keeps the history there")
    options = parser.parse_args()
    if not POSTGRES:
        sys.exit("no PostgreSQL is installed")
    isolate()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # In memory, where there is one: a slow disk would leave little to happen. PostgreSQL's crash is that of its processes.
    work = tempfile.mkdtemp(prefix="attache-prove-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    os.chmod(work, 0o755)
    path = options.history or f"{work}/history.jsonl"
    os.mkdir(f"{work}/database")
    history, network, dice = History(path), Network(), random.Random(options.seed)
    database = Database(network, f"{work}/database")
    try:
        provider = Provider(address("out", SELF), 8000, history, ACCOUNTS)
        nodes = Nodes(os.path.realpath(options.attache), network, database, work)
        accounts = [nodes.account(name) for name in ACCOUNTS]
        history.add("setup", clients=CLIENTS, seed=options.seed, **LIMIT)
        ended = threading.Event()
        clients = [Client(n, nodes, accounts, history, random.Random(dice.random()), ended) for n in range(CLIENTS)]
        plan, until = Plan(nodes, database, history, dice), time.monotonic() + options.minutes * 60
        while True:
            time.sleep(3)
            plan.round()
            if time.monotonic() >= until:
                break
            # The aftermath of a round, and a while in which nothing may be wrong.
            time.sleep(60)
        ended.set()
        for client in clients:
            client.join()
        for node in range(3):
            for account in accounts:
                status, body = None, None
                for _ in range(10):  # the limit may be reached, and a lost connection be found out
                    status, body = nodes.call(node, "GET", f"/unified/ats/candidates?integrated_account_id={account}&limit=10", timeout=30)
                    if status == 200:
                        break
                    time.sleep(1)
                history.add("final", account=account, node=node, status=status, code=(body or {}).get("code"))
        return judge(path, f"; seed {options.seed}, clocks {' '.join(SKEW) if FAKETIME else 'alike, without libfaketime'}")
    finally:
        for process in getattr(locals().get("nodes"), "processes", []):
            process.kill()
        database.postgres("stop")
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
