"""Passes connections to ports of this machine's address on to ports of its loopback, byte by byte."""

import asyncio
import signal
import sys

# Longer than the longest time between two scrapes, which share a connection.
SILENT_SECONDS = 600
# Prometheus needs one for each port; a visitor that opens more must not take the machine's memory.
VISITORS = 16
CHUNK = 65536


async def pour(data, source, sink):
    """Hands on until one side has ended, or is silent for too long."""
    try:
        while data:
            sink.write(data)
            await sink.drain()
            data = await asyncio.wait_for(source.read(CHUNK), SILENT_SECONDS)
    except (TimeoutError, OSError):
        pass
    finally:
        sink.close()


class Door:
    """What is behind one port."""

    def __init__(self, inner):
        self.inner = inner
        self.visitors = 0

    async def visit(self, reader, writer):
        """One connection. Who says nothing only wants to know whether somebody listens."""
        if self.visitors >= VISITORS:
            writer.close()
            return
        self.visitors += 1
        try:
            first = await asyncio.wait_for(reader.read(CHUNK), SILENT_SECONDS)
            if first:
                answers, sink = await asyncio.open_connection("127.0.0.1", self.inner)
                back = asyncio.ensure_future(self.answer(answers, writer))
                await pour(first, reader, sink)
                await back
        except (TimeoutError, OSError) as error:
            print(f"port {self.inner} of loopback: {error}", file=sys.stderr)
        finally:
            self.visitors -= 1
            writer.close()

    async def answer(self, answers, writer):
        """The way back."""
        try:
            first = await asyncio.wait_for(answers.read(CHUNK), SILENT_SECONDS)
        except (TimeoutError, OSError):
            first = b""
        await pour(first, answers, writer)


async def main(address, *pairs):
    """Listens until it is told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    for pair in pairs:
        outer, inner = pair.split(":")
        await asyncio.start_server(Door(int(inner)).visit, address, int(outer))
        print(f"{address}:{outer} leads to 127.0.0.1:{inner}", file=sys.stderr)
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
