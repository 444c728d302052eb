"""Requests at a constant rate by `paced.swift`: a program of its own, since threads of Python wait for each other."""
import os, subprocess


def compiled_paced(folder):
    """The client, compiled into the folder."""
    binary = os.path.join(folder, "paced")
    subprocess.check_call(["swiftc", "-O", os.path.join(os.path.dirname(os.path.abspath(__file__)), "paced.swift"), "-o", binary])
    return binary


def paced(binary, target, rate, seconds, connections):
    """The median and the 99th percentile of the latency in ms at so many requests a second, spread evenly over the connections."""
    head = [f"GET {target.path} HTTP/1.1", "Host: 127.0.0.1", *target.headers]
    request = os.path.join(os.path.dirname(binary), f"{target.name}.request")
    with open(request, "w", newline="") as file:
        file.write("".join(line + "\r\n" for line in head + [""]))
    out = subprocess.check_output([binary, str(target.port), str(rate), str(seconds), str(connections), request], text=True)
    return tuple(float(figure) for figure in out.split())
