import { expect, test } from 'vitest';
import { memoryFile } from '../files/memory-file.ts';
import { OPEN, outcomeNumber } from './outcome.ts';
import { RunOperations } from './operation-columns.ts';
import type { RunFile } from '../run-source.ts';

const LONGEST = 1 << 24;

interface Entry {
  readonly index: number;
  readonly time: number;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly process: number | 'nemesis';
  readonly f: string;
  readonly value: unknown;
}

const entry = (index: number, type: Entry['type'], process: Entry['process'], more: object = {}): Entry => ({
  index,
  time: 1000 * index,
  type,
  process,
  f: 'add',
  value: null,
  ...more,
});
const text = (...lines: readonly (Entry | string)[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
const bytesOf = (lines: string): Uint8Array => new TextEncoder().encode(lines);

async function readAll(file: RunFile): Promise<RunOperations> {
  const history = new RunOperations(file);
  await history.refresh();
  return history;
}

const readText = (lines: string): Promise<RunOperations> =>
  readAll(memoryFile('history.jsonl', bytesOf(lines)));

interface Row {
  readonly index: number;
  readonly invoked: number;
  readonly completed: number;
  readonly process: number;
  readonly outcome: number;
  readonly f: string | undefined;
  readonly invocation: string;
  readonly completion: string | undefined;
}

function rowsOf(history: RunOperations): Row[] {
  const { columns, functions } = history;
  return history.lines((read) =>
    Array.from({ length: history.count }, (_, row) => {
      const completion = columns.completeAt.at(row);
      return {
        index: columns.index.at(row),
        invoked: columns.invoked.at(row),
        completed: columns.completed.at(row),
        process: columns.process.at(row),
        outcome: columns.outcome.at(row),
        f: functions[columns.f.at(row)],
        invocation: read(columns.invokeAt.at(row), LONGEST),
        completion: completion === -1 ? undefined : read(completion, LONGEST),
      };
    }),
  );
}

/** Returns the expected columns, by parsing every line in full. */
function rowsByParsing(lines: string): Row[] {
  const rows: Row[] = [];
  const open = new Map<Entry['process'], number>();
  for (const line of lines.split('\n').filter((one) => one !== '')) {
    const { index, time, type, process, f } = JSON.parse(line) as Entry;
    if (process === 'nemesis') continue;
    if (type === 'invoke') {
      open.set(process, rows.length);
      rows.push({
        index,
        invoked: time,
        completed: NaN,
        process,
        outcome: OPEN,
        f,
        invocation: line,
        completion: undefined,
      });
      continue;
    }
    const row = open.get(process);
    const invoked = row === undefined ? undefined : rows[row];
    if (row === undefined || invoked === undefined) continue;
    rows[row] = { ...invoked, completed: time, outcome: outcomeNumber(type), completion: line };
    open.delete(process);
  }
  return rows;
}

test('columns equal those of parsing every line, wherever the file is cut into pieces for reading', async () => {
  const types = ['ok', 'fail', 'info'] as const;
  const lines: string[] = [];
  // The lengths share no divisor with the pieces, so that pieces end anywhere in a line.
  for (let index = 0; lines.length < 8000; index += 2) {
    const process = index % 7;
    const value = 'x'.repeat((index * 31) % 611);
    const f = ['read', 'write', 'Žluťoučký "f"', `f${index % 100}`][index % 4];
    lines.push(
      JSON.stringify(entry(index, 'invoke', process, { f, value, time: index * 999 })),
      JSON.stringify(entry(index + 1, types[index % 3] ?? 'ok', process, { f, value: `${value}"}` })),
    );
  }
  const whole = text(...lines);
  expect(whole.length).toBeGreaterThan(2 << 20);
  const history = await readText(whole);
  expect(rowsOf(history)).toEqual(rowsByParsing(whole));
  expect(history.badLines).toBe(0);
});

test('a line longer than one read is one operation, and the next begins after it', async () => {
  const long = 'x'.repeat(3 << 20);
  const whole = text(
    entry(0, 'invoke', 0),
    entry(1, 'ok', 0, { value: long }),
    entry(2, 'invoke', 1, { f: `f${'o'.repeat(300)}`, value: long }),
    entry(3, 'fail', 1),
    entry(4, 'invoke', 0),
  );
  expect(rowsOf(await readText(whole))).toEqual(rowsByParsing(whole));
});

test('lines in other forms are read as well, and lines that are not operations are counted and left out', async () => {
  const history = await readText(
    text(
      '{"type": "invoke", "process": 3, "f": "add", "value": 1, "index": 7, "time": 8}',
      '',
      '{"index":9,',
      '"time":1,"type":"ok","process":3,"f":"add","value":1}',
      '{"index":010,"time":12,"type":"ok","process":3,"f":"add","value":1}',
      '{"index":1e1,"time":12,"type":"ok","process":3,"f":"add","value":1}',
      entry(11, 'ok', 5),
    ),
  );
  expect(rowsOf(history)).toMatchObject([{ index: 7, invoked: 8, completed: 12, process: 3, f: 'add' }]);
  // Truncated lines, an invalid number, and a completion without an invocation.
  expect(history.badLines).toBe(4);
});

test('times since 1970 count from the first, with or without short ones between', async () => {
  const at = (time: string, index: number, type: string): string =>
    `{"index":${index},"time":${time},"type":"${type}","process":0,"f":"add","value":null}`;
  const history = await readText(
    text(at('1700000000123456789', 0, 'invoke'), at('1700000000123456799', 1, 'ok')),
  );
  expect(rowsOf(history)).toMatchObject([{ invoked: 0, completed: 10 }]);
});

test('a growing history has the rows of a single reading', async () => {
  const whole = bytesOf(
    text(entry(0, 'invoke', 0), entry(1, 'info', 'nemesis', { value: ['n1'] }), entry(2, 'ok', 0), 'no JSON'),
  );
  let size = 0;
  const current = (): RunFile => memoryFile('history.jsonl', whole.subarray(0, size));
  const history = new RunOperations({
    path: 'history.jsonl',
    scan: (use) => current().scan(use),
    look: (use) => current().look(use),
  });
  for (; size <= whole.length; size++) await history.refresh();
  expect(rowsOf(history)).toMatchObject([{ index: 0, invoked: 0, completed: 2000 }]);
  expect(history.nemesis).toMatchObject([{ index: 1, f: 'add', value: ['n1'] }]);
  expect(history.badLines).toBe(1);
});
