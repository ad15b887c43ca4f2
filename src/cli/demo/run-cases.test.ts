import { expect, it } from 'vitest';
import { Console } from '../show/console.ts';
import type { DemoOutcome } from './demo-case.ts';
import type { DemoCase } from './demo-plan.ts';
import { DemoTable } from './demo-table.ts';
import { runCases } from './run-cases.ts';

const example = (program: string, world: DemoCase['world'], expected = true): DemoCase => ({
  workload: 'lin-kv',
  program,
  world,
  expected,
  settings: { timeLimitSeconds: 5, recoverySeconds: 2 },
});

const outcome = (given: Partial<DemoOutcome> = {}): DemoOutcome => ({
  validity: true,
  sentence: 'Fine.',
  operations: 80,
  messages: 400,
  seconds: 9,
  folder: 'store/lin-kv/1',
  provedNothing: false,
  busyShare: 0.97,
  ...given,
});

const NOTHING = outcome({ validity: false, sentence: 'Not one succeeded.', provedNothing: true });

/**
 * Runs the examples, each with its outcomes in sequence; returns what was run with which time limit, and what was
 * shown.
 */
async function demo(cases: readonly DemoCase[], outcomes: Readonly<Record<string, readonly DemoOutcome[]>>) {
  let text = '';
  const table = new DemoTable(new Console({ columns: 200, write: (part) => (text += part) }, {}));
  const ran: string[] = [];
  const left = new Map(Object.entries(outcomes).map(([program, list]) => [program, [...list]]));
  table.begin('seed', cases);
  await runCases(
    cases,
    {
      whyNot: () => undefined,
      isStopped: () => false,
      run: async ({ program, settings }) => {
        ran.push(`${program} ${settings.timeLimitSeconds}`);
        return Promise.resolve(left.get(program)?.shift());
      },
    },
    table,
  );
  table.close();
  const isFine = table.end();
  return { ran, isFine, text };
}

it('a run that proved nothing on a busy machine is repeated before the simulated ones, and its second outcome counts', async () => {
  const { ran, isFine, text } = await demo(
    [example('raft', 'real'), example('kv', 'real'), example('kv-simulated', 'simulated')],
    { raft: [NOTHING, outcome()], kv: [outcome()], 'kv-simulated': [outcome()] },
  );
  expect(ran).toEqual(['raft 5', 'kv 5', 'raft 20', 'kv-simulated 5']);
  expect(isFine).toBe(true);
  expect(text).toMatch(/raft +real +again .*\n +Not one succeeded\.\n +That proves nothing: the machine's/);
  expect(text).toMatch(/raft +real +valid /);
  expect(text).toContain('All 3 came out as they should');
});

it('a second failure counts, and so does a first one that shows a fault', async () => {
  const cases = [example('raft', 'real'), example('kv', 'real')];
  const fault = outcome({ validity: false, sentence: 'A write was lost.' });
  const { ran, isFine, text } = await demo(cases, { raft: [NOTHING, NOTHING], kv: [fault, outcome()] });
  expect(ran).toEqual(['raft 5', 'kv 5', 'raft 20']);
  expect(isFine).toBe(false);
  expect(text).toContain('2 of 2 came out otherwise than they should: kv (real), raft (real)');
});
