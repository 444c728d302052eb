"""Compares the engine with others on a folder of mappings: medians of interleaved rounds.

compare.py BENCH FOLDER [--rounds N] [--seconds S] [--jsonata-js MODULE] [--python PYTHON]

FOLDER holds NAME.jsonata, NAME.input.json and NAME.expected.json. Without MODULE jsonata-js is left out; PYTHON is an
interpreter that has jsonatapy.
"""
import argparse
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys

parser = argparse.ArgumentParser()
parser.add_argument("bench")
parser.add_argument("folder")
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--seconds", type=float, default=1.0)
parser.add_argument("--jsonata-js")
parser.add_argument("--python")
options = parser.parse_args()
here = os.path.dirname(os.path.abspath(__file__))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.stderr.write(f"{command[0]}: {done.stderr.strip()[:300]}\n")
        return {}
    return json.loads(done.stdout)


def engines(name):
    mapping, text = f"{options.folder}/{name}.jsonata", f"{options.folder}/{name}.input.json"
    seconds = str(options.seconds)
    yield "attache", lambda: run(options.bench, "--mapping", mapping, "--input", text, "--seconds", seconds)
    yield "attache JSON", lambda: run(options.bench, "--json", "--input", text, "--seconds", seconds)
    yield "node JSON", lambda: run("node", f"{here}/json_js.js", text, seconds)
    if options.jsonata_js:
        module = os.path.abspath(options.jsonata_js)
        yield "jsonata-js", lambda: run("node", f"{here}/jsonata_js.js", module, mapping, text, seconds)
    if options.python:
        yield "jsonatapy", lambda: run(options.python, f"{here}/jsonata_py.py", mapping, text, seconds)


names = sorted(f[:-8] for f in os.listdir(options.folder) if f.endswith(".jsonata"))
failed = False
for name in names:
    printed = subprocess.run(
        [options.bench, "--mapping", f"{options.folder}/{name}.jsonata", "--input",
         f"{options.folder}/{name}.input.json", "--print"], capture_output=True, text=True).stdout
    with open(f"{options.folder}/{name}.expected.json", encoding="utf-8") as expected:
        if printed.rstrip("\n") != expected.read().rstrip("\n"):
            failed = True
            print(f"{name}: OUTPUT DIFFERS")

results = {name: {} for name in names}
for _ in range(options.rounds):
    for name in names:
        for engine, measure in engines(name):
            for key, value in measure().items():
                results[name].setdefault(engine, {}).setdefault(key, []).append(value)

median = {
    name: {engine: {key: statistics.median(values) for key, values in keys.items()} for engine, keys in found.items()}
    for name, found in results.items()
}


def table(title, ours, key, others):
    print(f"\n{title}, ms (and how many times as long as attache)")
    ratios = {}
    for name in names:
        mine = median[name][ours][key]
        line = f"{name:24} {1000 / mine:8.3f}"
        for other in others:
            theirs = median[name].get(other, {}).get(key)
            if theirs:
                ratios.setdefault(other, []).append(mine / theirs)
                line += f"   {other} {1000 / theirs:8.2f} ({mine / theirs:5.1f}x)"
        print(line)
    for other, values in ratios.items():
        mean = math.exp(sum(map(math.log, values)) / len(values))
        print(f"{'geometric mean':24} {other} {mean:.1f}x, least {min(values):.1f}x")


table("Evaluation", "attache", "evals_per_s", ["jsonata-js", "jsonatapy"])
table("End to end", "attache", "end_to_end_per_s", ["jsonata-js", "jsonatapy"])
table("JSON parse", "attache JSON", "parses_per_s", ["node JSON"])
table("JSON write", "attache JSON", "writes_per_s", ["node JSON"])


def allocations(name, turns):
    """Heap blocks that a run of so many evaluations allocates, counted by valgrind."""
    done = subprocess.run(
        ["valgrind", options.bench, "--mapping", f"{options.folder}/{name}.jsonata", "--input",
         f"{options.folder}/{name}.input.json", "--turns", str(turns)], capture_output=True, text=True)
    found = re.search(r"total heap usage: ([0-9,]+) allocs", done.stderr)
    return int(found.group(1).replace(",", "")), json.loads(done.stdout)["records"]


print("\nPer record of evaluation:")
for name in names:
    line = f"{name:24} {median[name]['attache']['arena_bytes_per_record']:6.0f} bytes of arena"
    if shutil.which("valgrind"):
        (few, records), (many, _) = allocations(name, 1), allocations(name, 11)
        line += f", {(many - few) / 10 / records:.2f} heap allocations"
    print(line)
sys.exit(1 if failed else 0)
