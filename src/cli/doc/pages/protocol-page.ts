/** docs/protocol.md. Text is written here only where no declaration has it. */
import { describeErrors, describeRpc } from '../../../protocol/describe-rpc.ts';
import { DEEPEST_MESSAGE, LONGEST_MESSAGE_NUMBER } from '../../../protocol/json-limits.ts';
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

A node is a program that reads messages from stdin and writes messages to stdout: one JSON object a line, in UTF-8. What it
writes to stderr is its log, kept in \`node-logs/\`; lines there that begin with \`@@maelstrom\` say [what must hold](#what-must-hold).

## Messages

\`\`\`json
{ "src": "c1", "dest": "n1", "body": { "type": "echo", "msg_id": 1, "echo": "hello" } }
\`\`\`

- \`src\` is the name of the sender. A node sends under its own name. (It may pass on a client's request in the client's name, and
  the answer then goes to that client; but that is a warning.)
- \`dest\` is the name of the receiver: a node (\`n1\`), a client (\`c1\`), or a [service](services.md) (\`lin-kv\`).
- \`body\` is an object with at least a \`type\`. Nodes are free to invent types for messages among themselves.
- Messages that are delivered also carry an \`id\`, unique in the network. Nodes need not send one.
- A node may add a [\`cause\`](#causes). There are no other fields.

In the body:

- \`type\`: what the message is. A reply to \`echo\` has the type \`echo_ok\`.
- \`msg_id\`: an integer chosen by the sender, unique among its messages. Needed where a reply is wanted.
- \`in_reply_to\`: in a reply, the \`msg_id\` of the request.

Finish every message with a newline, and flush stdout after it. Print nothing else there: anything on stdout that is not a message
makes the run invalid (with \`--lenient\`, a warning).

Numbers may have ${LONGEST_MESSAGE_NUMBER} characters at most, and arrays and objects may be nested ${DEEPEST_MESSAGE} levels deep, the message itself included.

## What counts as wrong

What breaks the protocol makes a run invalid: lines that are no messages, an unknown \`dest\`, a \`src\` that is neither the node
nor a client, answers of the wrong form, two answers to one request that contradict each other. \`--lenient\` makes all this a
warning.

What is odd but harmless is a warning, in the verdict's sentence and in the results under \`protocol.warnings\`, and changes no verdict.
\`--strict\` makes it a violation:

- null for an empty list or map in an answer, where null can mean nothing else: it is taken for the empty one
- a second answer that says the same as the first, or that settles what an indefinite error had left open; the first counts
- a message to a client that answers none of its requests
- a \`msg_id\` in an answer that is null, or in \`init_ok\` no integer: it is taken for none
- a node that closes its stdin and goes on running
- fields that the protocol does not know, in an answer or beside \`src\`, \`dest\` and \`body\`
- a message in a client's name
- an error code below 1000 that is not [listed](#errors): the operation counts as in doubt
- a [service](services.md) that refuses a request because it is full
- a line on stderr that is marked, and does not say [what must hold](#what-must-hold) in one of the forms below
- a line on stderr that should say [its state](#its-state), and cannot be read

Blank lines, answers that come after the client has given up, and causes that cannot be are reported, too, and are no violations even
with \`--strict\`.

## Causes

Where the environment variable \`MAELSTROM_CAUSES\` is \`1\`, a node may say which message one of its own follows from, by a field of the
envelope:

\`\`\`json
{ "src": "n1", "dest": "n2", "body": { "type": "forward", "msg_id": 7 }, "cause": 17 }
\`\`\`

- \`17\`: sent while handling the message with the \`id\` 17, or once that reply had come
- \`{"timer": 17}\`: sent by a timer that was set while handling message 17, such as a timeout
- \`null\`: follows from no message

The field is taken off: the receiver does not see it. It must name a message that this node has received; another is ignored and
reported, and the message is sent. The journal keeps causes, and the viewer then follows a request by what is known; messages
without one are taken to follow from what their sender had received before. Nodes on the SDK give causes by themselves, and simulated
nodes need not. The original Maelstrom knows no such field, so send it only where the variable asks for it.

## What must hold

A node may say what must hold inside it, by lines on its stderr: the marker \`@@maelstrom\`, a blank, and one JSON object.

\`\`\`
@@maelstrom {"assert": "always", "name": "one leader a term", "holds": false, "details": {"term": 3}}
@@maelstrom {"assert": "unreachable", "name": "a committed entry is overwritten", "details": {"index": 4}}
@@maelstrom {"assert": "sometimes", "name": "an election takes place", "holds": true}
@@maelstrom {"assert": "reachable", "name": "a snapshot is installed"}
@@maelstrom {"declare": "sometimes", "names": ["an election takes place"]}
\`\`\`

- \`always\` with \`holds\` false, and \`unreachable\`, make the run invalid. The verdict names the node, the time and the \`details\`
  (any JSON) of the first one of each name, and says how often it came. An \`always\` that holds need not be printed each time.
- \`sometimes\` with \`holds\` true, and \`reachable\`, say that something came. Names that are known and never came are a warning,
  which changes no verdict.
- \`declare\` makes names of one kind known, of which perhaps none comes.

A name is at most ${LONGEST_NAME} characters, written out in the program: ${MOST_NAMES} are kept, and what varies belongs into \`details\`. A line
has at most 64 KiB. [Writing a node](writing-nodes.md#what-must-hold) has examples, and what the SDK does.

## Its state

A node may say how it stands, for those who look at the run, by a line on its stderr that is one JSON object with the field
\`maelstrom\`, which is \`"state"\`. All its other fields are of the node's own choice:

\`\`\`
{"maelstrom": "state", "role": "leader", "term": 3, "leader": null}
\`\`\`

They replace those that it has said before, and the others stay; a field that is null is one that it has no more. Values are any JSON: of
one that is longer than ${LONGEST_VALUE} characters the beginning is kept. A node has up to ${MOST_FIELDS} fields, whose names have up to ${LONGEST_FIELD} characters. Only changes
are kept, in \`net-journal/states.jsonl\`, up to the ${MOST_CHANGES.toLocaleString('en')}th of a node (and 8 MiB); the run's log says when that was reached. It changes no verdict.
[Writing a node](writing-nodes.md#its-state) has examples, and what is shown of it.

## The network

The network may delay messages, and so change their order; with faults it may lose them or deliver them twice. Messages to and
from clients are neither delayed nor lost. What is sent to a node that has not answered its \`init\` yet waits, unless a service
sent it; a node that asks another node something before its own \`init_ok\` takes messages from then on. A client has one request in flight, waits five seconds for its reply, and ignores one that comes later.

## Starting
`;

const MEMBERSHIP = `
## Changing members

For clusters whose nodes may come and go, and only with the fault [\`membership\`](faults.md#membership), which also says what
becomes of an answer that is late or an error.
`;

const MEMBERSHIP_RPCS = [addMemberRpc, removeMemberRpc].map((rpc) => describeRpc(rpc));

const ERRORS = `
## Errors

Instead of its \`..._ok\`, a node may answer any request with an error:

\`\`\`json
{ "type": "error", "in_reply_to": 5, "code": 11, "text": "no leader at present" }
\`\`\`

A **definite** error says that the request certainly has not happened and never will. Any other, and no answer at all, leaves that
open: the checkers then allow for both. Do not answer with a definite error unless you are sure. Codes from 1000 are free for your own
use, and indefinite. [Errors](reference/errors.md) says when each is sent, and what becomes of the operation.
`;
