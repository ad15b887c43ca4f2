/**
 * Cost of checking models in which a wrong order of two operations shows late: a stack and a deque, by `check` and by the
 * search of Wing, Gong and Lowe with a cache, as Porcupine has it.
 *
 *     node bench/run.mjs own-models [--seconds 20]
 */
import { check } from '../src/checkers/check.ts';
import { within } from '../src/checkers/budget/limits.ts';
import type { SequentialModel } from '../src/checkers/linearizable/models.ts';
import type { Op } from '../src/history/op.ts';
import { canonicalJson, elementsOf, type Json } from '../src/protocol/json.ts';
import { Random } from '../src/world/random.ts';

const at = process.argv.indexOf('--seconds');
const LIMIT_MS = 1000 * Number(at < 0 ? 20 : process.argv[at + 1]);
const SEEDS = 5;
const SIZES = [
  { clients: 5, operations: 1000 },
  { clients: 10, operations: 300 },
  { clients: 10, operations: 1000 },
  { clients: 10, operations: 2000 },
  { clients: 30, operations: 300 },
] as const;

const items = (state: Json): readonly Json[] => elementsOf(state) ?? [];
const taken = (state: Json, end: 0 | -1, value: Json): Json | undefined => {
  if (items(state).length === 0) return value === null ? state : undefined;
  if (items(state).at(end) !== value) return undefined;
  return end === 0 ? items(state).slice(1) : items(state).slice(0, -1);
};

const STACK: SequentialModel = {
  name: 'stack',
  init: [],
  step: (state, f, value) => (f === 'push' ? [...items(state), value] : taken(state, -1, value)),
};
const DEQUE: SequentialModel = {
  name: 'deque',
  init: [],
  step(state, f, value) {
    if (f === 'push-left') return [value, ...items(state)];
    if (f === 'push-right') return [...items(state), value];
    return taken(state, f === 'pop-left' ? 0 : -1, value);
  },
};
const OPERATIONS = {
  stack: ['push', 'pop'],
  deque: ['push-left', 'push-right', 'pop-left', 'pop-right'],
} as const;

interface Request {
  readonly client: number;
  readonly f: string;
  readonly begin: number;
  readonly end: number;
  readonly point: number;
  value: Json;
}

/** Each client makes one request after the other; each takes effect at a random moment before its answer. */
function historyOf(
  name: 'stack' | 'deque',
  { clients, operations }: (typeof SIZES)[number],
  random: Random,
): readonly Op[] {
  const freeAt = Array.from({ length: clients }, () => 0);
  const requests = Array.from({ length: operations }, (_, number): Request => {
    const client = freeAt.indexOf(Math.min(...freeAt));
    const begin = (freeAt[client] ?? 0) + 0.05 + random.float() / 2;
    const end = begin + 0.2 + random.float() * 1.6;
    freeAt[client] = end;
    const f = OPERATIONS[name][random.int(OPERATIONS[name].length)] ?? name;
    return { client, f, begin, end, point: begin + random.float() * (end - begin), value: number };
  });
  const contents: Json[] = [];
  for (const request of [...requests].sort((one, other) => one.point - other.point)) {
    if (request.f === 'push-left') contents.unshift(request.value);
    else if (request.f.startsWith('push')) contents.push(request.value);
    else request.value = (request.f === 'pop-left' ? contents.shift() : contents.pop()) ?? null;
  }
  const entries = requests.flatMap(({ client, f, begin, end, value }) => [
    { time: begin, type: 'invoke' as const, process: client, f, value: f.startsWith('push') ? value : null },
    { time: end, type: 'ok' as const, process: client, f, value },
  ]);
  entries.sort((one, other) => one.time - other.time);
  return entries.map((entry, index) => ({ ...entry, index, time: index }));
}

interface Entry {
  readonly operation: number;
  readonly isCall: boolean;
  match: Entry | undefined;
  before: Entry | undefined;
  after: Entry | undefined;
}

/** The reference. Returns undefined if there is no answer in time. */
function bySearch(model: SequentialModel, ops: readonly Op[]): boolean | undefined {
  const open = new Map<unknown, Entry>();
  const asked: { f: string; value: Json }[] = [];
  const head: Entry = { operation: -1, isCall: false, match: undefined, before: undefined, after: undefined };
  let last = head;
  for (const { type, process: client, f, value } of ops) {
    const call = type === 'invoke' ? undefined : open.get(client);
    const operation = call?.operation ?? asked.length;
    asked[operation] = { f, value };
    const entry: Entry = {
      operation,
      isCall: call === undefined,
      match: undefined,
      before: last,
      after: undefined,
    };
    last.after = entry;
    last = entry;
    if (call === undefined) open.set(client, entry);
    else call.match = entry;
  }
  const unlink = (entry: Entry | undefined): void => {
    if (entry?.before !== undefined) entry.before.after = entry.after;
    if (entry?.after !== undefined) entry.after.before = entry.before;
  };
  const link = (entry: Entry | undefined): void => {
    if (entry?.before !== undefined) entry.before.after = entry;
    if (entry?.after !== undefined) entry.after.before = entry;
  };
  const seen = new Set<string>();
  const random = Random.fromSeed('hashes');
  const hashes = asked.map(() => BigInt(random.int(2 ** 31)) * 2n ** 31n + BigInt(random.int(2 ** 31)));
  const path: { entry: Entry; state: Json }[] = [];
  let [state, hash] = [model.init, 0n];
  const until = performance.now() + LIMIT_MS;
  for (let entry = head.after, steps = 0; head.after !== undefined; steps++) {
    if (steps % 1024 === 0 && performance.now() > until) return undefined;
    const request = entry?.isCall === true ? asked[entry.operation] : undefined;
    if (entry === undefined || request === undefined) {
      const top = path.pop();
      if (top === undefined) return false;
      state = top.state;
      hash ^= hashes[top.entry.operation] ?? 0n;
      link(top.entry.match);
      link(top.entry);
      entry = top.entry.after;
      continue;
    }
    const next = model.step(state, request.f, request.value);
    const changed = hash ^ (hashes[entry.operation] ?? 0n);
    const key = next === undefined ? '' : `${changed} ${canonicalJson(next)}`;
    if (next === undefined || seen.has(key)) {
      entry = entry.after;
      continue;
    }
    seen.add(key);
    path.push({ entry, state });
    state = next;
    hash = changed;
    unlink(entry);
    unlink(entry.match);
    entry = head.after;
  }
  return true;
}

/** CPU time in ms; undefined without an answer. */
function timeOf(judge: () => unknown): number | undefined {
  const start = process.cpuUsage();
  const isAnswered = judge() !== undefined;
  const { user, system } = process.cpuUsage(start);
  return isAnswered ? Math.round((user + system) / 1000) : undefined;
}

function inWords(times: readonly (number | undefined)[]): string {
  const answered = times.filter((time) => time !== undefined).sort((one, other) => one - other);
  if (answered.length === 0) return 'no answer';
  const middle = `median ${answered[Math.floor((answered.length - 1) / 2)]} ms, worst ${answered.at(-1)} ms`;
  return answered.length === times.length
    ? middle
    : `${middle}, no answer to ${times.length - answered.length}`;
}

for (const model of [STACK, DEQUE]) {
  const name = model === STACK ? 'stack' : 'deque';
  for (const size of SIZES) {
    const ours: (number | undefined)[] = [];
    const reference: (number | undefined)[] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      const ops = historyOf(name, size, Random.fromSeed(`${name} ${seed}`));
      const budget = within({ timeLimitMs: LIMIT_MS }, { nowMs: () => performance.now() });
      ours.push(timeOf(() => check(model, ops, { budget })['valid?'] === true || undefined));
      reference.push(timeOf(() => bySearch(model, ops)));
    }
    console.log(
      `${name}, ${size.clients} clients, ${size.operations} operations: ${inWords(ours)}; Wing, Gong and Lowe: ${inWords(reference)}`,
    );
  }
}
