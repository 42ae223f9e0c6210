"""Talks to Janus over its websocket transport: janus_client.py PORT JANUS_PID.

Called by janus.sh. Exits 0 when every answer is as Janus's documentation says.
"""

import json
import os
import sys
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

SECONDS = 10


def open_when_ready(port, pid):
    """Janus takes a moment to listen; gives up when it has ended or after 20 s."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return open_link(port)
        except OSError:
            os.kill(pid, 0)
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def open_link(port):
    return connect(
        f"ws://127.0.0.1:{port}/", subprotocols=["janus-protocol"], open_timeout=SECONDS, close_timeout=SECONDS,
        compression=None, proxy=None,
    )


def ask(link, **request):
    link.send(json.dumps(request))
    while True:
        answer = json.loads(link.recv(timeout=SECONDS))
        if answer.get("transaction") == request["transaction"]:
            return answer


def expect(answer, **wanted):
    for key, value in wanted.items():
        assert answer.get(key) == value, f"{key} is not {value!r} in {answer}"
    return answer


def main(port, pid):
    with open_when_ready(port, pid) as link:
        assert link.subprotocol == "janus-protocol", link.subprotocol
        info = expect(ask(link, janus="info", transaction="1"), janus="server_info", transaction="1", name="Janus WebRTC Server")
        transports = info["transports"]
        assert list(transports) == ["janus.transport.websockets"], transports
        print(f"janus {info['version_string']} answered: server_info, {len(json.dumps(info))} characters")

        session = expect(ask(link, janus="create", transaction="2"), janus="success")["data"]["id"]
        for n in range(200):
            expect(ask(link, janus="keepalive", session_id=session, transaction=f"k{n}"), janus="ack")
        expect(ask(link, janus="nonsense", session_id=session, transaction="3"), janus="error")
        link.send("no json")
        expect(json.loads(link.recv(timeout=SECONDS)), janus="error")
        # longer than one read: Janus puts the pieces together
        expect(ask(link, janus="ping", transaction="4", padding="x" * 20000), janus="pong")

        others = [open_link(port) for _ in range(10)]
        for n, other in enumerate(others):
            expect(ask(other, janus="ping", transaction=f"o{n}"), janus="pong")
        for other in others:
            other.close()

        # Janus pings idle clients each second (pingpong_trigger); this one must live through it
        time.sleep(2.5)
        expect(ask(link, janus="destroy", session_id=session, transaction="5"), janus="success")
    try:
        link.recv(timeout=1)
    except ConnectionClosed as closed:
        assert closed.rcvd.code == 1000, closed


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
