import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunTestOptions } from '../harness/settings/check-settings.ts';
import { runTest } from '../harness/one-test/run-test.ts';
import { openScenario } from '../harness/stored/stored-scenario.ts';
import type { Branch, EventRow, Position } from '../recording/travel-view.ts';
import { Travel } from './travel.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-travel-test-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));

const example = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));

const RAFT: RunTestOptions = {
  workload: 'lin-kv',
  bin: example('raft'),
  seed: 'travel',
  nodes: ['n1', 'n2', 'n3'],
  concurrency: 4,
  rate: 20,
  timeLimitSeconds: 3,
  recoverySeconds: 1,
  nemesis: ['kill', 'partition', 'pause', 'duplicate', 'loss'],
  nemesisIntervalSeconds: 0.5,
  latency: { distribution: 'exponential', meanMs: 5 },
};

/** Valid as long as every message arrives. */
const TRUSTING: RunTestOptions = {
  workload: 'broadcast',
  bin: example('broken/trusts-delivery.ts'),
  seed: 'trusting',
  nodes: ['n1', 'n2'],
  rate: 10,
  timeLimitSeconds: 1,
  recoverySeconds: 1,
  latency: { distribution: 'constant', meanMs: 10 },
};

async function storedRun(settings: RunTestOptions): Promise<string> {
  const { folder } = await runTest({ world: 'simulated', ...settings, store, report: false });
  return folder;
}

async function ready(folder: string): Promise<Travel> {
  const travel = Travel.open(folder);
  await travel.prepare();
  return travel;
}

const at = (travel: Travel, event: number): Promise<Position> =>
  travel.seek({ to: { kind: 'event', event } });

function eventsOf(travel: Travel): number {
  const state = travel.opened();
  if (state.kind !== 'ready') throw new Error('it is ready');
  return state.line.events;
}

function rowsOf(travel: Travel): readonly EventRow[] {
  const rows: EventRow[] = [];
  for (let from: number | undefined = 0; from !== undefined;) {
    const list = travel.events({ from, count: 500 });
    rows.push(...list.rows);
    from = list.next;
  }
  return rows;
}

describe('a run that is stepped through', { timeout: 120_000 }, () => {
  let folder = '';
  let travel: Travel;
  let events = 0;
  beforeAll(async () => {
    folder = await storedRun(RAFT);
    travel = await ready(folder);
    events = eventsOf(travel);
  }, 120_000);
  afterAll(() => travel.close());

  it('is the recorded run, to its end', () => {
    const state = travel.opened();
    expect(state).toMatchObject({ kind: 'ready', remarks: [] });
    expect(state).not.toHaveProperty('differs');
    expect(events).toBeGreaterThan(1000);
  });

  it('shows the same whether a position is reached by steps or by a seek, forward or back', async () => {
    const from = Math.floor(events / 2);
    const stepped: Position[] = [];
    for (let event = from; event < from + 300; event++) stepped.push(await at(travel, event));
    const other = await ready(folder);
    try {
      for (const number of [from + 299, from + 40, from + 170, from])
        expect(await at(other, number)).toEqual(stepped[number - from]);
      for (let event = from + 299; event >= from; event -= 7)
        expect(await at(other, event)).toEqual(stepped[event - from]);
    } finally {
      other.close();
    }
  });

  it('loses no message: arrivals were in flight, handled messages waited, timers fire when they are due', async () => {
    let before = await at(travel, 0);
    const kinds = new Set<string>();
    for (let event = 1; event < events; event++) {
      const now = await at(travel, event);
      const { happening } = now;
      const inboxOf = (position: Position, node: string): readonly number[] =>
        position.nodes.find(({ name }) => name === node)?.inbox.first.map(({ id }) => id) ?? [];
      if (happening.kind === 'received') {
        expect(before.inFlight.first.map(({ id }) => id)).toContain(happening.message);
        if (now.nodes.some(({ name, condition }) => name === happening.to && condition === 'running'))
          expect(inboxOf(now, happening.to)).toContain(happening.message);
      }
      if (happening.kind === 'lost')
        expect(before.inFlight.first.map(({ id }) => id)).toContain(happening.message);
      if (happening.kind === 'turn' && happening.of.kind === 'message')
        expect(inboxOf(before, happening.node)[0]).toBe(happening.of.message);
      if (happening.kind === 'turn' && happening.of.kind === 'timer') {
        const timers = before.nodes.find(({ name }) => name === happening.node)?.timers.first ?? [];
        expect(timers.some(({ dueNanos }) => dueNanos <= now.nanos)).toBe(true);
      }
      kinds.add(happening.kind === 'turn' ? `turn of ${happening.of.kind}` : happening.kind);
      before = now;
    }
    expect([...kinds].toSorted()).toEqual(
      expect.arrayContaining(['life', 'lost', 'operation', 'phase', 'received', 'sent', 'turn of message']),
    );
    expect(kinds).toContain('turn of timer');
  });

  it('shows what the last turn of a node changed, even if it was long before', async () => {
    const other = await ready(folder);
    try {
      let changed = 0;
      for (let event = Math.floor(events * 0.6); event < events * 0.6 + 150; event++) {
        const [now, before] = [await at(travel, event), await at(travel, event - 1)];
        for (const node of now.nodes) {
          const was = before.nodes.find(({ name }) => name === node.name);
          if (!node.isTurn || was?.life !== node.life) continue;
          expect(node.changes.total > 0).toBe(JSON.stringify(was.state) !== JSON.stringify(node.state));
          changed += node.changes.total;
        }
      }
      expect(changed).toBeGreaterThan(0);
      // Sought directly, without the steps before it.
      const last = Math.floor(events * 0.6) + 149;
      expect(await at(other, last)).toEqual(await at(travel, last));
    } finally {
      other.close();
    }
  });

  it('is stepped by the events of one node, and found by time, message and operation', async () => {
    const rows = rowsOf(travel);
    const from = Math.floor(events / 3);
    const next = await travel.seek({ to: { kind: 'step', from, by: 1, node: 'n2' } });
    expect(next.event).toBe(travel.events({ from: from + 1, count: 1, node: 'n2' }).rows[0]?.event);
    expect(next.concerns).toContain('n2');
    const back = await travel.seek({ to: { kind: 'step', from: next.event, by: -1, node: 'n2' } });
    expect(back.event).toBeLessThanOrEqual(from);
    const sent = rows.find(({ happening, event }) => happening.kind === 'sent' && event > from);
    if (sent?.happening.kind !== 'sent') throw new Error('something is sent');
    const { message } = sent.happening;
    expect(await travel.seek({ to: { kind: 'message', id: message, what: 'sent' } })).toMatchObject({
      event: sent.event,
    });
    const { nanos } = rows[from] ?? { nanos: 0 };
    const { event } = await travel.seek({ to: { kind: 'time', nanos } });
    expect(event).toBe(rows.findLastIndex((row) => row.nanos <= nanos));
    expect((await travel.seek({ to: { kind: 'operation', index: 3 } })).happening).toMatchObject({
      kind: 'operation',
      index: 3,
    });
    expect((await travel.seek({ to: { kind: 'event', event: 10 * events } })).event).toBe(events - 1);
    expect((await travel.seek({ to: { kind: 'step', from: 0, by: -5 } })).event).toBe(0);
  });

  it('tells a partition by its parts, not as data', () => {
    const partitions = rowsOf(travel).flatMap(({ happening }) =>
      happening.kind === 'operation' && happening.f === 'start-partition' ? [happening.value] : [],
    );
    expect(partitions.length).toBeGreaterThan(1);
    expect(partitions.some((value) => / \| | hear/.test(value))).toBe(true);
    expect(partitions.filter((value) => value.includes('isolated'))).toEqual([]);
  });

  it.each([
    [{ kind: 'event', event: 1.5 }, 'event is 1.5; expected a whole number.'],
    [{ kind: 'event' }, 'event is missing; expected a whole number.'],
    [{ kind: 'message', id: 1e9, what: 'sent' }, 'There is no message 1000000000 in this run'],
    [{ kind: 'message', id: 0, what: 'lost' }, 'Message 0 was not lost.'],
    [{ kind: 'operation', index: -1 }, 'There is no entry -1 in the history'],
    [{ kind: 'elsewhere' }, 'The target has no kind that is known'],
    [{ kind: 'time', nanos: 'soon' }, 'nanos is no number'],
  ])('refuses to go to %j', async (to, text) => {
    await expect(async () => travel.seek({ to: to as never })).rejects.toThrow(text);
  });
});

describe('a branch', { timeout: 120_000 }, () => {
  let travel: Travel;
  beforeAll(async () => {
    travel = await ready(await storedRun(TRUSTING));
  }, 120_000);
  afterAll(() => travel.close());

  /** The first position at which a message between nodes is in flight. */
  async function underWay(): Promise<{ readonly at: number; readonly message: number }> {
    const tell = rowsOf(travel).find(
      ({ happening }) => happening.kind === 'sent' && happening.type === 'tell',
    );
    if (tell?.happening.kind !== 'sent') throw new Error('nodes tell each other');
    return { at: tell.event, message: tell.happening.message };
  }

  it('that is requested again is the existing one', async () => {
    const { at: event, message } = await underWay();
    const ask = (ms: number) => travel.branch({ at: event, change: { kind: 'delay', message, ms } });
    const first = await ask(7);
    expect(await ask(7)).toBe(first);
    expect((await ask(8)).line.id).not.toBe(first.line.id);
  });

  it('that drops a message is invalid although the run was valid, and shows where they diverge', async () => {
    const state = travel.opened();
    expect(state).toMatchObject({ line: { verdict: 'valid' } });
    const { at: event, message } = await underWay();
    const branch = await travel.branch({ at: event, change: { kind: 'drop', message } });
    expect(branch.line).toMatchObject({ verdict: 'invalid', signature: ['lost'] });
    expect(branch.story.join('\n')).toContain('is lost');
    expect(branch.difference).toMatchObject({
      event: event + 1,
      branch: { happening: { kind: 'lost', message, reason: 'loss' } },
    });
    const { id } = branch.line;
    for (const before of [0, 1, event]) {
      const { events: _, line: _of, inFlight: _now, ...one } = await at(travel, before);
      const {
        events: _more,
        line,
        inFlight: _then,
        ...other
      } = await travel.seek({ line: id, to: { kind: 'event', event: before } });
      expect(other).toEqual(one);
      expect(line).toBe(id);
    }
  });

  it.each<Branch['change']['kind']>(['drop', 'delay', 'duplicate', 'crash'])(
    'of kind %s has the verdict of its scenario, and the same results to the byte',
    async (kind) => {
      const { at: event, message } = await underWay();
      const change: Branch['change'] =
        kind === 'crash'
          ? { kind, node: 'n2', restartAfterMs: 100 }
          : kind === 'drop'
            ? { kind, message }
            : { kind, message, ms: 250 };
      const { line, sentence, difference } = await travel.branch({ at: event, change });
      expect(difference).toBeDefined();
      const folder = join(store, `scenario-${kind}`);
      mkdirSync(folder);
      const { text } = travel.scenario(line.id, folder);
      const file = join(folder, 'scenario.json');
      writeFileSync(file, text);
      const { spec, remarks } = await openScenario(file, text, {});
      expect(remarks).toEqual([]);
      const again = await runTest({ ...spec, store, report: false });
      expect(again.sentence).toBe(sentence);
      expect(again.results['valid?']).toBe(line.verdict === 'valid');
      const run = await ready(again.folder);
      try {
        expect(eventsOf(run)).toBe(line.events);
        const theirs = travel.events({ line: line.id, from: 0, count: 500 });
        expect(run.events({ from: 0, count: 500 })).toEqual(theirs);
      } finally {
        run.close();
      }
    },
  );

  it("can be made of a branch, but not with a client's message, one that has arrived, or a missing one", async () => {
    const { at: event, message } = await underWay();
    const first = await travel.branch({ at: event, change: { kind: 'duplicate', message, ms: 5 } });
    const second = await travel.branch({
      line: first.line.id,
      at: event,
      change: { kind: 'crash', node: 'n2' },
    });
    expect(second.of).toBe(first.line.id);
    expect(second.line.nodes).toEqual(['n1', 'n2']);
    const last = eventsOf(travel) - 1;
    const refused = (change: unknown, number = event): Promise<unknown> =>
      travel.branch({ at: number, change: change as never });
    await expect(refused({ kind: 'drop', message }, last)).rejects.toThrow(
      `Message ${message} has come to its end before event ${last}`,
    );
    await expect(refused({ kind: 'drop', message: 0 })).rejects.toThrow('a client takes part');
    await expect(refused({ kind: 'drop', message: -1 })).rejects.toThrow('There is no message -1');
    await expect(refused({ kind: 'drop', message: 'x' })).rejects.toThrow('There is no message x');
    await expect(refused({ kind: 'delay', message, ms: -1 })).rejects.toThrow('ms is -1; expected');
    await expect(refused({ kind: 'crash', node: '__proto__' })).rejects.toThrow(
      '"__proto__" is no node of this run; they are n1, n2.',
    );
    await expect(refused({ kind: 'crash', node: 'n1' }, 0)).rejects.toThrow('n1 does not run at event 0');
    await expect(refused({ kind: 'crash', node: 'n1' }, last)).rejects.toThrow(/does not run|Nodes can be/);
    await expect(refused({ kind: 'mend' })).rejects.toThrow('There is no such change');
    await expect(refused(null)).rejects.toThrow('There is no such change');
    await expect(refused({ kind: 'drop', message }, last + 1)).rejects.toThrow(
      `There is no event ${last + 1}`,
    );
    expect(() => travel.scenario('branch-99', store)).toThrow('There is no line "branch-99"');
  });

  it('is released when there are five others', async () => {
    const { at: event, message } = await underWay();
    const made: Branch[] = [];
    for (const ms of [1, 2, 3, 4, 5])
      made.push(await travel.branch({ at: event, change: { kind: 'delay', message, ms } }));
    expect(travel.opened()).toMatchObject({
      branches: made.slice(1).map(({ line }) => ({ line: { id: line.id } })),
    });
    const [gone] = made;
    if (gone === undefined) throw new Error('five were made');
    expect(() => travel.events({ line: gone.line.id, from: 0, count: 1 })).toThrow('not held any more');
  });
});

describe('a run that cannot be stepped through, or has changed', { timeout: 120_000 }, () => {
  it('may be one of the real world', async () => {
    const folder = await storedRun({
      workload: 'echo',
      bin: example('echo.ts'),
      world: 'real',
      nodes: ['n1'],
      timeLimitSeconds: 0.2,
      recoverySeconds: 0,
    });
    expect(() => Travel.open(folder)).toThrow('This run was made in the real world');
  });

  it('is reported if the program was changed since, with the first different event', async () => {
    const bin = join(store, 'changing.js');
    const program = (word: string): string => `
      let buffer = '';
      process.stdin.on('data', (data) => {
        buffer += data;
        const lines = buffer.split('\\n');
        buffer = lines.pop();
        for (const line of lines) {
          const { src, dest, body } = JSON.parse(line);
          const reply = body.type === 'init'
            ? { type: 'init_ok', in_reply_to: body.msg_id }
            : { type: 'echo_ok', in_reply_to: body.msg_id, echo: body.echo, by: '${word}' };
          console.log(JSON.stringify({ src: dest, dest: src, body: reply }));
        }
      });`;
    writeFileSync(bin, program('old'));
    const folder = await storedRun({
      workload: 'echo',
      bin,
      nodes: ['n1'],
      timeLimitSeconds: 1,
      recoverySeconds: 0,
    });
    writeFileSync(bin, program('new'));
    const travel = await ready(folder);
    try {
      const state = travel.opened();
      expect(state).toMatchObject({
        kind: 'ready',
        differs: {
          recorded: expect.stringContaining('"by":"old"'),
          again: expect.stringContaining('"by":"new"'),
        },
        remarks: [expect.stringContaining('the run as the program makes it now')],
      });
      const event = state.kind === 'ready' ? (state.differs?.event ?? 0) : 0;
      expect((await at(travel, event)).message?.body).toContain('"by":"new"');
    } finally {
      travel.close();
    }
  });

  it('may be one whose program is missing', async () => {
    const bin = join(store, 'gone.js');
    writeFileSync(bin, 'process.stdin.resume();');
    const folder = await storedRun({
      workload: 'echo',
      bin,
      nodes: ['n1'],
      timeLimitSeconds: 0.1,
      initTimeoutSeconds: 0.1,
    });
    rmSync(bin);
    const travel = Travel.open(folder);
    await expect(travel.prepare()).rejects.toThrow(`There is no program at ${bin}.`);
    travel.close();
  });

  it('is stepped through with nodes of any names, and one that crashes', async () => {
    const folder = await storedRun({
      workload: 'echo',
      bin: example('broken/echo.ts'),
      nodes: ['__proto__', '<img src=x>', 'constructor'],
      rate: 20,
      timeLimitSeconds: 1,
      recoverySeconds: 0,
    });
    const travel = await ready(folder);
    try {
      const position = await at(travel, Math.floor(eventsOf(travel) / 2));
      expect(position.nodes.map(({ name }) => name)).toEqual(['__proto__', '<img src=x>', 'constructor']);
      const step = await travel.seek({ to: { kind: 'step', from: 0, by: 3, node: '__proto__' } });
      expect(step.concerns).toEqual(['__proto__']);
    } finally {
      travel.close();
    }
  });
});
