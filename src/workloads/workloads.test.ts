import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../checkers/checker.ts';
import type { Generator } from '../generator/generator.ts';
import { limit } from '../generator/ordering.ts';
import { ThreadBoard } from '../generator/thread-board.ts';
import { clients } from '../generator/threads.ts';
import type { NodeOf } from '../history/client-book.ts';
import type { Op } from '../history/op.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import { UserError } from '../protocol/user-error.ts';
import { Random } from '../world/random.ts';
import { completionOf, readOf, WRITE } from './completion.ts';
import { WORKLOADS } from './index.ts';
import type { ClientLink, Invocation, Reply, Workload, WorkloadOptions } from './workload.ts';

const NODES = ['n1', 'n2', 'n3'];
const OPTIONS: WorkloadOptions = {
  nodes: NODES,
  concurrency: 3,
  topology: 'grid',
  maxTxnLength: 4,
  maxWritesPerKey: 16,
  consistencyModels: [],
  latencyMs: 0,
  random: Random.fromSeed(1),
};

/** A cluster as one function: how a node answers a request. */
type Cluster = (node: string, request: JsonObject) => Reply;

const ok = (body: JsonObject = {}): Reply => ({ kind: 'reply', body });
const TIMEOUT: Reply = { kind: 'timeout' };

function linkTo(cluster: Cluster, node: string): ClientLink {
  return {
    name: 'c1',
    node,
    nodes: NODES,
    rpc: ({ type }, dest, fields, done) => done(cluster(dest, { ...fields, type })),
    violation: (message) => {
      throw new Error(message);
    },
  };
}

/** Runs `operations` operations of a workload and its final reads, one after the other, and checks them. */
function run(name: string, cluster: Cluster, operations = 100): { ops: readonly Op[]; result: CheckResult } {
  const prepared = workloadOf(name).prepare(OPTIONS);
  const board = new ThreadBoard({ concurrency: 3, random: Random.fromSeed(5) });
  const checker = prepared.checker();
  const ops: Op[] = [];
  const record = (op: Omit<Op, 'index' | 'time'>): void => {
    const recorded = { ...op, index: ops.length, time: ops.length * 1e6 };
    ops.push(recorded);
    checker.observe(recorded);
  };
  const drain = (generator: Generator): void => {
    for (
      let next = generator.next(board.everyone);
      next.kind === 'op';
      next = next.rest.next(board.everyone)
    ) {
      const { process, f, value, final } = next.op;
      if (process === 'nemesis') throw new Error('a workload has no operations for the nemesis');
      const more = final === undefined ? {} : { final };
      record({ type: 'invoke', process, f, value, ...more });
      const client = prepared.client(linkTo(cluster, NODES[process % NODES.length] ?? ''));
      client.invoke({ f, value, process, ...more }, ({ type, value: outcome, error }) => {
        record({ type, process, f, value: outcome, ...more, ...(error !== undefined && { error }) });
        if (type === 'info') board.replaceProcess(process % 3);
      });
    }
  };
  drain(limit(operations, clients(prepared.generator)));
  if (prepared.finalGenerator !== undefined) drain(clients(prepared.finalGenerator));
  return { ops, result: checker.result() };
}

function workloadOf(name: string): Workload {
  const workload = WORKLOADS.get(name);
  if (workload === undefined) throw new Error(`no workload ${name}`);
  return workload;
}

const nodeOf: NodeOf = ({ process }) => NODES[Number(process) % 3];
const explained = (name: string, result: CheckResult) => workloadOf(name).explain?.(result, nodeOf);

/** A correct cluster that shares one set, with the names of a workload. */
function sharedSet(addType: string, field: string, readField: string): Cluster {
  const elements: Json[] = [];
  return (_node, request) => {
    if (request['type'] === addType) {
      elements.push(request[field] ?? null);
      return ok();
    }
    return ok({ [readField]: [...elements] });
  };
}

const counter = (): Cluster => {
  let sum = 0;
  return (_, request) => {
    if (request['type'] === 'add') sum += Number(request['delta']);
    return ok(request['type'] === 'read' ? { value: sum } : {});
  };
};

/** Returns the outcome of the setup. */
const setup = (cluster: Cluster, topology = 'line') => {
  let outcome: string | undefined = 'never called back';
  const prepared = workloadOf('broadcast').prepare({ ...OPTIONS, topology });
  prepared.setup?.(linkTo(cluster, 'n1'), (problem) => (outcome = problem));
  return outcome;
};

describe('echo', () => {
  it('is valid if payloads come back, and records the whole reply', () => {
    const { ops, result } = run('echo', (_, request) =>
      ok({ type: 'echo_ok', echo: request['echo'] ?? null }),
    );
    expect(result['valid?']).toBe(true);
    expect(ops).toHaveLength(200);
    expect(ops[0]?.value).toMatch(/^Please echo \d+$/);
    expect(ops[1]?.value).toEqual({ type: 'echo_ok', echo: ops[0]?.value });
  });

  it('is invalid if another one comes back', () => {
    const { result } = run('echo', () => ok({ echo: 'no' }), 1);
    expect(result['valid?']).toBe(false);
    expect(explained('echo', result)).toMatch(/^1 request was not echoed: "Please echo \d+" was answered by/);
  });
});

describe('unique-ids', () => {
  it('is valid while ids differ, and invalid when they do not', () => {
    let id = 0;
    expect(run('unique-ids', () => ok({ id: id++ })).result['valid?']).toBe(true);
    const { result } = run('unique-ids', () => ok({ id: `id ${id++ % 50}` }));
    expect(result['valid?']).toBe(false);
    expect(explained('unique-ids', result)).toMatch(
      /ids were given out more than once, such as id \d+ \(2 times\)/,
    );
  });
});

describe.each([
  ['broadcast', 'broadcast', 'message', 'messages'],
  ['g-set', 'add', 'element', 'value'],
])('%s', (name, type, field, readField) => {
  it('is valid when every node has everything', () => {
    const { ops, result } = run(name, sharedSet(type, field, readField));
    expect(result).toMatchObject({ 'valid?': true, 'lost-count': 0, 'never-read-count': 0 });
    expect(Number(result['attempt-count'])).toBeGreaterThan(30);
    expect(Number(result['attempt-count'])).toBeLessThan(70);
    expect(ops.filter((op) => op.final === true && op.type === 'ok').map((op) => op.process)).toEqual([
      0, 1, 2,
    ]);
  });

  it('adds 0, 1, 2, ...', () => {
    const { ops } = run(name, sharedSet(type, field, readField));
    const added = ops.filter((op) => op.type === 'invoke' && op.f === type).map((op) => op.value);
    expect(added).toEqual(added.map((_, n) => n));
  });

  it('is invalid if a node forgets, and names the element, a node that had it and one that lacks it', () => {
    const whole = sharedSet(type, field, readField);
    const { result } = run(name, (node, request) => {
      const reply = whole(node, request);
      if (node !== 'n3' || request['type'] !== 'read' || reply.kind !== 'reply') return reply;
      return ok({
        [readField]: (reply.body[readField] as readonly Json[]).filter((element) => element !== 2),
      });
    });
    expect(result).toMatchObject({ 'valid?': false, lost: [2] });
    expect(explained(name, result)).toMatch(
      /confirmed elements was lost: 2\. Element 2 was acknowledged by n\d at/,
    );
    expect(explained(name, result)).toMatch(/a later read from n3/);
  });
});

describe('broadcast', () => {
  it('offers the topology to every node before anything else', () => {
    const asked: [string, JsonObject][] = [];
    const outcome = setup((node, request) => {
      asked.push([node, request]);
      return ok();
    });
    expect(outcome).toBeUndefined();
    const request = { type: 'topology', topology: { n1: ['n2'], n2: ['n1', 'n3'], n3: ['n2'] } };
    expect(asked).toEqual(NODES.map((node) => [node, request]));
  });

  it('names the node that did not accept it', () => {
    expect(setup((node) => (node === 'n2' ? TIMEOUT : ok()))).toBe(
      "n2 did not answer `topology`; expected `topology_ok` with in_reply_to set to the request's msg_id.",
    );
    expect(setup(() => ({ kind: 'error', code: 10, text: 'what?', definite: true }))).toBe(
      'n1 answered `topology` with error 10 (what?); expected `topology_ok`.',
    );
    const text = 'the answer breaks the protocol: `msg_id` is "a"; expected an integer';
    expect(setup(() => ({ kind: 'error', code: 13, text, definite: false }))).toBe(
      `n1's answer to \`topology\` was not accepted: ${text}.`,
    );
  });

  it('refuses an unknown topology', () => {
    expect(() => setup(() => ok(), 'ring')).toThrow(UserError);
  });
});

describe.each([
  ['g-counter', 0, 4],
  ['pn-counter', -5, 4],
])('%s', (name, least, greatest) => {
  it('is valid if every final read is the sum, even if some adds are in doubt', () => {
    let adds = 0;
    const whole = counter();
    const { result } = run(name, (node, request) => {
      // Every tenth add gets no reply, though half of those take effect.
      const silent = request['type'] === 'add' && ++adds % 10 === 0;
      const reply = silent && adds % 20 === 0 ? TIMEOUT : whole(node, request);
      return silent ? TIMEOUT : reply;
    });
    expect(result).toMatchObject({ 'valid?': true, errors: null });
    expect(result['final-reads']).toHaveLength(3);
  });

  it(`adds integers from ${least} to ${greatest}`, () => {
    const { ops } = run(name, counter(), 500);
    const deltas = ops.filter((op) => op.type === 'invoke' && op.f === 'add').map((op) => Number(op.value));
    expect([Math.min(...deltas), Math.max(...deltas)]).toEqual([least, greatest]);
  });

  it('is invalid if a node is off by one at the end, and names it', () => {
    const whole = counter();
    const { result } = run(name, (node, request) => {
      const reply = whole(node, request);
      if (node !== 'n2' || request['type'] !== 'read' || reply.kind !== 'reply') return reply;
      return ok({ value: Number(reply.body['value']) + 1 });
    });
    expect(result['valid?']).toBe(false);
    expect(explained(name, result)).toMatch(
      /^One of 3 final reads is wrong: that of n2 \(operation \d+\) says/,
    );
  });
});

describe('a completion', () => {
  const op: Invocation = { f: 'add', value: 5, process: 0 };
  const definite: Reply = { kind: 'error', code: 11, text: 'no leader', definite: true };
  const indefinite: Reply = { kind: 'error', code: 13, text: 'oops', definite: false };
  const unheardOf: Reply = { kind: 'error', code: 1234, text: '', definite: false };

  it('of a write: a definite error is a fail, any other error leaves it in doubt', () => {
    expect(completionOf(op, ok({ x: 1 }), WRITE)).toEqual({ type: 'ok', value: 5 });
    expect(completionOf(op, definite, WRITE)).toEqual({
      type: 'fail',
      value: 5,
      error: ['temporarily-unavailable', 'no leader'],
    });
    expect(completionOf(op, indefinite, WRITE)).toEqual({ type: 'info', value: 5, error: ['crash', 'oops'] });
    expect(completionOf(op, unheardOf, WRITE)).toEqual({ type: 'info', value: 5, error: [1234, ''] });
    expect(completionOf(op, TIMEOUT, WRITE)).toEqual({ type: 'info', value: 5, error: 'net-timeout' });
  });

  it('of a read: no error leaves it in doubt', () => {
    const read = readOf('value');
    const types = [definite, indefinite, unheardOf, TIMEOUT].map(
      (reply) => completionOf(op, reply, read).type,
    );
    expect(types).toEqual(['fail', 'fail', 'fail', 'fail']);
    expect(completionOf(op, ok({ value: [1] }), read)).toEqual({ type: 'ok', value: [1] });
  });
});

describe('the list of workloads', () => {
  it('finds each by its own name and nothing else', () => {
    for (const [name, workload] of WORKLOADS) expect(workload.name).toBe(name);
    expect([...WORKLOADS.keys()]).toEqual(
      expect.arrayContaining(['echo', 'unique-ids', 'broadcast', 'g-set', 'g-counter', 'pn-counter']),
    );
  });
});
