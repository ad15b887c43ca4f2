#!/usr/bin/env python3
"""Echo without any library: the whole protocol in one loop.

Shows what a node is: a program that reads messages from stdin, one JSON object per line, and writes messages to stdout
the same way. Two things are easily forgotten: a newline ends each message, and output must be flushed, or it stays in a
buffer while everyone waits for it. Debug output goes to stderr; stdout belongs to the protocol.
"""

import json
import sys

node_id = None


def reply(request, body):
    body["in_reply_to"] = request["body"]["msg_id"]
    message = {"src": node_id, "dest": request["src"], "body": body}
    print(json.dumps(message), flush=True)


for line in sys.stdin:
    request = json.loads(line)
    body = request["body"]
    if body["type"] == "init":
        node_id = body["node_id"]
        print(f"I am {node_id}", file=sys.stderr)
        reply(request, {"type": "init_ok"})
    elif body["type"] == "echo":
        reply(request, {"type": "echo_ok", "echo": body["echo"]})
    else:
        reply(request, {"type": "error", "code": 10, "text": f"{body['type']} is not supported"})
