#!/usr/bin/env python3
"""Grow-only set without any library: gossip and union, as in examples/g-set.ts.

Shows how to do something periodically while waiting for messages: a second thread gossips. Two threads that share a set
and a stdout need a lock around both, otherwise a set changes while it is being read, or two messages end up in one
line.
"""

import json
import sys
import threading
import time

GOSSIP_SECONDS = 0.5

lock = threading.Lock()
elements = set()
node_id = None
peers = []


def send(dest, body):
    print(json.dumps({"src": node_id, "dest": dest, "body": body}), flush=True)


def reply(request, body):
    body["in_reply_to"] = request["body"]["msg_id"]
    send(request["src"], body)


def gossip():
    while True:
        time.sleep(GOSSIP_SECONDS)
        with lock:
            for peer in peers:
                send(peer, {"type": "merge", "elements": list(elements)})


def handle(request):
    global node_id, peers
    body = request["body"]
    kind = body["type"]
    if kind == "init":
        node_id = body["node_id"]
        peers = [name for name in body["node_ids"] if name != node_id]
        # A daemon thread does not keep the program alive once stdin is closed.
        threading.Thread(target=gossip, daemon=True).start()
        reply(request, {"type": "init_ok"})
    elif kind == "add":
        elements.add(body["element"])
        reply(request, {"type": "add_ok"})
    elif kind == "read":
        reply(request, {"type": "read_ok", "value": list(elements)})
    elif kind == "merge":
        elements.update(body["elements"])  # between nodes: no reply
    else:
        reply(request, {"type": "error", "code": 10, "text": f"{kind} is not supported"})


for line in sys.stdin:
    with lock:
        handle(json.loads(line))

# The lock is never released: the interpreter must not shut down while the other thread is printing.
lock.acquire()
