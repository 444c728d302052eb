#!/usr/bin/env python3
"""Judges the history of cluster.py: judge.py HISTORY. Each line is an event; `t` is in seconds, of one clock for all.

- No key has two copies at the provider; one that was acknowledged has one; every key ended in 200 or in outcome_unknown.
- No refresh token is used when it is dead, and no account ends without good credentials. Two refreshes of an account at one time, and a
  token that is used again, need a reason: a fault between the first use and the second.
- While nothing is wrong the provider is called no more often than the limit says, give or take a second for the way. Beside faults the
  bounds are those of docs/design/limits.md: a burst more for each node that counts alone and for each restart of PostgreSQL, and what
  a node that was held, or cut off from the provider, had let in before.
"""
import collections, json, sys

# How long a fault may show after it ended: the idempotency lease, which is the longer one, and the time-outs of TCP.
AFTERMATH = 35


class Faults:
    def __init__(self, events):
        self.spans, open_ones = [], {}
        for event in events:
            if event["event"] == "fault":
                open_ones[event["name"]] = (event["t"], event["kind"])
            elif event["event"] == "healed":
                began, kind = open_ones.pop(event["name"])
                self.spans.append((began, event["t"], kind))

    def explain(self, since, until):
        """Whether a fault lay between two moments, or not long before."""
        return any(began <= until and ended + AFTERMATH >= since for began, ended, _ in self.spans)

    def count(self, *kinds):
        return sum(kind in kinds for _, _, kind in self.spans)


def excess(times, rate):
    """The most calls in any span of time beyond what the rate alone allows in it."""
    most, lowest = 0, float("inf")
    for number, t in enumerate(times):
        lowest = min(lowest, number - rate * t)
        most = max(most, number + 1 - rate * t - lowest)
    return most


def creates(events):
    copies, ended = collections.Counter(), collections.defaultdict(list)
    for event in events:
        if event["event"] == "stored":
            copies[event["key"]] += 1
        elif event["event"] == "create":
            ended[event["key"]].append((event["status"], event.get("code")))
    faults = [f"{key}: {count} copies" for key, count in copies.items() if count > 1]
    faults += [f"{key}: acknowledged and not there" for key, all_of_it in ended.items() if any(s == 200 for s, _ in all_of_it) and not copies[key]]
    faults += [f"{key}: no outcome, last {all_of_it[-1]}" for key, all_of_it in ended.items()
               if all_of_it[-1] != (500, "outcome_unknown") and all_of_it[-1][0] != 200]
    good = sum(all_of_it[-1][0] == 200 for all_of_it in ended.values())
    attempts = sum(map(len, ended.values()))
    return faults, f"{len(ended)} keys in {attempts} attempts, {good} acknowledged, {len(ended) - good} of unknown outcome"


def refreshes(events, known):
    faults, tokens, again, together = [], [event for event in events if event["event"] == "token"], 0, 0
    by_account, first = collections.defaultdict(list), {}
    for event in sorted(tokens, key=lambda event: event["began"]):
        if event["kind"] == "dead":
            faults.append(f"{event['token']}: a dead token was used")
        if event["kind"] == "again":
            again += 1
            if not known.explain(first.get(event["token"], event["began"]), event["began"]):
                faults.append(f"{event['token']}: used again without a reason")
        first.setdefault(event["token"], event["began"])
        for other in by_account[event["account"]]:
            if other["t"] > event["began"]:
                together += 1
                if not known.explain(other["began"], event["began"]):
                    faults.append(f"{event['token']}: two refreshes at one time")
        by_account[event["account"]].append(event)
    faults += [f"{event['account']}: {event['status']} {event.get('code')} at node {event['node']} in the end"
               for event in events if event["event"] == "final" and event["status"] != 200]
    return faults, f"{len(tokens)} refreshes, {again} with a token used before, {together} beside another"


def limits(events, known, setup):
    rate, burst = setup["requests"] / setup["seconds"], setup["burst"]
    faults, worst = [], {"calm": 0, "faults": 0}
    bounds = {"calm": burst + rate,
              "faults": burst * (1 + known.count("data", "database", "postgres", "pooler")) + rate
              + setup["clients"] * known.count("hold", "out")}
    calls = sorted((event["t"], event["account"]) for event in events if event["event"] in ("call", "refused"))
    for account in {account for _, account in calls}:
        times = [t for t, each in calls if each == account]
        spans = {"faults": [times], "calm": []}
        for t in times:
            if known.explain(t - 1 + AFTERMATH, t):
                spans["calm"].append([])
            elif not spans["calm"]:
                spans["calm"].append([t])
            else:
                spans["calm"][-1].append(t)
        for name, lists in spans.items():
            worst[name] = max([worst[name]] + [excess(each, rate) for each in lists])
    faults += [f"{worst[name]:.1f} calls beyond the rate, of {bounds[name]:g} ({name})" for name in worst if worst[name] > bounds[name]]
    return faults, f"{len(calls)} calls, {worst['calm']:.1f} beyond the rate of {bounds['calm']:g} ({worst['faults']:.1f} of {bounds['faults']:g} beside faults)"


def judge(path, note=""):
    """Prints the figure, and what is wrong; gives whether something is."""
    with open(path) as file:
        events = sorted(map(json.loads, file), key=lambda event: event["t"])
    setup, known = next(event for event in events if event["event"] == "setup"), Faults(events)
    results = [creates(events), refreshes(events, known), limits(events, known, setup)]
    faults = [fault for each, _ in results for fault in each]
    kinds = collections.Counter(kind for _, _, kind in known.spans)
    for fault in faults[:20]:
        print("FAIL", fault)
    print(f"{len(known.spans)} faults ({', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}): "
          + "; ".join(figure for _, figure in results) + f"; {len(faults)} violations" + note)
    # A run without faults, creates and refreshes has tried nothing.
    return bool(faults) or not known.spans or not all(any(e["event"] == kind for e in events) for kind in ("stored", "token", "final"))


if __name__ == "__main__":
    sys.exit(judge(sys.argv[1]))
