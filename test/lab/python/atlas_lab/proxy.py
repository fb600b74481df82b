"""TCP proxy of one load balancer listener, on asyncio's transports."""
import asyncio
import ipaddress
import itertools
import logging
import time

LOG = logging.getLogger('dataplane')
CONNECT_TIMEOUT = 10.0


class Side(asyncio.Protocol):
    """One end of a proxied connection; bytes go to the other end as they come, no faster than it takes them."""

    def __init__(self, link):
        self.link, self.transport, self.peer, self.early = link, None, None, []

    def connection_made(self, transport):
        self.transport = transport

    def join(self, peer):
        self.peer = peer
        for chunk in self.early:
            peer.transport.write(chunk)
        self.early = []

    def data_received(self, data):
        self.link.touch()
        if self.peer:
            self.peer.transport.write(data)
        else:
            self.early.append(data)

    def pause_writing(self):
        if self.peer:
            self.peer.transport.pause_reading()

    def resume_writing(self):
        if self.peer and not self.peer.transport.is_closing():
            self.peer.transport.resume_reading()

    def eof_received(self):
        # Half closed: the other direction may still have much to say.
        if self.peer and self.peer.transport.can_write_eof() and not self.peer.transport.is_closing():
            self.peer.transport.write_eof()
        return True

    def connection_lost(self, error):
        self.link.close()


class Client(Side):
    """The end a client opened: checked, then joined to a member."""

    def connection_made(self, transport):
        super().connection_made(transport)
        self.link.begin(transport)


class Link:
    """Client and member of one connection."""

    def __init__(self, listener):
        self.listener, self.last = listener, time.monotonic()
        self.client, self.server = Client(self), Side(self)

    def touch(self):
        self.last = time.monotonic()

    def begin(self, transport):
        address = transport.get_extra_info('peername')[0]
        if not self.listener.allows(address):
            LOG.info('%s: refused %s: not in the allowed CIDRs', self.listener.name, address)
            transport.abort()
            return
        self.listener.links.add(self)
        asyncio.ensure_future(self.connect())

    async def connect(self):
        for address, port in self.listener.candidates():
            try:
                opening = asyncio.get_running_loop().create_connection(lambda: self.server, address, port)
                await asyncio.wait_for(opening, CONNECT_TIMEOUT)
            except (TimeoutError, OSError):
                continue
            if self.client.transport.is_closing():
                self.server.transport.abort()
                return
            self.client.join(self.server)
            self.server.join(self.client)
            return
        self.close()

    def close(self):
        self.listener.links.discard(self)
        for side in (self.client, self.server):
            if side.transport and not side.transport.is_closing():
                # What is still to be written goes out first.
                side.transport.close()


class Listener:
    """A listening address; the reconciler changes members, CIDRs and time limit while it runs."""

    def __init__(self, name, address, port):
        self.name, self.address, self.port = name, address, port
        self.members, self.allowed, self.idle = [], [], 50.0
        self.links, self.server, self.turn = set(), None, itertools.count()

    async def open(self):
        self.server = await asyncio.get_running_loop().create_server(
            lambda: Link(self).client, self.address, self.port, backlog=512)

    def close(self):
        if self.server:
            self.server.close()
        for link in list(self.links):
            link.close()

    def allows(self, address):
        return not self.allowed or any(ipaddress.ip_address(address) in network for network in self.allowed)

    def candidates(self):
        """Members in the order to try: healthy ones in turn."""
        if not self.members:
            return []
        start = next(self.turn) % len(self.members)
        return self.members[start:] + self.members[:start]

    def drop_idle(self):
        limit = time.monotonic() - self.idle
        for link in [link for link in self.links if link.last < limit]:
            LOG.info('%s: closed a connection that was idle for %.0f s', self.name, self.idle)
            link.close()
