/** docs/protocol.md. Text is written here only where no declaration has it. */
import { describeErrors, describeRpc } from '../../../protocol/rpc/describe-rpc.ts';
import { DEEPEST_MESSAGE, LONGEST_MESSAGE_NUMBER } from '../../../protocol/json/json-limits.ts';
import { initRpc } from '../../../protocol/rpcs/init.ts';
import { addMemberRpc, removeMemberRpc } from '../../../protocol/rpcs/membership.ts';
import { LONGEST_NAME, MOST_NAMES } from '../../../run/records/assertion-record.ts';
import {
  LONGEST_FIELD,
  LONGEST_VALUE,
  MOST_CHANGES,
  MOST_FIELDS,
} from '../../../run/records/state-record.ts';
import { GENERATED, page } from '../markdown.ts';

export const protocolPage = (): string =>
  page(PROTOCOL, describeRpc(initRpc), MEMBERSHIP, ...MEMBERSHIP_RPCS, ERRORS, describeErrors());

const PROTOCOL = `
${GENERATED}

# The protocol

A node is a program that reads messages from stdin and writes messages to stdout: one JSON object per line, in UTF-8. Its stderr
is its log, kept in \`node-logs/\`; lines there that begin with \`@@maelstrom\` are [assertions](#what-must-hold).

## Messages

\`\`\`json
{ "src": "c1", "dest": "n1", "body": { "type": "echo", "msg_id": 1, "echo": "hello" } }
\`\`\`

- \`src\` is the name of the sender. A node sends under its own name. (It may forward a client's request with the client's name as
  \`src\`; the answer then goes to that client. This is a warning.)
- \`dest\` is the name of the receiver: a node (\`n1\`), a client (\`c1\`), or a [service](services.md) (\`lin-kv\`).
- \`body\` is an object with at least a \`type\`. Nodes may define their own types for messages among themselves.
- Delivered messages also carry an \`id\`, unique in the network. Nodes need not send one.
- A node may add a [\`cause\`](#causes). There are no other fields.

In the body:

- \`type\`: the type of the message. A reply to \`echo\` has the type \`echo_ok\`.
- \`msg_id\`: an integer chosen by the sender, unique among its messages. Required if a reply is expected.
- \`in_reply_to\`: in a reply, the \`msg_id\` of the request.

End every message with a newline, and flush stdout after it. Print nothing else there: anything on stdout that is not a message
makes the run invalid (with \`--lenient\`, it is a warning).

Numbers may have at most ${LONGEST_MESSAGE_NUMBER} characters. Arrays and objects may be nested at most ${DEEPEST_MESSAGE} levels deep, including the message itself.

## What counts as wrong

Protocol violations make a run invalid: lines that are not messages, an unknown \`dest\`, a \`src\` that is neither the node nor a
client, answers with fields of the wrong type, two contradicting answers to one request. With \`--lenient\` these are warnings.

Harmless oddities are warnings. They appear in the verdict's sentence and in the results under \`protocol.warnings\`, and do not
change the verdict. With \`--strict\` they are violations:

- null instead of an empty list or map in an answer, where null can mean nothing else: it is read as the empty one
- a second answer that says the same as the first, or that settles an outcome that an indefinite error had left open; the first counts
- a message to a client that answers none of its requests
- a \`msg_id\` that is null in an answer, or not an integer in \`init_ok\`: it is ignored
- a node that closes its stdin and keeps running
- unknown fields, in an answer or next to \`src\`, \`dest\` and \`body\`
- a message with a client's name as its \`src\`
- an error code below 1000 that is not [listed](#errors): a read counts as failed, another operation as in doubt
- a [service](services.md) that refuses a request because it is full
- a marked line on stderr that is not an [assertion](#what-must-hold) in one of the forms below
- a line on stderr that should report [a state](#its-state) but cannot be parsed

Blank lines, answers that arrive after the client has given up, and impossible causes are also reported, but are never violations, even
with \`--strict\`.

## Causes

If the environment variable \`MAELSTROM_CAUSES\` is \`1\`, a node may say which message caused one of its own, in a field of the
envelope:

\`\`\`json
{ "src": "n1", "dest": "n2", "body": { "type": "forward", "msg_id": 7 }, "cause": 17 }
\`\`\`

- \`17\`: sent while handling the message with the \`id\` 17, or after that reply had arrived
- \`{"timer": 17}\`: sent by a timer that was set while handling message 17, such as a timeout
- \`null\`: no message caused it

The field is removed before delivery: the receiver does not see it. It must name a message that this node has received; any other
cause is ignored and reported, and the message is still sent. The journal keeps causes, and the viewer uses them to follow a request. A message
without a cause is assumed to follow from what its sender had received before. Nodes that use the SDK send causes automatically,
and simulated nodes need not send them. The original Maelstrom does not know this field, so send it only if the variable is set.

## What must hold

A node can report assertions about its internal state, as lines on its stderr: the marker \`@@maelstrom\`, a space, and one JSON object.

\`\`\`
@@maelstrom {"assert": "always", "name": "one leader a term", "holds": false, "details": {"term": 3}}
@@maelstrom {"assert": "unreachable", "name": "a committed entry is overwritten", "details": {"index": 4}}
@@maelstrom {"assert": "sometimes", "name": "an election takes place", "holds": true}
@@maelstrom {"assert": "reachable", "name": "a snapshot is installed"}
@@maelstrom {"declare": "sometimes", "names": ["an election takes place"]}
\`\`\`

- \`always\` with \`holds\` false, and \`unreachable\`, make the run invalid. For each name, the verdict gives the node, the time and the
  \`details\` (any JSON) of the first occurrence, and the number of occurrences. An \`always\` that holds need not be printed each time.
- \`sometimes\` with \`holds\` true, and \`reachable\`, report that something happened. A known name that is never reported is a
  warning, which does not change the verdict.
- \`declare\` makes names of one kind known, even if none of them is ever reported.

A name has at most ${LONGEST_NAME} characters and should be a literal in the program: at most ${MOST_NAMES} names are kept, and variable data belongs in
\`details\`. A line has at most 64 KiB. [Writing a node](writing-nodes.md#what-must-hold) has examples, and describes what the SDK does.

## Its state

A node can report its state, to be shown in views of the run, as a line on its stderr: one JSON object whose field
\`maelstrom\` is \`"state"\`. The node chooses all other fields:

\`\`\`
{"maelstrom": "state", "role": "leader", "term": 3, "leader": null}
\`\`\`

They replace the fields of the same names that it reported before; other fields stay. A field with the value null is removed. Values are any JSON; if
one is longer than ${LONGEST_VALUE} characters, only its beginning is kept. A node has at most ${MOST_FIELDS} fields, whose names have at most ${LONGEST_FIELD} characters. Only changes
are kept, in \`net-journal/states.jsonl\`: at most ${MOST_CHANGES.toLocaleString('en')} changes and 8 MiB per node; the run's log reports when a limit is reached. States do not change the verdict.
[Writing a node](writing-nodes.md#its-state) has examples, and describes where states are shown.

## The network

The network may delay messages, and so reorder them; with faults it may lose them or deliver them twice. Messages to and
from clients are neither delayed nor lost. Messages to a node that has not answered its \`init\` yet are held back, except those from
services; a node that sends a request to another node before its own \`init_ok\` receives messages from then on. A client has one request in
flight, waits five seconds for its reply, and ignores a reply that arrives later.

## Starting
`;

const MEMBERSHIP = `
## Changing members

For clusters whose nodes may join and leave, and only with the fault [\`membership\`](faults.md#membership). That section also describes
what happens if the answer is late or an error.
`;

const MEMBERSHIP_RPCS = [addMemberRpc, removeMemberRpc].map((rpc) => describeRpc(rpc));

const ERRORS = `
## Errors

Instead of its \`..._ok\`, a node may answer any request with an error:

\`\`\`json
{ "type": "error", "in_reply_to": 5, "code": 11, "text": "no leader at present" }
\`\`\`

A **definite** error means that the request certainly did not happen and never will. After any other error, or no answer at all, the
outcome is open, and the checkers allow for both. Do not answer with a definite error unless you are sure. Codes from 1000 are free for
your own use, and indefinite. [Errors](reference/errors.md) says when each is sent, and how the operation is recorded.
`;
