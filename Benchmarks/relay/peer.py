"""Providers that misbehave: one connection of theirs, what it does, and where it listens."""
import asyncio, socket


class Peer:
    """One connection of a provider, which would give `good` were nothing wrong."""

    def __init__(self, reader, writer, good):
        self.reader, self.writer, self.good, self.head, self.taken = reader, writer, good, b"", 0

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
        await self.take(next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0))

    def reset(self):
        self.writer.transport.abort()

    def say(self, data):
        self.writer.write(data)

    async def forever(self):
        """Until the gateway hangs up."""
        while await self.reader.read(65536):
            pass


def response(status, body, content_type="application/json"):
    return (f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n").encode() + body


# What a connection does, given its peer; where the name is that of a maker, the maker's arguments first.

async def good(peer):
    await peer.whole()
    peer.say(peer.good)
    await peer.writer.drain()


def reset_at(count):
    async def act(peer):
        await peer.take(count)
        peer.reset()
    return act


def early(count, answer):
    async def act(peer):
        await peer.take(count)
        peer.say(answer)
        await peer.forever()
    return act


def after_all(*steps):
    """Takes the whole request, then does each step: bytes are sent, a share of the good response as far as it goes."""
    async def act(peer):
        await peer.whole()
        for step in steps:
            if isinstance(step, bytes):
                peer.say(step)
            elif isinstance(step, float):
                peer.say(peer.good[:int(len(peer.good) * step)])
                await peer.writer.drain()
                await asyncio.sleep(0.05)
            else:
                await step(peer)
    return act




def late(seconds):
    async def act(peer):
        await peer.whole()
        await asyncio.sleep(seconds)
        await good(peer)
    return act


def pieces(size, pause):
    """The good response, so many bytes at a time."""
    async def act(peer):
        await peer.whole()
        for at in range(0, len(peer.good), size):
            peer.say(peer.good[at:at + size])
            await peer.writer.drain()
            await asyncio.sleep(pause)
    return act


def narrow(rate):
    """Takes the request's body at so many bytes a second."""
    async def act(peer):
        lines = peer.head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
        while peer.taken < length:
            await peer.take(min(peer.taken + rate // 20, length))
            await asyncio.sleep(0.05)
        await good(peer)
    return act


async def stall(peer):
    # A full window of a peer that reads no more.
    await asyncio.sleep(180)


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


# How a listener meets a connection, where it does not serve.
REFUSED, RESET, BLACK_HOLE = "refused", "reset", "black hole"


class Provider:
    """A listener on a port of its own: first it behaves, and then as it is told."""

    def __init__(self, good):
        self.good, self.server, self.plugs = good, None, []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    async def turn(self, way):
        """Behaves in another way: an act of a peer, or one of the listener's."""
        await self.close()
        if way == REFUSED:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        if way == BLACK_HOLE:
            # Linux drops the SYN where nobody accepts and the queue is full.
            listener.listen(0)
            self.plugs = [listener]
            for _ in range(3):
                plug = socket.socket()
                plug.setblocking(False)
                plug.connect_ex(("127.0.0.1", self.port))
                self.plugs.append(plug)
            return

        async def client(reader, writer):
            peer = Peer(reader, writer, self.good)
            try:
                if way == RESET:
                    peer.reset()
                else:
                    await peer.begin()
                    await way(peer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                writer.close()

        listener.listen(512)
        self.server = await asyncio.start_server(client, sock=listener)

    async def close(self):
        if self.server:
            self.server.close()
            self.server = None
        for plug in self.plugs:
            plug.close()
        self.plugs = []
