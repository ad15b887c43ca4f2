import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SAMPLE_SPEC } from '../../../test/support/test-spec-sample.ts';
import { echo } from '../../workloads/echo.ts';
import type { TestOrder } from './child-messages.ts';
import { RepeatableTest } from './repeatable-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-repeatable-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that speaks the messages of test-child.ts but runs no test: each attempt ends as the next of `ends` says. */
function childThat(
  name: string,
  ends: readonly string[],
): { readonly file: string; orders(): readonly TestOrder[] } {
  const file = join(folder, `${name}.mjs`);
  const seen = join(folder, `${name}.orders`);
  writeFileSync(seen, '');
  writeFileSync(
    file,
    `import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
    let order, end;
    const note = (turn, endedFor) => writeFileSync(order.tempFolder + '/turn', new Float64Array([turn, endedFor]));
    const die = (signal) => process.kill(process.pid, signal);
    process.on('message', (message) => {
      if (message.kind === 'open') {
        order = message.order;
        end = ${JSON.stringify(ends)}[readFileSync(${JSON.stringify(seen)}, 'utf8').split('\\n').length - 1];
        appendFileSync(${JSON.stringify(seen)}, JSON.stringify(order) + '\\n');
        process.send({ kind: 'opened', opened: { folder: ${JSON.stringify(folder)}, startedAt: new Date(0) } });
      } else if (message.kind === 'run') {
        process.send({ kind: 'log', line: 'begins' }, () => new Function('note', 'die', end)(note, die));
      }
    });`,
  );
  const orders = (): readonly TestOrder[] =>
    readFileSync(seen, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TestOrder);
  return { file, orders };
}

const FINISH =
  "process.send({ kind: 'finished', results: '{}', keys: [], sentence: 'done', interrupted: false, storeProblems: [] });";
const ABORT = "die('SIGABRT');";

interface Ran {
  readonly end: unknown;
  readonly orders: readonly TestOrder[];
  readonly log: readonly string[];
}

/** Runs a test with that program; `meanwhile` is called when the first attempt has begun. */
async function run(
  name: string,
  ends: readonly string[],
  meanwhile: (test: RepeatableTest) => void = () => {},
): Promise<Ran> {
  const child = childThat(name, ends);
  const log: string[] = [];
  const onLog = (line: string): void => {
    log.push(line);
    if (log.length === 1) meanwhile(opened);
  };
  const opened = await RepeatableTest.open(
    { spec: SAMPLE_SPEC, workload: echo, store: folder, onLog },
    child.file,
  );
  const end = await opened.run().catch((error: unknown) => error);
  return { end, orders: child.orders(), log };
}

test('a recorded turn is left out of the next attempt, which takes over the folder', async () => {
  const { end, orders, log } = await run('noted', [`note(7, 1); die('SIGKILL');`, FINISH]);
  expect(end).toMatchObject({ sentence: 'done', folder });
  expect(orders.map(({ fatalTurns }) => fatalTurns)).toEqual([[], [{ turn: 7, kind: 'memory' }]]);
  expect(orders[1]?.before?.folder).toBe(folder);
  expect(log).toEqual([
    'begins',
    'A node has filled the memory in a single turn: the run is repeated, and that node is stopped before it.',
  ]);
});

test('a turn that was ended for taking too long is left out for that reason', async () => {
  const { orders } = await run('time', [`note(7, 2); die('SIGKILL');`, FINISH]);
  expect(orders[1]?.fatalTurns).toEqual([{ turn: 7, kind: 'time' }]);
});

test('a turn too short to be recorded is found by an attempt that records every turn', async () => {
  const { end, orders } = await run('short', [ABORT, `note(3, 0); ${ABORT}`, FINISH]);
  expect(end).toMatchObject({ sentence: 'done' });
  expect(orders.map(({ everyTurn }) => everyTurn)).toEqual([false, true, true]);
  expect(orders[2]?.fatalTurns).toEqual([{ turn: 3, kind: 'memory' }]);
});

test('after three omitted turns the run is cut short', async () => {
  const dies = (turn: number): string => `note(${turn}, 0); ${ABORT}`;
  const { orders } = await run('many', [dies(1), dies(2), dies(3), FINISH]);
  expect(orders.map(({ by }) => by)).toEqual([
    undefined,
    undefined,
    undefined,
    'nodes that end the simulation',
  ]);
});

test('a death without a turn is blamed on the harness', async () => {
  const words = `process.stderr.write('FATAL ERROR: heap out of memory', () => ${ABORT.slice(0, -1)});`;
  const { end } = await run('harness', [words, words]);
  expect(end).toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('The run needs more memory than the simulation has'),
  });
});

test('a process that was killed from outside is reported in one message, and the run is not repeated', async () => {
  const { end, orders } = await run('killed', [`note(7, 0); die('SIGKILL');`]);
  expect(orders).toHaveLength(1);
  expect(end).toMatchObject({
    name: 'UserError',
    message: `The process of the simulation was killed from outside by SIGKILL. What was recorded so far is in ${folder}.`,
  });
});

test('a process that exits by itself is our bug, with its last words', async () => {
  const { end } = await run('itself', [`process.stderr.write('its words', () => process.exit(3));`]);
  expect(String(end)).toBe('Error: the process of the simulation ended with code 3: its words');
});

test('an interruption of an attempt that died also interrupts the next one', async () => {
  const dies = `setTimeout(() => { note(7, 0); ${ABORT} }, 50);`;
  const { orders } = await run('interrupted', [dies, FINISH], (one) => one.interrupt('SIGINT'));
  expect(orders[1]?.by).toBe('SIGINT');
});

test('an abort ends an unresponsive process', async () => {
  const { end } = await run('deaf', ['for (;;);'], (one) => void one.abort());
  expect(end).toBeUndefined();
});
