"""Writes deploy/functions.order: the functions of the gateway in the order in which the linker is to lay them out.

Those of a create and of a list come first, each near those that it calls, then those of a start. Code that runs together then
shares pages and cache lines. Called by script/bench order; needs valgrind. Names that a later version no longer has are passed over.
"""
import collections, os, re, subprocess, sys, time, urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from calls import Calls
from harness import Gateway, compiled_sink, end, free_port, wait_for, workplace

CALLS = 100
HEADER = """\
# Made by script/bench order. The linker lays functions out in this order: first those of each call, then those of a start.
"""


class Profile:
    """Who calls whom how often, from callgrind's output."""

    def __init__(self, path):
        self.callees, self.calls = collections.defaultdict(collections.Counter), collections.Counter()
        names, caller, callee = {}, None, None
        with open(path) as f:
            for line in f:
                kind, _, rest = line.rstrip("\n").partition("=")
                if kind in ("fn", "cfn"):
                    number, _, name = rest.partition(" ")
                    if name:
                        names[number] = name.split("'")[0]
                    if kind == "fn":
                        caller = names[number]
                        self.calls[caller] += 0
                    else:
                        callee = names[number]
                elif kind == "calls":
                    count = int(rest.split()[0])
                    self.callees[caller][callee] += count
                    if callee != caller:
                        self.calls[callee] += count

    def ordered(self, least):
        """Functions called so often at least: first those that many call, then each caller with what it calls most behind it."""
        wanted = {name for name, count in self.calls.items() if count >= least}
        seen, order = set(), [name for name, _ in self.calls.most_common(150) if name in wanted]
        placed = set(order)
        for root in sorted(self.calls, key=lambda name: (self.calls[name], name)):
            stack = [root]
            while stack:
                name = stack.pop()
                if name in seen:
                    continue
                seen.add(name)
                if name in wanted and name not in placed:
                    placed.add(name)
                    order.append(name)
                stack += sorted(self.callees[name], key=lambda each: (self.callees[name][each], each))
        return order


def wrapped(folder, binary, name, *options):
    """A program that runs the binary under callgrind, and the file of its figures."""
    out, script = os.path.join(folder, name + ".callgrind"), os.path.join(folder, name)
    with open(script, "w") as f:
        f.write(f'#!/bin/sh\nexec valgrind -q --tool=callgrind --demangle=no --callgrind-out-file={out} {" ".join(options)} {binary} "$@"\n')
    os.chmod(script, 0o755)
    return script, out + ".1"


def control(process, *options):
    subprocess.run(["callgrind_control", *options, str(process.pid)], check=True, stdout=subprocess.DEVNULL)


def of_start(binary, folder):
    """The profile of a start on a database that is there."""
    data = os.path.join(folder, "start-data")
    script, out = wrapped(folder, binary, "start")
    for program in (binary, script):
        port = free_port()
        process = subprocess.Popen(
            [program, "serve", "--port", str(port), "--data-dir", data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(port)
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live").read()
        # Let the tasks beside it start.
        time.sleep(3)
        if program == script:
            control(process, "-d")
            time.sleep(1)
        end([process])
    return Profile(out)


def of_calls(binary, folder, spawn):
    """The profile of creates and of lists, over one connection."""
    sink = free_port()
    spawn(compiled_sink(folder), str(sink), "0", "1000")
    wait_for(sink)
    script, out = wrapped(folder, binary, "calls", "--instr-atstart=no")
    gateway = Gateway(script, sink, folder)
    calls = Calls(gateway)

    def each(count):
        calls.creates(count)
        calls.lists(count // 5)

    # What runs once is a matter of the start.
    each(CALLS)
    control(gateway.process, "-i", "on")
    each(CALLS)
    control(gateway.process, "-i", "off")
    control(gateway.process, "-d")
    time.sleep(1)
    gateway.stop()
    return Profile(out)


def main():
    binary, target = sys.argv[1:]
    with workplace() as (folder, spawn):
        plain = os.path.join(folder, "attache")
        # valgrind takes long to read what is there for debuggers.
        subprocess.check_call(["objcopy", "--strip-debug", binary, plain])
        symbols = subprocess.check_output(["nm", "--defined-only", plain], text=True)
        known = {line.split()[2] for line in symbols.splitlines() if re.match(r"\S+ [tTwW] \S+$", line)}
        calls = of_calls(plain, folder, spawn).ordered(CALLS // 50)
        start = of_start(plain, folder).ordered(0)
    # The sandbox answers in the same process here, and not where calls are many.
    order = [name for name in dict.fromkeys(calls + start) if name in known and not name.startswith("$s7Sandbox")]
    with open(target, "w") as f:
        f.write(HEADER + "".join(name + "\n" for name in order))
    print(f"{target}: {len(order)} functions, {len([name for name in calls if name in known])} of them of each call")


main()
