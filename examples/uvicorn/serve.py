"""uvicorn under start_server, losing no request; its own --fd takes one socket only, and closes connections too early.

    start_server --port=8080 -- python3 examples/uvicorn/serve.py app:app
"""
import asyncio
import os
import socket
import sys

import uvicorn


class Server(uvicorn.Server):
    """Told to end, uvicorn closes every connection that has no request at that moment; the next one may be under way."""

    async def shutdown(self, sockets=None):
        for server in self.servers:
            server.close()
        # A second for connections to get an answer, which tells the client that it is the last one.
        last = self.server_state.default_headers + [(b"connection", b"close")]
        for place in self.server_state, *self.server_state.connections:
            place.default_headers = last
        await asyncio.sleep(1)
        await super().shutdown(sockets)


def inherited():
    """The sockets of "8080=3;/tmp/app.sock=4": the number after the last "=" is a descriptor that listens."""
    entries = os.environ["SERVER_STARTER_PORT"].split(";")
    return [socket.socket(fileno=int(entry.rpartition("=")[2])) for entry in entries]


Server(uvicorn.Config(sys.argv[1], access_log=False)).run(sockets=inherited())
