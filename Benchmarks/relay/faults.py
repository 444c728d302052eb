#!/usr/bin/env python3
"""Meets the gateway with providers that misbehave, ten thousand times over, and looks at what is left of it.

Called by script/bench faults. Each row is one way to misbehave towards one kind of call: its responses must be of one status and
code, and come no later than its deadline and 100 ms. What waits for its deadline may take as much longer as the same call takes
where nothing goes wrong, measured right before and after: the machine may do other things too. After each row the same account
must work again, so no refresh that failed may have lost it. At the end the gateway must have given back its files and its memory.
"""
import argparse, asyncio, collections, json, os, shutil, sys, tempfile, time, urllib.parse

from harness import Gateway, memory
from peer import (
    BLACK_HOLE, REFUSED, RESET, Provider, after_all, drip, early, good, half_close, hang_up, late, narrow, pieces, reset, reset_at,
    response, silence, stall)

# It has not read the body, so the connection is of no more use.
REFUSAL = response("413 Too Large", b'{"message":"full"}')
CUT = b"HTTP/1.1 201 Created\r\ncontent-length: 9999\r\n\r\n{"
# Seconds: UpstreamLimits.json and .stream, three connections of 10 s, three token requests with the pauses between them, and what
# it takes to see that a response keeps to no pace (limit.pace), from the beginning of the call.
CALL, IDLE, CONNECTS, REFRESH, PACE = 25, 60, 31, 47, 35


# A kind of call: the account's integration, how it is made, the bytes of its body, and what a good provider gives.
Call = collections.namedtuple("Call", "name integration path size good")
UPLOAD = "/unified/ats/attachments?integrated_account_id={account}&file_name=a.txt"
STORED = response("201 Created", b'{"data":{"id":"1","filename":"a.txt","size":1}}')
# The last is more than the buffers of two sockets take, so that it is never all on its way.
SMALL = Call("small create", "lever", UPLOAD, 2000, STORED)
LARGE = Call("large create", "lever", UPLOAD, 2 << 20, STORED)
HUGE = Call("huge create", "lever", UPLOAD, 24 << 20, STORED)
LIST = Call("list", "lever", "/unified/ats/jobs?integrated_account_id={account}&limit=50", None, response(
    "200 OK", json.dumps({"data": [{"id": str(n), "text": "x" * 100, "state": "published"} for n in range(50)], "hasNext": False}).encode()))
DOWNLOAD = Call("download", "lever", "/unified/ats/attachments/download?integrated_account_id={account}&id=1&candidate_id=2&file_url="
                + urllib.parse.quote("http://127.0.0.1/v1/opportunities/2/files/1/download"), 0, response("200 OK", b"x" * 20_000, "text/plain"))
TOKENS = Call("refresh", "jobadder", "/integrated-account/refresh-credentials", None, response(
    "200 OK", b'{"access_token":"a","refresh_token":"r","token_type":"Bearer","expires_in":3600}'))

# `code` is the error's, or CUT_OFF where a response that had begun ended too early: there is no taking back its status.
CUT_OFF = "cut off"
Row = collections.namedtuple("Row", "call name status code deadline act")


def alike(status, code, deadline, act, name, *calls):
    return [Row(call, name, status, code, deadline, act) for call in calls]


WRITES, READS = (SMALL, LARGE), (LIST, DOWNLOAD)
UNREACHABLE, UNKNOWN, TIMEOUT = (502, "provider_unreachable"), (500, "outcome_unknown"), (504, "provider_timeout")
NOT_REFRESHED, FINE = (502, "credentials_refresh_failed"), (200, None)
ROWS = [
    *alike(*UNREACHABLE, CALL, REFUSED, "refused", *WRITES, *READS),
    *alike(*UNREACHABLE, CALL, RESET, "reset at connect", HUGE, *READS),
    Row(HUGE, "reset at byte 100,000", *UNREACHABLE, CALL, reset_at(100_000)),
    *alike(*UNKNOWN, CALL, after_all(reset), "reset after the whole", *WRITES),
    *alike(*UNKNOWN, CALL, after_all(hang_up), "hang-up after the whole", *WRITES),
    *alike(*UNKNOWN, CALL, after_all(half_close), "half-closed after the whole", *WRITES),
    *alike(*UNREACHABLE, CALL, after_all(reset), "reset after the request", *READS),
    *alike(*UNREACHABLE, CALL, after_all(hang_up), "hang-up after the request", *READS),
    *alike(*UNREACHABLE, CALL, after_all(half_close), "half-closed after the request", *READS),
    *alike(*UNKNOWN, CALL, after_all(0.9, hang_up), "hang-up in the response", *WRITES),
    *alike(*UNKNOWN, CALL, after_all(0.9, reset), "reset in the response", *WRITES),
    *alike(*UNREACHABLE, CALL, after_all(0.9, hang_up), "hang-up in the response", LIST),
    *alike(*UNREACHABLE, CALL, after_all(0.9, reset), "reset in the response", LIST),
    *alike(*UNREACHABLE, CALL, after_all(0.9, half_close), "half-closed in the response", LIST),
    *alike(200, CUT_OFF, CALL, after_all(0.9, hang_up), "hang-up in the response", DOWNLOAD),
    *alike(200, CUT_OFF, CALL, after_all(0.9, reset), "reset in the response", DOWNLOAD),
    *alike(200, CUT_OFF, CALL, after_all(0.9, half_close), "half-closed in the response", DOWNLOAD),
    *alike(502, "bad_provider_response", CALL, after_all(b"SSH-2.0\r\n\r\n", silence), "garbage", SMALL, *READS),
    Row(HUGE, "garbage in mid-upload", 502, "bad_provider_response", CALL, early(200_000, b"\1\2\r\n\r\n")),
    Row(HUGE, "refusal at the head", 413, "remote_error", CALL, early(0, REFUSAL)),
    Row(HUGE, "refusal in mid-upload", 413, "remote_error", CALL, early(200_000, REFUSAL)),
]
SLOW = [
    *alike(*FINE, CALL, late(2), "latency of 2 s", *WRITES, *READS, TOKENS),
    *alike(*FINE, CALL, pieces(1, 0.01), "a byte at a time", *WRITES, TOKENS),
    *alike(*FINE, CALL, pieces(7, 0.001), "seven bytes at a time", *READS),
    *alike(*FINE, CALL, pieces(500, 0.1), "5 kB a second", *READS),
    Row(LARGE, "1 MB a second", *FINE, CALL, narrow(1 << 20)),
    *alike(*UNREACHABLE, CALL, BLACK_HOLE, "black hole at connect", SMALL, LIST),
    *alike(*UNREACHABLE, CONNECTS, BLACK_HOLE, "black hole at connect", HUGE, DOWNLOAD),
    Row(HUGE, "black hole at the head", *TIMEOUT, IDLE, stall),
    *alike(*UNKNOWN, CALL, after_all(silence), "black hole after the whole", SMALL),
    *alike(*UNKNOWN, IDLE, after_all(silence), "black hole after the whole", LARGE),
    *alike(*TIMEOUT, CALL, after_all(silence), "black hole after the request", *READS),
    *alike(*UNKNOWN, CALL, after_all(CUT, silence), "black hole in the response", SMALL),
    *alike(*TIMEOUT, CALL, after_all(0.9, silence), "black hole in the response", LIST),
    *alike(200, CUT_OFF, IDLE, after_all(0.9, silence), "black hole in the response", DOWNLOAD),
    *alike(*UNKNOWN, CALL, after_all(CUT, drip), "a response that drips", SMALL),
    *alike(*TIMEOUT, CALL, after_all(0.5, drip), "a response that drips", LIST),
    *alike(200, CUT_OFF, PACE, after_all(0.5, drip), "a response that drips", DOWNLOAD),
    # A refresh is tried three times, so none of its faults is over at once.
    *(Row(TOKENS, name, *NOT_REFRESHED, REFRESH, act) for name, act in {
        "refused": REFUSED, "reset at connect": RESET, "black hole at connect": BLACK_HOLE,
        "reset after the request": after_all(reset), "hang-up after the request": after_all(hang_up),
        "half-closed after the request": after_all(half_close), "black hole after the request": after_all(silence),
        "hang-up in the response": after_all(0.9, hang_up), "reset in the response": after_all(0.9, reset),
        "black hole in the response": after_all(0.9, silence), "a response that drips": after_all(CUT, drip),
        "garbage": after_all(b"SSH-2.0\r\n\r\n", silence)}.items()),
]


class Meeting:
    """A row with a provider and an account of its own."""

    def __init__(self, gateway, row, width):
        self.gateway, self.row, self.provider = gateway, row, Provider(row.call.good)
        self.account = gateway.account(row.call.integration, self.provider.port)
        # Calls that want the same account refreshed share one refresh.
        self.width = 1 if row.call is TOKENS else width

    async def usual(self):
        """The longest that the row's calls take from a provider without a fault, in seconds from where its deadline counts."""
        outcomes, longest = await self.meet(good, self.width)
        assert set(outcomes) == {(200, None)}, (self.row.call.name, self.row.name, outcomes)
        return longest

    async def meet(self, act, count):
        await self.provider.turn(act)
        outcomes, longest, left = collections.Counter(), 0, count

        async def work():
            nonlocal longest, left
            while left > 0:
                left -= 1
                status, code, took = await self.call()
                outcomes[(status, code)] += 1
                longest = max(longest, took)

        await asyncio.gather(*(work() for _ in range(self.width)))
        await self.provider.close()
        return outcomes, longest

    async def call(self):
        """One call, read while it is written; gives its status, its code and its seconds."""
        call, deadline = self.row.call, self.row.deadline
        reader, writer = await asyncio.open_connection("127.0.0.1", self.gateway.port)
        began = time.monotonic()

        def moved():
            nonlocal began
            if deadline == IDLE:  # counts from the last byte that moved
                began = time.monotonic()

        body = json.dumps({"id": self.account}).encode() if call is TOKENS else None
        length = call.size if body is None else len(body)
        lines = [f"{'GET' if length is None else 'POST'} {call.path.format(account=self.account)} HTTP/1.1", "host: localhost",
                 f"authorization: Bearer {self.gateway.ready['token']}", "connection: close"]
        if length is not None:
            lines += [f"content-length: {length}"]
        if length:
            lines += [f"content-type: {'application/json' if body else 'application/octet-stream'}"]
        writer.write("".join(line + "\r\n" for line in lines + [""]).encode() + (body or b""))

        async def send():
            try:
                for at in range(0, 0 if body else length or 0, 65536):
                    writer.write(b"x" * min(65536, length - at))
                    await writer.drain()
                    moved()
            except ConnectionError:
                pass

        sending, status = asyncio.create_task(send()), 0
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            status, took = int(head.split()[1]), time.monotonic() - began
            left = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), None)
            text = b""
            while left:
                chunk = await reader.read(left)
                if not chunk:
                    raise ConnectionError
                left -= len(chunk)
                text += chunk
                took = time.monotonic() - began
                if status == 200:
                    moved()
            assert left is not None, head
            return status, json.loads(text).get("code") if status != 200 else None, took
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            return status, CUT_OFF if status else type(error).__name__, time.monotonic() - began
        finally:
            sending.cancel()
            writer.close()

    async def judged(self, count, is_slow, wait=0):
        """Meets the row's fault so often; prints how it went, and gives whether it is wrong."""
        await asyncio.sleep(wait)
        before_it = await self.usual() if is_slow else 0
        outcomes, longest = await self.meet(self.row.act, count)
        after_it = await self.usual()
        row, slack = self.row, 0.1 + (max(before_it, after_it) if is_slow else 0)
        fine = set(outcomes) == {(row.status, row.code)} and longest <= row.deadline + slack
        shown = ", ".join(f"{status} {code or 'as without a fault'}: {number}" for (status, code), number in outcomes.items())
        print(f"{'ok  ' if fine else 'FAIL'} {row.call.name}, {row.name}: {shown}; {longest:.3f} s at most, of {row.deadline} + {slack:.3f}",
              flush=True)
        return not fine


def held(pid):
    return len(os.listdir(f"/proc/{pid}/fd")), round(memory(pid, "VmRSS"), 1), len(os.listdir(f"/proc/{pid}/task"))


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("attache")
    parser.add_argument("--count", type=int, default=10_000, help="of faults that need no waiting")
    parser.add_argument("--width", type=int, default=32)
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="attache-bench-")
    gateway = Gateway(options.attache, 1, work, "--upload-lookahead", "64KiB", "--vendors", "lever,jobadder")
    pid, faults = gateway.process.pid, 0
    fast = [Meeting(gateway, row, options.width) for row in ROWS]
    # Those that wait do so together; few of each, and one row after another, so that the machine is not what they wait for.
    slow = [Meeting(gateway, row, min(options.width, 4)) for row in SLOW]
    try:
        for meeting in fast:
            await meeting.meet(meeting.row.act, 100)
        await asyncio.gather(*(meeting.usual() for meeting in slow))
        await asyncio.sleep(20)  # unused connections are kept for 15 s
        before = held(pid)
        for meeting in fast:
            faults += await meeting.judged(options.count // len(ROWS) + 1, False)
        faults += sum(await asyncio.gather(*(meeting.judged(meeting.width, True, at / 4) for at, meeting in enumerate(slow))))
        await asyncio.sleep(20)
        after = held(pid)
        print(f"open files {before[0]} → {after[0]}, resident MB {before[1]} → {after[1]}, threads {before[2]} → {after[2]}")
        faults += after[0] > before[0] or after[1] > before[1] * 1.2
    finally:
        gateway.stop()
        shutil.rmtree(work, ignore_errors=True)
    return faults


sys.exit(1 if asyncio.run(main()) else 0)
