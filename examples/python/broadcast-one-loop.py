#!/usr/bin/env python3
"""Broadcast without a second thread: one loop waits for messages and for the time of the next resend.

Shows select() with a time limit. It does not see what Python has buffered, so the node reads bytes itself and splits
them into lines. Nothing runs concurrently, so no lock is needed. As there are no threads in WebAssembly, this node also
runs in the simulated world (docs/wasm.md).
"""

import json
import os
import select
import sys
import time

AGAIN_SECONDS = 0.5
STDIN = 0

node_id = None
seen = set()
unheard = {}  # for each neighbour, the values that it may not know yet


def send(dest, body):
    print(json.dumps({"src": node_id, "dest": dest, "body": body}), flush=True)


def reply(request, body):
    body["in_reply_to"] = request["body"]["msg_id"]
    send(request["src"], body)


def learn(value, teller):
    if value in seen:
        return
    seen.add(value)
    for neighbour, values in unheard.items():
        if neighbour != teller:
            values.add(value)
            send(neighbour, {"type": "tell", "values": [value]})


def say_again():
    for neighbour, values in unheard.items():
        if values:
            send(neighbour, {"type": "tell", "values": list(values)})


def handle(request):
    global node_id
    src, body = request["src"], request["body"]
    kind = body["type"]
    if kind == "init":
        node_id = body["node_id"]
        reply(request, {"type": "init_ok"})
    elif kind == "topology":
        for neighbour in body["topology"][node_id]:
            unheard[neighbour] = set(seen)
        reply(request, {"type": "topology_ok"})
    elif kind == "broadcast":
        learn(body["message"], src)
        reply(request, {"type": "broadcast_ok"})
    elif kind == "read":
        reply(request, {"type": "read_ok", "messages": list(seen)})
    elif kind == "tell":  # between nodes, like its acknowledgement
        for value in body["values"]:
            learn(value, src)
        send(src, {"type": "heard", "values": body["values"]})
    elif kind == "heard":
        unheard[src].difference_update(body["values"])
    elif "msg_id" in body:
        reply(request, {"type": "error", "code": 10, "text": f"{kind} is not supported"})


begun = b""  # of a line whose end has not come yet
again_at = time.monotonic() + AGAIN_SECONDS
while True:
    ready, _, _ = select.select([STDIN], [], [], max(0, again_at - time.monotonic()))
    if ready:
        chunk = os.read(STDIN, 65536)
        if not chunk:
            sys.exit()
        *lines, begun = (begun + chunk).split(b"\n")
        for line in lines:
            handle(json.loads(line))
    if time.monotonic() >= again_at:
        again_at = time.monotonic() + AGAIN_SECONDS
        say_again()
