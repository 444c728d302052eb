"""Times jsonatapy: jsonata_py.py MAPPING INPUT SECONDS"""
import json
import sys
import time

import jsonatapy

mapping, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
source = open(mapping, encoding="utf-8").read()
text = open(path, encoding="utf-8").read()


def rate(body):
    for _ in range(2):
        body()
    end = time.perf_counter() + seconds / 2
    turns, spent = 0, 0.0
    while True:
        start = time.perf_counter()
        body()
        spent += time.perf_counter() - start
        turns += 1
        if time.perf_counter() >= end:
            return turns / spent


expression = jsonatapy.compile(source)
data = jsonatapy.JsonataData.from_json(text)
print(json.dumps({
    "evals_per_s": rate(lambda: expression.evaluate_with_data(data)),
    "end_to_end_per_s": rate(lambda: expression.evaluate_json(text)),
}))
