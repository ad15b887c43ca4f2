import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { planRun } from '../../hunt/plan/plan-run.ts';
import { COMMAND as HUNT_COMMAND } from '../hunt/hunt-command.ts';
import { readHuntPlan } from '../hunt/read-hunt-plan.ts';
import { parseWords } from '../words/read-words.ts';
import { SETTINGS, type TestSpec } from '../../run/test-spec.ts';
import { readTestSpec } from './read-test-spec.ts';
import { specWords } from './spec-words.ts';
import { TEST_COMMAND } from './test-command.ts';

function planned(words: string) {
  const parsed = parseWords(HUNT_COMMAND, words.split(' '), 100);
  if (parsed.kind === 'help') throw new Error('no words');
  return readHuntPlan(parsed.words);
}

function readBack(words: readonly string[], seed: string) {
  const parsed = parseWords(TEST_COMMAND, [...words.slice(1), '--seed', seed], 100);
  if (parsed.kind === 'help') throw new Error('no words');
  return readTestSpec(parsed.words, {
    resolveBin: (path) => (path === 'b.ts' ? path : resolve(path)),
    freshSeed: () => '',
  });
}

it.each([
  '-w broadcast --bin b.ts --nemesis all',
  '-w lin-kv --bin b.ts --node-count 7 --availability 0.3 --lenient --nemesis-targets primary,one',
  '-w g-set --bin b.ts --nodes a,b,c --nemesis loss,skew,slow --skew +1s,2% --slow 3x --latency 10 --repeat-elements 0.1 --strict',
  '-w txn-rw-register --bin b.ts --key-count 3 --no-wfr-keys --no-decide --sequential-keys --linearizable-keys --max-txn-length 2',
  '-w txn-list-append --bin b.ts --consistency-models read-committed,causal-cerone --max-writes-per-key 5 --init-timeout 3',
  '-w broadcast --bin b.ts --topology line --latency 50 --latency-dist pareto --recovery-time 3 --nemesis-targets n1,n2',
  '-w lin-kv --bin b.ts --liveness 7 --invariant x/one.ts --invariant /y/two.ts',
  '-w kafka --bin b.ts --nemesis none --loss 0.1 --duplicate 0.2 --keep nodes,rate,latency --rate 0',
])('%s: every run of the hunt is read back unchanged from its words', (words) => {
  const { plan, given } = planned(words);
  const measured = { ...plan, hasPrimary: words.includes('lin-kv'), failoverSeconds: 0.4 };
  for (let n = 0; n < 200; n++) {
    const spec = planRun(measured, `s-${n}`);
    expect(readBack(specWords(spec, 'b.ts', given), spec.seed)).toEqual({ ...spec, bin: 'b.ts' });
  }
});

it('no setting is missing from the words', () => {
  // Settings that a plan never has: those that do not come from options, and those that only change the log.
  const elsewhere = [
    'course',
    'faultScript',
    'logStderr',
    'logNetSend',
    'logNetRecv',
    'bin',
    'seed',
    'world',
  ];
  const { plan, given } = planned('-w lin-kv --bin b.ts');
  const silent = Object.keys(SETTINGS).filter((name) => {
    const setting = name as keyof TestSpec; // keys of SETTINGS
    if (elsewhere.includes(name)) return false;
    const other = { ...plan.base, nemesis: ['loss'], [setting]: OTHERS[setting] };
    return (
      specWords(other, 'b.ts', given).join(' ') ===
      specWords({ ...plan.base, nemesis: ['loss'] }, 'b.ts', given).join(' ')
    );
  });
  expect(silent).toEqual([]);
});

/** For each setting, a value that is not the default. */
const OTHERS: Partial<TestSpec> = {
  workload: 'kafka',
  args: ['a'],
  nodes: ['z'],
  rate: 77,
  timeLimitSeconds: 77,
  recoverySeconds: 77,
  livenessSeconds: 77,
  initTimeoutSeconds: 77,
  concurrency: 77,
  latency: { distribution: 'uniform', meanMs: 77 },
  topology: 'line',
  steady: { duplicate: 0.7 },
  nemesis: ['pause'],
  nemesisIntervalSeconds: 77,
  nemesisTargets: ['all'],
  nemesisMoves: true,
  nemesisAfter: 2,
  finalReads: true,
  distinctWrites: true,
  faultStrengths: { loss: 0.7 },
  availability: 0.7,
  invariants: ['/i.ts'],
  workloadFile: { name: 'w', path: '/w.ts' },
  faultFiles: [{ name: 'loss', path: '/f.ts' }],
  topologyFile: { name: 't', path: '/t.json' },
  serviceFiles: [{ name: 's', path: '/s.ts' }],
  consistencyModels: ['causal-cerone'],
  lenient: true,
  strict: true,
  repeatElements: 0.7,
  keyCount: 77,
  maxTxnLength: 77,
  maxWritesPerKey: 77,
  wfrKeys: false,
  decide: false,
  sequentialKeys: true,
  linearizableKeys: true,
};
