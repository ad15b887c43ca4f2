/**
 * docs/services.md: the services, with examples of nodes that use them, taken from programs that the tests run, and of
 * requests and replies.
 */
import { readFileSync } from 'node:fs';
import { packageFile } from '../../../harness/package-folder.ts';
import { describeRpc, rpcShapes } from '../../../protocol/rpc/describe-rpc.ts';
import { stringifyJson, type JsonObject } from '../../../protocol/json.ts';
import { kvServiceRpcs } from '../../../protocol/rpcs/kv.ts';
import { tsRpc } from '../../../protocol/rpcs/tso.ts';
import { LinKv } from '../../../services/lin-kv.ts';
import { LinTso } from '../../../services/lin-tso.ts';
import { ServiceMemory } from '../../../services/service-memory.ts';
import type { ServiceMachine } from '../../../services/service.ts';
import { SERVICE_NAMES, SERVICE_WORDS } from '../../../services/start-services.ts';
import { code, GENERATED, page, sentence, table } from '../markdown.ts';
import type { Topic } from '../topic.ts';

export const servicesPage = (): string =>
  page(
    INTRODUCTION,
    table(
      ['name', 'what it is'],
      SERVICE_NAMES.map((name) => [code(name), SERVICE_WORDS[name]]),
    ),
    KEY_VALUE,
    ...kvServiceRpcs.map(describeRpc),
    '## lin-tso',
    describeRpc(tsRpc),
    ...examples(),
  );

/** Lines of a program in examples/: from the first that starts with `from` to before the next that starts with `to`. */
interface Excerpt {
  readonly file: string;
  readonly from: string;
  readonly to?: string;
}

function excerpt({ file, from, to }: Excerpt): string {
  const lines = readFileSync(packageFile(`examples/${file}`), 'utf8').split('\n');
  const first = lines.findIndex((line) => line.startsWith(from));
  const end =
    to === undefined ? lines.length : lines.findIndex((line, at) => at > first && line.startsWith(to));
  if (first < 0 || end < 0)
    throw new Error(`examples/${file} has no lines from ${from} to ${to ?? 'its end'}`);
  return lines.slice(first, end).join('\n').trim();
}

const block = (language: string, text: string): string => ['```' + language, text, '```'].join('\n');

function examples(): readonly string[] {
  return [
    '## Examples',
    EXAMPLES,
    '### JavaScript and TypeScript',
    SDK,
    block('ts', excerpt({ file: 'g-counter-seq-kv.ts', from: 'import' })),
    '### Python',
    'From [lin-kv.py](../examples/python/lin-kv.py), which forwards requests and returns the answers:',
    block('python', excerpt({ file: 'python/lin-kv.py', from: 'def pass_on', to: 'def give_up' })),
    '### Go',
    'The same in [lin-kv.go](../examples/go/lin-kv.go):',
    block(
      'go',
      excerpt({ file: 'go/lin-kv.go', from: 'func (n *Node) passOn', to: 'func (n *Node) giveUp' }),
    ),
    '### JSON alone',
    JSON_ALONE,
    block('json', exchange(new LinKv('lin-kv', new ServiceMemory()), KV_REQUESTS)),
    '`lin-tso` answers with integers that only grow:',
    block('json', exchange(new LinTso(), [{ type: 'ts' }, { type: 'ts' }])),
    OTHERS,
  ];
}

type Request = JsonObject & { readonly type: string };

const KV_REQUESTS: readonly Request[] = [
  { type: 'read', key: 'sum' },
  { type: 'cas', key: 'sum', from: 0, to: 5, create_if_not_exists: true },
  { type: 'cas', key: 'sum', from: 0, to: 8 },
  { type: 'write', key: 'sum', value: 9 },
  { type: 'read', key: 'sum' },
];

/** Returns what a service replies to these requests in sequence, in wire format. */
function exchange(service: ServiceMachine, requests: readonly Request[]): string {
  return requests
    .flatMap((request, at) => {
      const answer = service.handle(request.type, request, 'n1');
      const fields: JsonObject =
        answer.kind === 'ok'
          ? { type: answer.type, in_reply_to: at + 1, ...answer.fields }
          : {
              type: 'error',
              in_reply_to: at + 1,
              code: answer.kind === 'full' ? 11 : answer.code,
              text: answer.text,
            };
      return [
        stringifyJson({ src: 'n1', dest: service.name, body: { ...request, msg_id: at + 1 } }),
        stringifyJson({ src: service.name, dest: 'n1', body: fields }),
      ];
    })
    .join('\n');
}

export const serviceTopics = (): readonly Topic[] =>
  SERVICE_NAMES.map((name) => ({
    kind: 'service',
    name,
    text: page(
      sentence(SERVICE_WORDS[name]),
      ...(name === 'lin-tso' ? [tsRpc] : kvServiceRpcs).map((rpc) =>
        ['```', ...rpcShapes(rpc), '```'].join('\n'),
      ),
      `Send it messages addressed to ${code(name)}, as to any node. Partitions never cut it off.`,
    ),
    page: 'services.md',
  }));

const EXAMPLES = `
Send a service a request as you would send it to a node: with a \`msg_id\` of your own. Then wait for the answer with that id in \`in_reply_to\`.
Keep reading stdin meanwhile: other messages may arrive first. If the answer takes longer than you can wait, the outcome is unknown: answer
your client with error 0, not with an error that promises that nothing happened.
`;

const SDK = `
The SDK has \`LinKv\`, \`SeqKv\`, \`LwwKv\` and \`LinTso\`. A counter that keeps its sum in \`seq-kv\`, from [g-counter-seq-kv.ts](../examples/g-counter-seq-kv.ts):
`;

const JSON_ALONE = `
The lines on stdout and stdin: requests of \`n1\`, and the answers of \`lin-kv\`.
`;

const OTHERS = `
There are such programs also in [Rust](../examples/rust/lin-kv.rs), [Ruby](../examples/ruby/lin-kv.rb), [Java](../examples/java/LinKv.java),
[C](../examples/c/lin-kv.c) and [Bash](../examples/bash/lin-kv.sh). \`seq-kv\` and \`lww-kv\` take the same requests under their own names.
`;

const INTRODUCTION = `
${GENERATED}

# Services

Stores that nodes may use. Nodes reach them by messages addressed to these names. Partitions never cut them off, but
messages to them take as long as messages between nodes. They answer only requests: they ignore errors and any message with an
\`in_reply_to\`.

`;

const KEY_VALUE = `
## lin-kv, seq-kv, lww-kv

Keys and values are any JSON. Two are equal if they are the same value: the order of an object's keys does not matter, and 1 is
not 1.0. A missing field counts as null, so a \`read\` without \`key\` usually gets error 20.

All services together keep at most 256 MiB. A request that would exceed this is refused with error 11, and a warning names
the service.
`;
