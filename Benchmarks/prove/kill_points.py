#!/usr/bin/env python3
"""Kills the gateway at each system call of a create that carries an Idempotency-Key, one after another.

Called by script/prove. Each round starts the gateway, lets it begin one create, kills it at the n-th entry into or return from a
system call since then (ptrace.py), starts it again on the same database and repeats the create under its key. Three creates
that nobody kills say how many such moments there are, the fewest of the three, as a slow machine adds some of timers; the rounds are
spread evenly over them, from a start that the seed gives. No
key may have two copies at the provider, each create that was acknowledged must have its copy there, and in the end each key has
an outcome: stored, or unknown.
"""
import argparse, os, random, shutil, signal, sys, tempfile, threading

from crashes import Gateway, Judge, create, provider
from ptrace import kill_at


def killed(gateway, name, number):
    """One create, killed at that stop or once it has ended; gives its status, and how many stops there were."""
    status, process = [], gateway.process
    handle = os.pidfd_open(process.pid)  # Popen.kill() may take the end of the process away from the tracer

    def send():
        status.append(create(gateway, name))
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        except ProcessLookupError:
            pass

    thread = threading.Thread(target=send)
    stops = kill_at(process.pid, number, thread.start)
    thread.join()
    os.close(handle)
    process.returncode = -9
    return status[0], stops


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("attache")
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    port, judge = provider(), Judge()
    work = tempfile.mkdtemp(prefix="attache-prove-")
    gateway = Gateway(options.attache, port, work, "--vendors", "lever")

    def again(name):
        gateway.start()
        gateway.turn_to(port)
        return create(gateway, name)

    try:
        wholes = []
        for number in range(3):
            first, stops = killed(gateway, f"whole{number}", 0)
            judge.note(f"whole{number}", first, again(f"whole{number}"))
            wholes.append(stops)
        moments = min(wholes)
        dice, kills = random.Random(options.seed), set()
        for number in range(options.rounds):
            at = 1 + int((number + dice.random()) * moments / options.rounds)
            kills.add(at)
            first, _ = killed(gateway, f"r{number}", at)
            judge.note(f"r{number}", first, again(f"r{number}"))
        judge.settle(gateway)
    finally:
        gateway.stop()
        shutil.rmtree(work, ignore_errors=True)
    return judge.verdict(f"{options.rounds} kills at {len(kills)} of {moments} moments, seed {options.seed}")


sys.exit(main())
