import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { storedRunSource } from '../../report/read/stored-run-source.ts';
import { RecordedRun } from '../recorded-run.ts';
import type { RequestRow, RequestTree } from '../views.ts';
import { MOST_MEMBERS } from './request-tree.ts';
import { writeSampleRun, type SampleMessage } from '../../../test/support/stored-run-sample.ts';

const root = mkdtempSync(join(tmpdir(), 'request-tree-test-'));
afterAll(() => rmSync(root, { recursive: true }));
let runs = 0;

const CLIENTS = [
  { name: 'c0', process: null, node: 'n1', time: 0 },
  ...['c1', 'c2'].map((name, process) => ({ name, process, node: 'n1', time: 0 })),
];

async function treeOf(messages: readonly SampleMessage[], id: number): Promise<RequestTree | undefined> {
  const spec = { nodes: ['n1', 'n2', 'n3'] };
  const source = storedRunSource(writeSampleRun(root, `run${runs++}`, { messages, clients: CLIENTS, spec }));
  source.refreshClients();
  const run = new RecordedRun(source);
  await run.refreshJournal();
  return run.requestTree(id);
}

/** Formats rows as `write c1>n1 | reply`, indented, with all their properties. */
const shown = (tree: RequestTree | undefined): string[] => (tree?.rows ?? []).map(line);

function line(row: RequestRow): string {
  const { message, reply, depth, againAfter, waitedUntil } = row;
  const words = [
    row.dropReason === undefined ? '' : `lost by ${row.dropReason}`,
    reply === undefined ? '' : `answered ${reply.id}`,
    row.byTimer ? 'by timer' : '',
    againAfter === undefined ? '' : `again after ${againAfter / 1e6}`,
    row.isWaitedFor ? 'waited for' : '',
    waitedUntil === undefined ? '' : `in vain until ${waitedUntil / 1e6}`,
    row.isTroubled ? 'troubled' : '',
    row.isGuessed ? 'guessed' : '',
  ];
  const parts = words.filter((word) => word !== '').join(', ');
  return `${'  '.repeat(depth)}${message.type} ${message.src}>${message.dest}${parts === '' ? '' : `: ${parts}`}`;
}

/** A message whose body has these numbers; the last argument is its origin. */
function sample(
  [src, dest]: readonly [string, string],
  type: string,
  sent: number,
  fate: { readonly arrives: readonly number[] } | { readonly lost: number } | Record<string, never>,
  numbers: { readonly msg_id?: number; readonly in_reply_to?: number; readonly value?: number } = {},
  origin?: number | { readonly timer: number } | null,
): SampleMessage {
  const from =
    origin === undefined
      ? undefined
      : origin === null
        ? { message: undefined, byTimer: false }
        : typeof origin === 'number'
          ? { message: origin, byTimer: false }
          : { message: origin.timer, byTimer: true };
  return {
    src,
    dest,
    sent,
    ...fate,
    body: JSON.stringify({ type, ...numbers }),
    ...(from === undefined ? {} : { origin: from }),
  };
}

/** n1 asks n2, its request is lost, and it repeats it after a timeout; meanwhile c2 reads, and n1 asks a service. */
const RETRIED: readonly SampleMessage[] = [
  sample(['c1', 'n1'], 'write', 0, { arrives: [1] }, { msg_id: 1 }, null),
  sample(['n1', 'lin-kv'], 'cas', 2, { arrives: [3] }, { msg_id: 10 }, 0),
  sample(['lin-kv', 'n1'], 'cas_ok', 4, { arrives: [5] }, { in_reply_to: 10 }, 1),
  sample(['n1', 'n2'], 'forward', 6, { lost: 8 }, { msg_id: 11, value: 5 }, 2),
  sample(['c2', 'n1'], 'read', 20, { arrives: [21] }, { msg_id: 1 }, null),
  sample(['n1', 'c2'], 'read_ok', 22, { arrives: [23] }, { in_reply_to: 1 }, 4),
  sample(['n1', 'n2'], 'forward', 1006, { arrives: [1010] }, { msg_id: 12, value: 5 }, { timer: 2 }),
  sample(['n2', 'n3'], 'note', 1011, { arrives: [1015] }, {}, 6),
  sample(['n2', 'n1'], 'forward_ok', 1012, { arrives: [1020] }, { in_reply_to: 12 }, 6),
  sample(['n1', 'c1'], 'write_ok', 1021, { arrives: [1022] }, { in_reply_to: 1 }, 8),
];

describe('the tree of a request', () => {
  const expected = [
    'write c1>n1: answered 9, troubled',
    '  forward n1>n2: lost by partition, in vain until 1006, troubled',
    '  cas n1>lin-kv: answered 2, waited for',
    '  forward n1>n2: answered 8, by timer, again after 1000, waited for',
    '    note n2>n3',
  ];

  it('has losses first, retries, and which node waited for which; no other request', async () => {
    expect(shown(await treeOf(RETRIED, 0))).toEqual(expected);
  });

  it('is the same from each of its messages', async () => {
    const whole = await treeOf(RETRIED, 0);
    for (const id of [1, 2, 3, 6, 7, 8, 9]) expect(await treeOf(RETRIED, id), String(id)).toEqual(whole);
  });

  it('spans the time from the request to its last message', async () => {
    expect(await treeOf(RETRIED, 0)).toMatchObject({ from: 0, to: 1022e6, isCut: false, guessedFor: [] });
  });

  it('of a missing message is undefined', async () => {
    for (const id of [-1, 10, 0.5, NaN]) expect(await treeOf(RETRIED, id)).toBeUndefined();
  });
});

it('waiting is followed over all rounds of a handler that calls one node after another', async () => {
  const messages = [
    sample(['c1', 'n1'], 'write', 0, { arrives: [1] }, { msg_id: 1 }, null),
    sample(['n1', 'n2'], 'log', 2, { arrives: [3] }, { msg_id: 10 }, 0),
    sample(['n1', 'n3'], 'ask', 2, { arrives: [3] }, { msg_id: 11 }, 0),
    sample(['n3', 'n1'], 'ask_ok', 4, { arrives: [5] }, { in_reply_to: 11 }, 2),
    sample(['n1', 'n3'], 'commit', 6, { arrives: [7] }, { msg_id: 12 }, 3),
    sample(['n3', 'n1'], 'commit_ok', 8, { arrives: [9] }, { in_reply_to: 12 }, 4),
    sample(['n1', 'c1'], 'write_ok', 10, { arrives: [11] }, { in_reply_to: 1 }, 5),
  ];
  expect(shown(await treeOf(messages, 0))).toEqual([
    'write c1>n1: answered 6, troubled',
    '  log n1>n2: troubled',
    '  ask n1>n3: answered 3, waited for',
    '  commit n1>n3: answered 5, waited for',
  ]);
});

it('of several repeated requests, each is waited for until its repetition', async () => {
  const messages = [
    sample(['c1', 'n1'], 'write', 0, { arrives: [1] }, { msg_id: 1 }, null),
    sample(['n1', 'n2'], 'tell', 2, { lost: 3 }, { msg_id: 10 }, 0),
    sample(['n1', 'n3'], 'tell', 2, { lost: 3 }, { msg_id: 11 }, 0),
    sample(['n1', 'n2'], 'tell', 1002, { arrives: [1003] }, { msg_id: 12 }, { timer: 0 }),
    sample(['n1', 'n3'], 'tell', 1003, { arrives: [1004] }, { msg_id: 13 }, { timer: 0 }),
    sample(['n2', 'n1'], 'tell_ok', 1004, { arrives: [1005] }, { in_reply_to: 12 }, 3),
  ];
  expect(shown(await treeOf(messages, 0))).toEqual([
    'write c1>n1: troubled',
    '  tell n1>n2: lost by partition, in vain until 1002, troubled',
    '  tell n1>n3: lost by partition, in vain until 1003, troubled',
    '  tell n1>n3: by timer, again after 1001, troubled',
    '  tell n1>n2: answered 5, by timer, again after 1000',
  ]);
});

it("what a node does by its own timers begins with the timer's message, not with init", async () => {
  const messages = [
    sample(['c0', 'n1'], 'init', 0, { arrives: [1] }, { msg_id: 1 }, null),
    sample(['n1', 'c0'], 'init_ok', 2, { arrives: [3] }, { in_reply_to: 1 }, 0),
    sample(['n1', 'n2'], 'gossip', 100, { arrives: [101] }, {}, { timer: 0 }),
    sample(['n2', 'n3'], 'gossip', 102, { arrives: [103] }, {}, 2),
    sample(['n1', 'n2'], 'gossip', 200, { arrives: [201] }, {}, { timer: 0 }),
  ];
  expect(shown(await treeOf(messages, 3))).toEqual(['gossip n1>n2: by timer', '  gossip n2>n3']);
});

it('of a node that reports nothing is inferred from the order, with the losses on the way', async () => {
  const silent = RETRIED.map(({ origin: _, ...rest }) => rest);
  const tree = await treeOf(silent, 0);
  expect(shown(tree)).toEqual([
    'write c1>n1: answered 9, troubled, guessed',
    '  forward n1>n2: lost by partition, troubled, guessed',
    '  cas n1>lin-kv: answered 2, guessed',
    '  forward n1>n2: answered 8, again after 1000, guessed',
    '    note n2>n3: guessed',
  ]);
  expect(tree?.guessedFor).toEqual(['n1', 'n2']);
});

it('a loss after the request of another client belongs to that one, unless it repeats an earlier message', async () => {
  const messages = [
    sample(['c1', 'n1'], 'write', 0, { arrives: [1] }, { msg_id: 1 }),
    sample(['n1', 'n2'], 'forward', 2, { lost: 3 }, { msg_id: 10, value: 1 }),
    sample(['c2', 'n1'], 'write', 100, { arrives: [101] }, { msg_id: 1 }),
    sample(['n1', 'n2'], 'forward', 102, { lost: 103 }, { msg_id: 11, value: 2 }),
    sample(['n1', 'n3'], 'forward', 102, { lost: 103 }, { msg_id: 12, value: 2 }),
    sample(['n1', 'n2'], 'forward', 1002, { lost: 1003 }, { msg_id: 13, value: 1 }),
  ];
  const lost = 'forward n1>n2: lost by partition';
  expect(shown(await treeOf(messages, 0))).toEqual([
    'write c1>n1: troubled',
    `  ${lost}, troubled, guessed`,
    `  ${lost}, again after 1000, troubled, guessed`,
  ]);
});

it('a request that arrives twice and is answered twice shows the reply that arrived', async () => {
  const messages = [
    sample(['c1', 'n1'], 'write', 0, { arrives: [1] }, { msg_id: 1 }, null),
    sample(['n1', 'n2'], 'forward', 2, { arrives: [3, 5] }, { msg_id: 10 }, 0),
    sample(['n2', 'n1'], 'forward_ok', 4, { lost: 5 }, { in_reply_to: 10 }, 1),
    sample(['n2', 'n1'], 'forward_ok', 6, { arrives: [7] }, { in_reply_to: 10 }, 1),
    sample(['n1', 'c1'], 'write_ok', 8, { arrives: [9] }, { in_reply_to: 1 }, 3),
  ];
  expect(shown(await treeOf(messages, 0))).toEqual([
    'write c1>n1: answered 4, troubled',
    '  forward n1>n2: answered 3, waited for, troubled',
    '    forward_ok n2>n1: lost by partition, troubled',
  ]);
});

it('a tree is cut at a limit, and says so', async () => {
  const first = sample(['c1', 'n1'], 'write', 0, { arrives: [1] }, { msg_id: 1 }, null);
  const chain = Array.from({ length: MOST_MEMBERS + 10 }, (_, id) =>
    sample(['n1', 'n2'], 'note', id + 2, { arrives: [id + 3] }, {}, id),
  );
  const tree = await treeOf([first, ...chain], 0);
  expect(tree?.rows.length).toBe(MOST_MEMBERS);
  expect(tree?.isCut).toBe(true);
});

it('bodies that are not JSON, and messages in flight, are shown unchanged', async () => {
  const messages: SampleMessage[] = [
    sample(['c1', 'n1'], 'write', 0, { arrives: [1] }, { msg_id: 1 }, null),
    { src: 'n1', dest: 'n2', sent: 2, body: '<b>', origin: { message: 0, byTimer: false } },
  ];
  expect(shown(await treeOf(messages, 0))).toEqual(['write c1>n1: troubled', '   n1>n2']);
});
