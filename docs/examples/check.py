"""Checks an example's answer: check.py ANSWER NAME SHA256. With ATTACHE_SANDBOX, what the vendor received too."""

import json
import os
import sys
import urllib.request

answer_path, name, sha256 = sys.argv[1:]
with open(answer_path) as file:
    answer = json.load(file)

faults = []
if not isinstance(answer.get("id"), str) or not answer["id"]:
    faults.append("the answer has no id")
if answer.get("file_name") != name:
    faults.append(f"file_name is {answer.get('file_name')!r}, not {name!r}")

sandbox = os.environ.get("ATTACHE_SANDBOX")
if sandbox:
    with urllib.request.urlopen(sandbox + "/_sandbox/requests") as response:
        received = json.load(response)
    requests = received if isinstance(received, list) else next(iter(received.values()))
    hashes = [part.get("sha256") for request in requests for part in request.get("parts") or []]
    if hashes != [sha256]:
        faults.append(f"the vendor received {hashes}, not the file once")

for fault in faults:
    print(fault, file=sys.stderr)
sys.exit(1 if faults else 0)
