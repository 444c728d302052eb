"""Machines on networks of their own: namespaces of Linux, on three bridges of the namespace that this process runs in.

The process has to be alone in its network, mount and PID namespaces (`isolate`): nothing is left behind when it ends, however it
ends. Each machine has a line to those of the bridges that it is given, on each at the same last number: 10.99.1.N, 10.99.2.N, 10.99.3.N. This
process is number 254 on all. A line that is cut loses what is sent over it, in both directions, and nobody is told.
"""
import os, subprocess, sys

BRIDGES = {"data": "10.99.1", "out": "10.99.2", "in": "10.99.3"}
SELF = 254


def isolate():
    """Starts this program again in namespaces of its own; returns in that second process."""
    if os.environ.get("ATTACHE_ISOLATED"):
        return
    if os.geteuid():
        sys.exit("network namespaces need root")
    os.environ["ATTACHE_ISOLATED"] = "1"
    os.execvp("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable, *sys.argv])


def ip(*arguments):
    subprocess.check_call(["ip", *arguments])


def address(bridge, number):
    return f"{BRIDGES[bridge]}.{number}"


class Network:
    def __init__(self):
        os.makedirs("/run/netns", exist_ok=True)
        subprocess.check_call(["mount", "-t", "tmpfs", "tmpfs", "/run/netns"])
        ip("link", "set", "lo", "up")
        for bridge in BRIDGES:
            ip("link", "add", bridge, "type", "bridge")
            ip("addr", "add", address(bridge, SELF) + "/24", "dev", bridge)
            ip("link", "set", bridge, "up")

    def machine(self, name, number, *bridges):
        return Machine(name, number, bridges)


class Machine:
    def __init__(self, name, number, bridges):
        self.name, self.number = name, number
        ip("netns", "add", name)
        ip("-n", name, "link", "set", "lo", "up")
        for bridge in bridges:
            ip("link", "add", f"{name}-{bridge}", "type", "veth", "peer", "name", bridge, "netns", name)
            ip("-n", name, "addr", "add", address(bridge, number) + "/24", "dev", bridge)
            ip("-n", name, "link", "set", bridge, "up")
            ip("link", "set", f"{name}-{bridge}", "master", bridge, "up")

    def at(self, bridge):
        return address(bridge, self.number)

    def command(self, *command):
        return ["ip", "netns", "exec", self.name, *command]

    def cut(self, bridge):
        ip("link", "set", f"{self.name}-{bridge}", "nomaster")

    def mend(self, bridge):
        ip("link", "set", f"{self.name}-{bridge}", "master", bridge)
