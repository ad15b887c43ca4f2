#!/usr/bin/env python3
"""Broadcast without any library: a value sent to one node reaches all of them, even across partitions.

Shows how to be sure over a network that loses messages: for each neighbour the node keeps the values that this
neighbour has not acknowledged, and resends them until it does. Receiving a value twice does no harm, because adding it
to a set twice changes nothing.
"""

import json
import sys
import threading
import time

AGAIN_SECONDS = 0.5

lock = threading.Lock()
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
    while True:
        time.sleep(AGAIN_SECONDS)
        with lock:
            for neighbour, values in unheard.items():
                if values:
                    send(neighbour, {"type": "tell", "values": list(values)})


def handle(request):
    global node_id
    src, body = request["src"], request["body"]
    kind = body["type"]
    if kind == "init":
        node_id = body["node_id"]
        # A daemon thread does not keep the program alive once stdin is closed.
        threading.Thread(target=say_again, daemon=True).start()
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


for line in sys.stdin:
    with lock:
        handle(json.loads(line))

# The lock is never released: the interpreter must not shut down while the other thread is printing.
lock.acquire()
