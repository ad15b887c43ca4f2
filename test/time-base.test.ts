/** Everything with a time has the same zero: history, journal, node logs, faults, problems, and log lines. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runTest } from '../src/index.ts';
import type { Op } from '../src/history/op.ts';
import { openRun } from '../src/store/open-run.ts';
import { MessageColumns } from '../src/recording/messages/message-columns.ts';
import { RunOperations } from '../src/recording/operations/operation-columns.ts';
import { logMarks } from '../src/report/read/log-marks.ts';
import { RunView } from '../src/server/runs/run-view.ts';
import { storedFile, storedJournal } from '../src/report/read/stored-run-source.ts';
import { readZero, writeZero } from '../src/store/run-zero.ts';

const root = mkdtempSync(join(tmpdir(), 'time-base-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Takes half a second to start, then logs what it does as it does it. */
const NODE = `
const { createInterface } = require('node:readline');
createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line);
  const answer = (fields) => console.log(JSON.stringify({ src: dest, dest: src, body: { ...fields, in_reply_to: body.msg_id } }));
  console.error('got ' + body.type + ' ' + (body.echo ?? ''));
  if (body.type === 'init') setTimeout(() => answer({ type: 'init_ok' }), 500);
  else answer({ type: 'echo_ok', echo: body.echo });
});
`;

async function run(store: string): Promise<string> {
  const bin = join(root, 'slow-start.cjs');
  writeFileSync(bin, NODE);
  const { folder } = await runTest({
    workload: 'echo',
    bin,
    world: 'simulated',
    store: join(root, store),
    report: false,
    seed: 'zero',
    timeLimitSeconds: 3,
    rate: 20,
    nemesis: ['partition'],
    nemesisIntervalSeconds: 1,
    logStderr: true,
    logNetSend: true,
  });
  return folder;
}

const opsOf = (folder: string): readonly Op[] => openRun(folder).history().ops;

describe('a run whose nodes take half a second to start', () => {
  it('begins its history at once, with negative times for what happened before', async () => {
    const folder = await run('a');
    const ops = opsOf(folder);
    expect(ops[0]?.time).toBeLessThan(150e6);
    expect(readZero(folder)).toBeGreaterThanOrEqual(500e6);
    const journal = openRun(folder).journal();
    const events = Array.from({ length: journal.eventCount }, (_, number) => journal.event(number));
    const sent = new Map(
      events.filter(({ kind }) => kind === 'sent').map((event) => [event.messageId, event.timeNanos]),
    );
    expect(sent.get(0)).toBe(-readZero(folder));
    // Each echo is sent at the time its operation was invoked.
    const bodies = [...sent].map(([id, time]) => ({ time, body: journal.message(id).body.toString() }));
    const invocations = ops.filter((op) => op.type === 'invoke');
    expect(invocations.length).toBeGreaterThan(20);
    for (const { time, value } of invocations) {
      expect(bodies.some((each) => each.time === time && each.body.includes(JSON.stringify(value)))).toBe(
        true,
      );
    }
    journal.close();
    // The node logs it during its turn, well within a millisecond, and the line bears that time.
    const marks = logMarks(folder, {
      nodes: ['n1', 'n2', 'n3', 'n4', 'n5'],
      from: -1e12,
      to: 1e12,
      limit: 1000,
    });
    const echoes = marks.filter(({ text }) => text.includes('got echo'));
    expect(echoes.length).toBe(invocations.length);
    for (const { time, text } of echoes) {
      expect(
        invocations.some((op) => time >= op.time && time - op.time < 1e6 && text.endsWith(String(op.value))),
      ).toBe(true);
      expect(text.startsWith(`${(time / 1e9).toFixed(3)} got echo`)).toBe(true);
    }
    expect(readFileSync(join(folder, 'node-logs', 'n1.log'), 'utf8')).toMatch(/^start\+0\.00\d got init/);
    const log = readFileSync(join(folder, 'jepsen.log'), 'utf8');
    expect(log).toMatch(/Z start\+0\.00\d n1: got init/);
    expect(log).toMatch(/Z \d\.\d{3} n\d: got echo/);
    expect(log).toMatch(/Z \d+\t:invoke\t:echo\t"Please echo \d+"/);
  });

  it('is shown by the viewer on one axis, which begins with the start', async () => {
    const folder = await run('b');
    const view = new RunView(folder);
    await Promise.all([view.refreshJournal(), view.refreshHistory()]);
    const { startNanos, endNanos, faults } = view.overviewAt(0);
    expect(startNanos).toBe(-readZero(folder));
    expect(endNanos).toBeGreaterThanOrEqual(3e9);
    const [first] = opsOf(folder).filter((op) => op.process === 'nemesis');
    expect(faults[0]?.from).toBe(first?.time);
    const before = await view.messageRows(
      { from: startNanos, to: -1, limit: 100, query: 'type:init', mark: '' },
      new AbortController().signal,
    );
    expect(before.length).toBe(5);
  });

  it('and while it is shown: what was read before the first operations moves with the zero', async () => {
    const folder = await run('c');
    const zero = readZero(folder);
    let known = 0;
    const columns = new MessageColumns(storedJournal(join(folder, 'net-journal'), () => known));
    await columns.refresh();
    const [end, sent] = [columns.endNanos, columns.sent[0]];
    known = zero;
    await columns.refresh();
    expect([columns.endNanos, columns.sent[0]]).toEqual([end - zero, (sent ?? 0) - zero]);
    const history = new RunOperations(storedFile(join(folder, 'history.jsonl')));
    await history.refresh();
    expect(columns.endNanos).toBeGreaterThanOrEqual(history.columns.invoked.at(history.count - 1));
  });
});

it('two equal runs have equal results, histories and journals, wherever they are stored', async () => {
  const [one, two] = [await run('d'), await run('somewhere/else')];
  for (const file of [
    'results.json',
    'results.edn',
    'history.edn',
    'history.jsonl',
    'zero.json',
    'net-journal/events.bin',
    'node-logs/n1.log',
  ]) {
    expect(readFileSync(join(one, file), 'utf8') === readFileSync(join(two, file), 'utf8'), file).toBe(true);
  }
  expect(readFileSync(join(one, 'results.json'), 'utf8')).not.toContain(root);
});

it('a malformed zero counts as 0', () => {
  for (const text of ['', '{', 'null', '{"zeroNanos":"1"}', '{"zeroNanos":1e400}']) {
    writeFileSync(join(root, 'zero.json'), text);
    expect(readZero(root)).toBe(0);
  }
  writeZero(root, 7);
  expect(readZero(root)).toBe(7);
});
