"""Counts the source files that one upload goes through: script/bench way.

The program is built with coverage, and makes a hundred uploads. Two numbers come of it: the files in which some function runs for each of
them, and those among them in which an asynchronous function or a handler of a channel does. In the latter an upload waits or is handed
on, so they are where one stops to follow it; most of the others only help: a parser, a text, a time. The sandbox and the packages of
others are not counted.
"""
import json, os, re, subprocess, sys, urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import Gateway, compiled_sink, form, free_port, tool, wait_for, workplace

UPLOADS = 100
# Of a hundred uploads; what runs now and then, by the clock, runs less often.
EACH = UPLOADS // 2
STOP = re.compile(r"\basync\b|channelRead|ChannelHandlerContext")


def counts(binary, folder, sink, name, uploads):
    """How often each function ran, by file and name."""
    home = os.path.join(folder, name)
    os.mkdir(home)
    raw = os.path.join(home, "raw")
    os.environ["LLVM_PROFILE_FILE"] = raw
    gateway = Gateway(binary, sink, home)
    body, media_type = form("%PDF-1.4")
    headers = {"Authorization": f"Bearer {gateway.ready['token']}", "Content-Type": media_type}
    for _ in range(uploads):
        address = gateway.ready["base_url"] + gateway.target().path
        urllib.request.urlopen(urllib.request.Request(address, body, headers)).read()
    gateway.stop()
    subprocess.check_call([tool("llvm-profdata"), "merge", "-sparse", raw, "-o", raw + ".data"])
    exported = subprocess.check_output(
        [tool("llvm-cov"), "export", "-format=text", "-skip-expansions", binary, f"-instr-profile={raw}.data"],
        stderr=subprocess.DEVNULL)
    return {(f["filenames"][0], f["name"]): f["count"] for f in json.loads(exported)["data"][0]["functions"]}


binary = os.path.realpath(sys.argv[1])
with workplace() as (folder, spawn):
    sink = free_port()
    spawn(compiled_sink(folder), str(sink), "0", "1000")
    wait_for(sink)
    idle = counts(binary, folder, sink, "idle", 0)
    busy = counts(binary, folder, sink, "busy", UPLOADS)
ran = {}
for (path, name), count in busy.items():
    if "/Sources/" in path and not re.search("/checkouts/|/Packages/|/Sources/Sandbox/", path):
        if count - idle.get((path, name), 0) >= EACH:
            ran.setdefault(path.split("/Sources/")[1], []).append(name.split(":")[-1])
names = [name for functions in ran.values() for name in functions]
readable = subprocess.check_output([tool("swift-demangle")], input="\n".join(names), text=True).split("\n")
readable = dict(zip(names, readable))
stops = sorted(path for path, functions in ran.items() if any(STOP.search(readable[f]) for f in functions))
print("\n".join(stops))
print(f"files in which an upload waits or is handed on: {len(stops)}; files of which something runs for each upload: {len(ran)}")
