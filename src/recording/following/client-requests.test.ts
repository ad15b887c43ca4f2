/** Operations and the messages that carried them, in simulated runs whose values show which belongs to which. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunTestOptions } from '../../harness/settings/check-settings.ts';
import { runTest } from '../../harness/one-test/run-test.ts';
import type { OpenedClient } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import { parseJson, stringifyJson, type Json, type JsonObject } from '../../protocol/json.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { readClients } from '../../store/run-clients.ts';
import { readZero } from '../../store/run-zero.ts';
import { present } from '../../columns/present.ts';
import { ClientRequests } from './client-requests.ts';
import { RunOperations } from '../operations/operation-columns.ts';
import { storedFile, storedJournal } from '../../report/read/stored-run-source.ts';
import { MessageColumns } from '../messages/message-columns.ts';
import { withBodies } from '../messages/message-bodies.ts';
import { writeSampleRun, type SampleRun } from '../../../test/support/stored-run-sample.ts';

const store = mkdtempSync(join(tmpdir(), 'client-requests-'));
afterAll(() => rmSync(store, { recursive: true }));

interface Matched {
  readonly requests: ClientRequests;
  readonly journal: MessageColumns;
  readonly history: RunOperations;
  readonly body: (id: number) => JsonObject;
  readonly ops: readonly Op[];
}

async function open(folder: string): Promise<Matched> {
  const journal = new MessageColumns(storedJournal(join(folder, RUN_FILES.journal), () => readZero(folder)));
  const historyPath = join(folder, RUN_FILES.historyJsonl);
  const history = new RunOperations(storedFile(historyPath));
  await Promise.all([journal.refresh(), history.refresh()]);
  const lines = readFileSync(historyPath, 'utf8').trimEnd().split('\n');
  const bodies = withBodies(journal, (read) =>
    Array.from({ length: journal.messageCount }, (_, id) => parseJson(read(id, 1 << 20).text) as JsonObject),
  );
  return {
    requests: new ClientRequests(journal, history, readClients(folder)),
    journal,
    history,
    body: (id) => present(bodies[id]),
    // Written by the history's writer.
    ops: lines.map((each) => parseJson(each) as unknown as Op),
  };
}

async function simulate(example: string, options: Omit<RunTestOptions, 'bin'>): Promise<Matched> {
  const bin = fileURLToPath(new URL(`../../../examples/${example}`, import.meta.url));
  const { folder } = await runTest({ bin, world: 'simulated', store, report: false, seed: '5', ...options });
  return open(folder);
}

/** Returns every operation with its requests; checks that no request is missing or belongs to two operations. */
function matches(run: Matched): { readonly op: Op; readonly bodies: readonly JsonObject[] }[] {
  const { requests, history, journal, body, ops } = run;
  const owned = new Map<number, number>();
  // A single `expect`, since one for each message would take most of the time.
  const wrong: string[] = [];
  const check = (holds: boolean, what: string): void => void (holds || wrong.push(what));
  const invocations = ops.filter(({ type, process }) => type === 'invoke' && process !== 'nemesis');
  const found = Array.from({ length: history.count }, (_, row) => {
    const exchanges = requests.messagesOf(row);
    for (const { request, reply } of exchanges) {
      check(!owned.has(request), `request ${request} belongs to two operations`);
      owned.set(request, row);
      check(requests.operationOf(request) === row, `request ${request} is not of row ${row}`);
      if (reply === undefined) continue;
      check(
        body(reply)['in_reply_to'] === body(request)['msg_id'],
        `message ${reply} is no reply to ${request}`,
      );
      check(requests.operationOf(reply) === row, `reply ${reply} is not of row ${row}`);
    }
    const op = invocations[row];
    if (op === undefined) throw new Error(`row ${row} has no operation`);
    return { op, bodies: exchanges.map(({ request }) => body(request)) };
  });
  const ofCluster = new Set(['init', 'topology', 'add_member', 'remove_member']);
  for (let id = 0; id < journal.messageCount; id++) {
    const isRequest = /^c\d+$/.test(journal.names[journal.src[id] ?? 0] ?? '');
    if (isRequest && !ofCluster.has(String(body(id)['type'])))
      check(owned.has(id), `request ${id} has no owner`);
  }
  expect(wrong).toEqual([]);
  return found;
}

const text = (value: Json | undefined): string => stringifyJson(value ?? null);

describe('each operation has the requests that carried it, and no others', () => {
  test('with many concurrent processes, many of which crash and are replaced, while nodes are killed', async () => {
    const run = await simulate('lin-kv.ts', {
      workload: 'lin-kv',
      concurrency: 40,
      rate: 200,
      timeLimitSeconds: 12,
      recoverySeconds: 1,
      nemesis: ['partition', 'kill'],
      nemesisIntervalSeconds: 2,
    });
    const processes = new Set(run.ops.map(({ process }) => process));
    expect(processes.size).toBeGreaterThan(60);
    for (const { op, bodies } of matches(run)) {
      const [body] = bodies;
      const [key, argument] = op.value as readonly [Json, Json];
      expect(bodies).toHaveLength(1);
      expect([body?.['type'], text(body?.['key'])]).toEqual([op.f, text(key)]);
      if (op.f === 'write') expect(text(body?.['value'])).toBe(text(argument));
      if (op.f === 'cas') expect(text([body?.['from'] ?? null, body?.['to'] ?? null])).toBe(text(argument));
    }
  });

  test('with operations of no request, of several, and processes that crash before their first message', async () => {
    const run = await simulate('kafka.ts', {
      workload: 'kafka',
      concurrency: 20,
      rate: 200,
      timeLimitSeconds: 7,
      nemesis: ['kill'],
      nemesisIntervalSeconds: 3,
    });
    const counts = new Set<number>();
    for (const { op, bodies } of matches(run)) {
      counts.add(bodies.length);
      const types = bodies.map(({ type }) => type);
      if (op.f === 'crash' || (op.f === 'assign' && op.final === true)) expect(types).toEqual([]);
      else if (op.f === 'send') {
        const [[, key, message]] = op.value as readonly [readonly [Json, Json, Json]];
        expect([text(bodies[0]?.['key']), text(bodies[0]?.['msg'])]).toEqual([text(key), text(message)]);
      } else if (op.f === 'poll') expect(types.join(' ')).toMatch(/^poll( commit_offsets)?$/);
      else expect(types).toEqual(['list_committed_offsets']);
    }
    expect([...counts].toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });

  test('with final reads, and a client that sets up before', async () => {
    const run = await simulate('broadcast.ts', {
      workload: 'broadcast',
      concurrency: 10,
      rate: 100,
      timeLimitSeconds: 3,
      recoverySeconds: 1,
    });
    for (const { op, bodies } of matches(run)) {
      expect(bodies.map(({ type }) => type)).toEqual([op.f]);
      if (op.f === 'broadcast') expect(text(bodies[0]?.['message'])).toBe(text(op.value));
    }
  });
});

test('a reply after its operation was given up belongs to that operation, not to the next one', async () => {
  const run = await sample({
    clients: [opened('c0', null, 'n1', 0), opened('c1', 0, 'n1', 10)],
    messages: [
      { src: 'c0', dest: 'n1', sent: 0, arrives: [0], body: '{"type":"init","msg_id":1}' },
      { src: 'c1', dest: 'n1', sent: 10, arrives: [10], body: '{"type":"read","msg_id":1}' },
      { src: 'c1', dest: 'n1', sent: 30, arrives: [30], body: '{"type":"read","msg_id":2}' },
      { src: 'n1', dest: 'c1', sent: 31, arrives: [31], body: '{"type":"read_ok","in_reply_to":1}' },
      { src: 'n1', dest: 'c1', sent: 32, arrives: [32], body: '{"type":"read_ok","in_reply_to":2}' },
    ],
    history: [
      line(0, 10, 'invoke', 0),
      line(1, 20, 'fail', 0),
      line(2, 30, 'invoke', 0),
      line(3, 32, 'ok', 0),
    ],
  });
  expect(run.requests.operationOf(3)).toBe(0);
  expect(run.requests.messagesOf(0)).toEqual([{ request: 1, reply: 3 }]);
  expect(run.requests.messagesOf(1)).toEqual([{ request: 2, reply: 4 }]);
});

test('a process whose node has left continues with another client, and both are its own', async () => {
  const run = await sample({
    clients: [
      opened('c0', null, 'n1', 0),
      opened('c1', 0, 'n1', 10),
      opened('c2', 1, 'n2', 15),
      opened('c3', null, 'n2', 22),
      opened('c4', 0, 'n2', 30),
      opened('c5', 2, 'n3', 50),
    ],
    messages: [
      { src: 'c0', dest: 'n1', sent: 0, arrives: [0], body: '{"type":"init","msg_id":1}' },
      { src: 'c1', dest: 'n1', sent: 10, arrives: [10], body: '{"type":"read","msg_id":1}' },
      { src: 'c2', dest: 'n2', sent: 15, arrives: [15], body: '{"type":"read","msg_id":1}' },
      { src: 'c3', dest: 'n2', sent: 22, arrives: [22], body: '{"type":"remove_member","msg_id":1}' },
      { src: 'c4', dest: 'n2', sent: 30, arrives: [30], body: '{"type":"read","msg_id":1}' },
      { src: 'c2', dest: 'n2', sent: 31, arrives: [31], body: '{"type":"read","msg_id":2}' },
      { src: 'c5', dest: 'n3', sent: 50, arrives: [50], body: '{"type":"read","msg_id":1}' },
    ],
    history: [
      line(0, 10, 'invoke', 0),
      line(1, 15, 'invoke', 1),
      line(2, 20, 'ok', 0),
      line(3, 25, 'ok', 1),
      line(4, 30, 'invoke', 0),
      line(5, 31, 'invoke', 1),
      line(6, 40, 'ok', 0),
      line(7, 41, 'ok', 1),
      line(8, 50, 'invoke', 2),
    ],
  });
  const requests = [0, 1, 2, 3, 4].map((row) => run.requests.messagesOf(row));
  expect(requests.map((exchanges) => exchanges.map(({ request }) => request))).toEqual([
    [1],
    [2],
    [4],
    [5],
    [6],
  ]);
});

const opened = (name: string, process: number | null, node: string, ms: number): OpenedClient => ({
  name,
  process,
  node,
  time: ms * 1e6,
});

let samples = 0;

function sample(run: SampleRun): Promise<Matched> {
  const name = `20261121T0300${String(samples++).padStart(2, '0')}.000Z`;
  return open(writeSampleRun(store, name, run));
}

function line(index: number, ms: number, type: string, process: number): string {
  return `{"index":${index},"time":${ms * 1e6},"type":"${type}","process":${process},"f":"read","value":null}`;
}
