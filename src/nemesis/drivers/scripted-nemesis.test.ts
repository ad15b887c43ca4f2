import { expect, test } from 'vitest';
import { faultEnvironment, FIVE_NODES } from '../../../test/support/fault-environment.ts';
import { trace } from '../../../test/support/generator-trace.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { NO_JOURNAL } from '../../network/journal/journal.ts';
import { Network } from '../../network/network.ts';
import { Random } from '../../world/random.ts';
import type { FaultEnvironment } from '../fault.ts';
import { readFaultScript } from '../fault-script.ts';
import { makeScriptedNemesis } from './scripted-nemesis.ts';

/** Executes a script and returns its operations with the active faults after each. */
function play(script: readonly object[], others: Partial<FaultEnvironment> = {}) {
  const latency = { distribution: 'constant', meanMs: 0 } as const;
  const random = Random.fromSeed('script');
  const network = new Network({ clock: new ManualClock(), random, latency, journal: NO_JOURNAL });
  const context = { source: 'story.json', nodes: FIVE_NODES, own: [], timeLimitSeconds: 60, latency };
  const nemesis = makeScriptedNemesis(
    readFaultScript(JSON.stringify(script), context),
    faultEnvironment(network, { skew: () => undefined, ...others }),
  );
  const invocations = trace(nemesis.generator).filter((_, at) => at % 2 === 0);
  const story = invocations.map(({ f, value }) => {
    nemesis.invoke({ f, value }, () => undefined);
    return [f, ...nemesis.activeFaults()];
  });
  return { nemesis, story };
}

test('entries of a fault overlap, and each shows what it still does', () => {
  const { story } = play([
    { at: 1, fault: 'skew', target: ['n1'], for: 2, strength: '+500ms' },
    { at: 2, fault: 'skew', target: ['n1', 'n2'], for: 4, strength: '-1s' },
  ]);
  expect(story).toEqual([
    ['start-skew', 'skew n1 +500ms'],
    ['start-skew', 'skew n1 -1000ms', 'skew n1 -1000ms, n2 -1000ms'],
    ['stop-skew', 'skew n2 -1000ms'],
    ['stop-skew'],
  ]);
});

test('an entry that hits no node still lasts its time, and says so', () => {
  const { story } = play([{ at: 1, fault: 'slow', target: 'primary', for: 2 }], { primaries: () => [] });
  expect(story).toEqual([['start-slow', 'slow at no node'], ['stop-slow']]);
});

test('a script names its own targets, whatever targets the run has', () => {
  const { story } = play([{ at: 1, fault: 'partition', target: [['n1'], ['n2', 'n3', 'n4', 'n5']] }], {
    targets: [['n3']],
  });
  expect(story).toEqual([['start-partition', 'partition n1 | n2 n3 n4 n5']]);
});

test('faults that last to the end are ended in the order in which they began', () => {
  const { nemesis, story } = play([
    { at: 2, fault: 'loss', target: ['n2'] },
    { at: 1, fault: 'slow', target: ['n1'] },
  ]);
  expect(story.at(-1)).toEqual([
    'start-loss',
    expect.stringMatching(/^slow/),
    expect.stringMatching(/^loss/),
  ]);
  const ends: string[] = [];
  while (nemesis.activeFaults().length > 0) {
    const [end] = trace(nemesis.finalGenerator, { limit: 1 });
    if (end === undefined) break;
    nemesis.invoke(end, () => undefined);
    ends.push(end.f);
  }
  expect(ends).toEqual(['stop-slow', 'stop-loss']);
});
