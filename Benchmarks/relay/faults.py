#!/usr/bin/env python3
"""Meets the gateway with providers that misbehave, ten thousand times over, and looks at what is left of it.

Called by script/bench faults. Each row is one way to misbehave: its answers must be of one status and code, and come no
later than its deadline and 100 ms. What waits for its deadline may take as much longer as the same upload takes where
nothing goes wrong, measured right before and after: the machine may do other things too. At the end the gateway must have
given back its files and its memory.
"""
import argparse, asyncio, collections, json, os, shutil, sys, tempfile, time

from harness import Gateway, memory

# It has not read the body, so the connection is of no more use.
REFUSAL = b"HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 18\r\n\r\n{\"message\":\"full\"}"
STORED = (b"HTTP/1.1 201 Created\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 47\r\n\r\n"
          b'{"data":{"id":"1","filename":"a.txt","size":1}}')
CUT = b"HTTP/1.1 201 Created\r\ncontent-length: 9999\r\n\r\n{"
# Seconds: UpstreamLimits.json and UpstreamLimits.stream.
CALL, IDLE = 25, 60


class Peer:
    """One connection of a provider."""

    def __init__(self, reader, writer):
        self.reader, self.writer, self.head, self.taken = reader, writer, b"", 0

    async def begin(self):
        self.head = await self.reader.readuntil(b"\r\n\r\n")

    async def take(self, count):
        """Reads until so many bytes of the body have come."""
        while self.taken < count:
            chunk = await self.reader.read(min(65536, count - self.taken))
            if not chunk:
                raise ConnectionError
            self.taken += len(chunk)

    async def whole(self):
        lines = self.head.lower().split(b"\r\n")
        await self.take(int(next(line for line in lines if line.startswith(b"content-length:"))[15:]))

    def reset(self):
        self.writer.transport.abort()

    def say(self, data):
        self.writer.write(data)

    async def forever(self):
        """Until the gateway hangs up."""
        while await self.reader.read(65536):
            pass


async def reset_at(peer, count):
    await peer.take(count)
    peer.reset()


async def after_all(peer, *steps):
    await peer.whole()
    for step in steps:
        peer.say(step) if isinstance(step, bytes) else await step(peer)


async def early(peer, count, answer):
    await peer.take(count)
    peer.say(answer)
    await peer.forever()


async def stall(peer):
    # A full window of a peer that reads no more.
    await asyncio.sleep(3 * IDLE)


async def half_close(peer):
    peer.writer.write_eof()
    await peer.forever()


async def hang_up(peer):
    peer.writer.close()


async def reset(peer):
    peer.reset()


async def drip(peer):
    try:
        while not peer.writer.is_closing():
            peer.say(b".")
            await asyncio.sleep(0.5)
    except ConnectionError:
        pass


async def silence(peer):
    await peer.forever()


# The last is more than the buffers of two sockets take, so that it is never all on its way.
SMALL, LARGE, HUGE = 2000, 2 << 20, 24 << 20
Row = collections.namedtuple("Row", "name size status code deadline act")
ROWS = [
    Row("reset at byte 0", HUGE, 502, "provider_unreachable", CALL, None),
    Row("reset at byte 100,000", HUGE, 502, "provider_unreachable", CALL, lambda p: reset_at(p, 100_000)),
    Row("reset after the whole", SMALL, 500, "outcome_unknown", CALL, lambda p: after_all(p, reset)),
    Row("hang-up after the whole", SMALL, 500, "outcome_unknown", CALL, lambda p: after_all(p, hang_up)),
    Row("half-closed after the whole", SMALL, 500, "outcome_unknown", CALL, lambda p: after_all(p, half_close)),
    Row("reset after a streamed whole", LARGE, 500, "outcome_unknown", CALL, lambda p: after_all(p, reset)),
    Row("half an answer", SMALL, 500, "outcome_unknown", CALL, lambda p: after_all(p, CUT, hang_up)),
    Row("garbage", SMALL, 502, "bad_provider_response", CALL, lambda p: after_all(p, b"SSH-2.0\r\n\r\n", silence)),
    Row("garbage in mid-upload", HUGE, 502, "bad_provider_response", CALL, lambda p: early(p, 200_000, b"\1\2\r\n\r\n")),
    Row("refusal at the head", HUGE, 413, "remote_error", CALL, lambda p: early(p, 0, REFUSAL)),
    Row("refusal in mid-upload", HUGE, 413, "remote_error", CALL, lambda p: early(p, 200_000, REFUSAL)),
]
SLOW = [
    Row("silence", SMALL, 500, "outcome_unknown", CALL, lambda p: after_all(p, silence)),
    Row("an answer that stops", SMALL, 500, "outcome_unknown", CALL, lambda p: after_all(p, CUT, silence)),
    Row("an answer that drips", SMALL, 500, "outcome_unknown", CALL, lambda p: after_all(p, CUT, drip)),
    Row("silence after a streamed whole", LARGE, 500, "outcome_unknown", IDLE, lambda p: after_all(p, silence)),
    Row("stall at byte 0", HUGE, 504, "provider_timeout", IDLE, stall),
]


async def serve(row):
    async def client(reader, writer):
        peer = Peer(reader, writer)
        try:
            if row.act:
                await peer.begin()
                await row.act(peer)
            else:
                peer.reset()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
    return await asyncio.start_server(client, "127.0.0.1", 0)


async def upload(gateway, row):
    """One upload, read while it is written; gives its status, its code and its seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    began = time.monotonic()

    def moved():
        nonlocal began
        if row.deadline == IDLE:  # counts from the last byte that moved
            began = time.monotonic()
    target = gateway.target()
    writer.write((f"POST {target.path}&file_name=a.txt HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/octet-stream\r\n"
                  f"{target.headers[0]}\r\ncontent-length: {row.size}\r\n\r\n").encode())

    async def send():
        try:
            for at in range(0, row.size, 65536):
                writer.write(b"x" * min(65536, row.size - at))
                await writer.drain()
                moved()
        except ConnectionError:
            pass

    sending = asyncio.create_task(send())
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        took = time.monotonic() - began
        length = int(next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))[15:])
        body = json.loads(await reader.readexactly(length))
        return int(head.split()[1]), body.get("code"), took
    except (ConnectionError, asyncio.IncompleteReadError) as error:
        return 0, type(error).__name__, time.monotonic() - began
    finally:
        sending.cancel()
        writer.close()


async def meet(gateway, row, count, width):
    server = await serve(row)
    gateway.turn_to(server.sockets[0].getsockname()[1])
    await asyncio.sleep(1.1)  # accounts are read again after 0.9 s
    outcomes, longest, left = collections.Counter(), 0, count

    async def work():
        nonlocal longest, left
        while left > 0:
            left -= 1
            status, code, took = await upload(gateway, row)
            outcomes[(status, code)] += 1
            longest = max(longest, took)

    await asyncio.gather(*(work() for _ in range(width)))
    server.close()
    return outcomes, longest


async def usual(gateway, row, width):
    """The longest that the row's uploads take from a provider without a fault, in seconds from where its deadline counts."""
    outcomes, longest = await meet(gateway, row._replace(act=lambda peer: after_all(peer, STORED)), width, width)
    assert set(outcomes) == {(200, None)}, outcomes
    return longest


def held(pid):
    return len(os.listdir(f"/proc/{pid}/fd")), round(memory(pid, "VmRSS"), 1), len(os.listdir(f"/proc/{pid}/task"))


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("attache")
    parser.add_argument("--count", type=int, default=10_000, help="of faults that need no waiting")
    parser.add_argument("--width", type=int, default=32)
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="attache-bench-")
    gateway = Gateway(options.attache, 1, work, "--upload-lookahead", "64KiB")
    pid, faults = gateway.process.pid, 0
    try:
        for row in ROWS:
            await meet(gateway, row, 100, options.width)
        await asyncio.sleep(20)  # unused connections are kept for 15 s
        before = held(pid)
        for row in ROWS + SLOW:
            count = options.width if row in SLOW else options.count // len(ROWS) + 1
            before_it = await usual(gateway, row, options.width) if row in SLOW else 0
            outcomes, longest = await meet(gateway, row, count, options.width)
            slack = 0.1 + (max(before_it, await usual(gateway, row, options.width)) if row in SLOW else 0)
            good = set(outcomes) == {(row.status, row.code)} and longest <= row.deadline + slack
            faults += not good
            shown = ", ".join(f"{status} {code}: {number}" for (status, code), number in outcomes.items())
            print(f"{'ok  ' if good else 'FAIL'} {row.name}: {shown}; {longest:.3f} s at most, of {row.deadline} + {slack:.3f}", flush=True)
        await asyncio.sleep(20)
        after = held(pid)
        print(f"open files {before[0]} → {after[0]}, resident MB {before[1]} → {after[1]}, threads {before[2]} → {after[2]}")
        faults += after[0] > before[0] or after[1] > before[1] * 1.2
    finally:
        gateway.stop()
        shutil.rmtree(work, ignore_errors=True)
    return faults


sys.exit(1 if asyncio.run(main()) else 0)
