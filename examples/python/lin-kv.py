#!/usr/bin/env python3
"""Linearizable key-value store without any library: every request is forwarded to the service `lin-kv`.

Shows a node that asks another one before it answers. Clients number their requests independently of each other, so the
node gives its own numbers to the requests that it forwards, and remembers the original request of each. Replies are
handed back unchanged, including errors. When there is none, the client gets error 0, which promises nothing: the write
may have been lost, or may have been executed. A definite error would be a lie, and a retry might execute it twice.
"""

import itertools
import json
import sys
import threading
import time

PATIENCE_SECONDS = 2

lock = threading.Lock()
node_id = None
# Starts at the current time, so that a late reply to an earlier life of this node is not mistaken for one to this life.
numbers = itertools.count(int(time.time() * 1000))
waiting = {}  # by this node's number: the client's request, and its deadline


def send(dest, body):
    print(json.dumps({"src": node_id, "dest": dest, "body": body}), flush=True)


def reply(request, body):
    send(request["src"], {**body, "in_reply_to": request["body"]["msg_id"]})


def pass_on(request):
    number = next(numbers)
    waiting[number] = (request, time.monotonic() + PATIENCE_SECONDS)
    send("lin-kv", {**request["body"], "msg_id": number})


def hand_back(answer):
    request, _ = waiting.pop(answer["in_reply_to"], (None, None))
    if request is not None:  # else it comes too late: the client has its answer
        reply(request, {name: value for name, value in answer.items() if name != "msg_id"})


def give_up():
    while True:
        time.sleep(0.1)
        with lock:
            now = time.monotonic()
            for number, (request, deadline) in list(waiting.items()):
                if deadline < now:
                    del waiting[number]
                    reply(request, {"type": "error", "code": 0, "text": "lin-kv does not answer"})


def handle(request):
    global node_id
    body = request["body"]
    kind = body["type"]
    if "in_reply_to" in body:
        hand_back(body)
    elif kind == "init":
        node_id = body["node_id"]
        # A daemon thread does not keep the program alive once stdin is closed.
        threading.Thread(target=give_up, daemon=True).start()
        reply(request, {"type": "init_ok"})
    elif kind in ("read", "write", "cas"):
        pass_on(request)
    elif "msg_id" in body:
        reply(request, {"type": "error", "code": 10, "text": f"{kind} is not supported"})


for line in sys.stdin:
    with lock:
        handle(json.loads(line))

# The lock is never released: the interpreter must not shut down while the other thread is printing.
lock.acquire()
