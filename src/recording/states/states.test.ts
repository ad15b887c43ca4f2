/** States reported by nodes, as a recorded run returns them. */
import { expect, test } from 'vitest';
import { stateLine, type StateChange, type StateFields } from '../../protocol/state-change.ts';
import { memoryFile } from '../files/memory-file.ts';
import { StateColumns } from './state-columns.ts';
import { statesAt, statesOverview, stateWindow } from './state-window.ts';

const ZERO = 100;
const NODES = ['n1', 'n2', 'n3'];
const set = (node: string, time: number, fields: StateFields): StateChange => ({
  node,
  time: time + ZERO,
  kind: 'set',
  fields,
});

async function read(...changes: readonly (StateChange | string)[]): Promise<StateColumns> {
  const text = changes.map((one) => (typeof one === 'string' ? `${one}\n` : stateLine(one))).join('');
  const columns = new StateColumns(memoryFile('states', new TextEncoder().encode(text)), () => ZERO);
  await columns.refresh();
  return columns;
}

const RUN: readonly StateChange[] = [
  set('n1', 0, { role: 'follower', term: 0 }),
  set('n2', 10, { role: 'follower', term: 0 }),
  set('n1', 20, { role: 'candidate', term: 1 }),
  set('n1', 30, { role: 'leader' }),
  set('n2', 35, { term: 1, votes: ['n1'] }),
  { node: 'n1', time: 50 + ZERO, kind: 'end' },
  set('n1', 70, { role: 'follower', term: 1 }),
  { node: 'n2', time: 80 + ZERO, kind: 'cut' },
];

test('each field has its latest value at a moment; a stopped node has none, and invalid lines are left out', async () => {
  const columns = await read('{"node":1}', ...RUN.slice(0, 4), 'no JSON', ...RUN.slice(4));
  const at = (nanos: number) => statesAt(columns, NODES, nanos);
  expect(statesOverview(columns)).toEqual({
    changes: 8,
    fields: ['role', 'term', 'votes'],
    cut: [{ node: 'n2', time: 80 }],
  });
  expect(at(40)).toEqual({
    nanos: 40,
    fields: ['role', 'term', 'votes'],
    nodes: [
      { node: 'n1', values: ['leader', '1', null], since: [30, 20, null], is: 'known' },
      { node: 'n2', values: ['follower', '1', '["n1"]'], since: [10, 35, 35], is: 'known' },
    ],
    previous: 35,
    next: 50,
  });
  expect(at(-5).nodes.map(({ is }) => is)).toEqual(['silent', 'silent']);
  expect(at(60).nodes.map(({ is }) => is)).toEqual(['ended', 'known']);
  expect(at(90).nodes.map(({ is }) => is)).toEqual(['known', 'cut']);
  expect([at(-5).previous, at(30).previous, at(30).next, at(90).next]).toEqual([
    undefined,
    20,
    35,
    undefined,
  ]);
});

test('a window has the values in effect at its start, and describes the changes in words', async () => {
  const columns = await read(...RUN);
  const window = stateWindow(columns, NODES, { from: 25, to: 60, field: 'role', buckets: 100 });
  expect(window).toEqual({
    from: 25,
    to: 60,
    field: 'role',
    values: [
      { number: 0, text: 'follower' },
      { number: 1, text: 'candidate' },
      { number: 2, text: 'leader' },
    ],
    lanes: [
      {
        node: 'n1',
        time: [20, 30, 50],
        value: [1, 2, -1],
        changes: [30, 50],
        changeTexts: ['role: candidate → leader', 'role: leader → none, term: 1 → none'],
      },
      {
        node: 'n2',
        time: [10],
        value: [0],
        changes: [35],
        changeTexts: ['term: 0 → 1, votes: none → ["n1"]'],
      },
    ],
  });
  expect(stateWindow(columns, NODES, { from: 0, to: 9, field: 'unknown', buckets: 9 }).field).toBe('role');
});

test('with very many changes a window has the last of each part, and no words', async () => {
  const many = Array.from({ length: 10_000 }, (_, at) => set('n1', at, { count: at }));
  const columns = await read(...many);
  const { lanes, values } = stateWindow(columns, NODES, { from: 0, to: 10_000, field: 'count', buckets: 50 });
  expect(lanes[0]?.changes).toHaveLength(50);
  expect(lanes[0]?.changes[1]).toBe(399);
  expect(lanes[0]?.changeTexts).toBeUndefined();
  expect(lanes[0]?.value.at(-1)).toBe(9999);
  expect(values).toHaveLength(51);
});

test('what is written later is read later, and an incomplete line not at all', async () => {
  const whole = new TextEncoder().encode(RUN.map(stateLine).join(''));
  let there = 0;
  const file = {
    path: 'states',
    scan: <T>(use: Parameters<typeof grown.scan<T>>[0]) => memoryFile('', whole.subarray(0, there)).scan(use),
    look: <T>(use: Parameters<typeof grown.look<T>>[0]) => memoryFile('', whole.subarray(0, there)).look(use),
  };
  const columns = new StateColumns(file, () => ZERO);
  for (; there <= whole.length; there += 7) await columns.refresh();
  there = whole.length;
  await columns.refresh();
  expect(statesAt(columns, NODES, 40)).toEqual(statesAt(await read(...RUN), NODES, 40));
  expect(columns.count).toBe(8);
});

const grown = memoryFile('', new Uint8Array(0));
