#!/usr/bin/env python3
"""How soon attache dev has a sandbox of every vendor, with an account each, and what they take in memory.

Called by script/bench sandboxes. Each round starts with an empty folder; the time ends when the ready file is whole. Memory is
resident memory a second later. Fails beyond 1 s or 110 MB, or below 30 accounts.
"""
import argparse, json, os, statistics, subprocess, sys, time

from harness import memory, workplace


def start(binary, folder, vendors):
    os.mkdir(folder)
    ready = os.path.join(folder, "ready.json")
    began = time.monotonic()
    process = subprocess.Popen(
        [binary, "dev", "--vendors", vendors, "--port", "0", "--ready-file", ready, "--data-dir", folder],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not os.path.exists(ready):
            if process.poll() is not None:
                sys.exit(f"attache dev ended with {process.returncode}")
            time.sleep(0.002)
        seconds = time.monotonic() - began
        with open(ready) as file:
            accounts = len(json.load(file)["accounts"])
        time.sleep(1)
        return seconds, memory(process.pid, "VmRSS"), accounts
    finally:
        process.terminate()
        process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--vendors", default="all")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with workplace() as (work, _):
        rounds = [start(options.binary, os.path.join(work, str(n)), options.vendors) for n in range(options.rounds)]
    seconds, megabytes, accounts = (statistics.median(column) for column in zip(*rounds))
    ok = seconds < 1 and megabytes < 110 and accounts >= 30
    print(f"{'ok  ' if ok else 'FAIL'} {accounts} accounts, ready after {seconds:.2f} s of 1, {megabytes:.1f} MB of 110")
    sys.exit(not ok)


main()
