"""Requests at a constant rate, as wrk2 sends them: a late response delays no later request in the count of latencies."""
import socket, statistics, sys, threading, time


def exchange(connection, request, buffer):
    """Sends a request and reads its response, which must have a content-length, to the end."""
    connection.sendall(request)
    head = b""
    while b"\r\n\r\n" not in head:
        count = connection.recv_into(buffer)
        if not count:
            sys.exit("the connection ended within a response")
        head += buffer[:count]
    head, _, body = head.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    if b" 200" not in lines[0]:
        sys.exit(f"answered {lines[0].decode()}")
    left = next(int(line[15:]) for line in lines if line.startswith(b"content-length:")) - len(body)
    while left > 0:
        count = connection.recv_into(buffer, min(left, len(buffer)), socket.MSG_WAITALL)
        left -= count
        if not count:
            sys.exit("the connection ended within a response")


def paced(target, rate, seconds, connections):
    """The median and the 99th percentile of the latency in ms at so many requests a second, spread evenly over the connections.

    A latency counts from the moment at which the request was due, also where its connection was still busy then.
    """
    head = [f"GET {target.path} HTTP/1.1", "Host: 127.0.0.1", *target.headers]
    request = "".join(line + "\r\n" for line in head + [""]).encode()
    latencies, failures = [], []
    start = time.monotonic() + 0.05

    def run(number):
        buffer, own = memoryview(bytearray(1 << 20)), []
        with socket.create_connection(("127.0.0.1", target.port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for turn in range(number, int(rate * seconds), connections):
                due = start + turn / rate
                if (wait := due - time.monotonic()) > 0:
                    time.sleep(wait)
                exchange(connection, request, buffer)
                own.append(time.monotonic() - due)
        latencies.extend(own)

    def guarded(number):
        try:
            run(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        sys.exit(f"{target.name}: {failures[0]}")
    cuts = statistics.quantiles(latencies, n=100)
    return cuts[49] * 1000, cuts[98] * 1000
