/**
 * Runs the cases of proof/cases.ts: in the test suite some of them with one seed, in `node scripts/prove.mjs`, which sets
 * PROOF_SEEDS, all with twenty. One seed in twenty may fail to expose a broken example.
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { PROOF_CASES, type ProofCase } from './proof/cases.ts';
import { CommandRunner, type Outcome } from './proof/run-command.ts';

const ASKED = process.env['PROOF_SEEDS'];
const SEEDS = Array.from({ length: Number(ASKED ?? 1) }, (_, at) => String(at + 1));
const LEAST_SHARE_FOUND = 19 / 20;

const runner = new CommandRunner();
afterAll(() => runner.close());

/** Returns why the expectation is not met, or undefined if it is. A run in which nothing happened meets none. */
function objection({ command, expected }: ProofCase, { results, oks, faults }: Outcome): string | undefined {
  if (oks === 0) return 'proved nothing: no operation succeeded';
  if (command.includes('--nemesis ') && faults === 0) return 'proved nothing: no fault occurred';
  const workload = JSON.stringify(results['workload'], (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  if (expected === 'valid') return results['valid?'] === true ? undefined : `is not valid: ${workload}`;
  return isFalse(results['workload']) && expected.test(workload)
    ? undefined
    : `did not show ${expected}: ${workload}`;
}

const isFalse = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'valid?' in result && result['valid?'] === false;

const CASES = PROOF_CASES.filter(({ inSuite }) => inSuite || ASKED !== undefined).map((proof) => {
  const claim = proof.expected === 'valid' ? 'stays valid' : `shows ${proof.expected.source}`;
  return [`${claim}: ${proof.command}`, proof] as const;
});

describe('every case of the proof', () => {
  it.for(CASES)('%s', { timeout: 600_000 }, async ([, proof], { annotate }) => {
    const objections: string[] = [];
    for (const seed of SEEDS) {
      const problem = objection(proof, await runner.run(proof.command, seed));
      if (problem !== undefined) objections.push(`seed ${seed} ${problem.slice(0, 500)}`);
    }
    const met = SEEDS.length - objections.length;
    await annotate(`${met} of ${SEEDS.length} seeds`);
    const least = proof.expected === 'valid' ? SEEDS.length : Math.ceil(SEEDS.length * LEAST_SHARE_FOUND);
    expect(met, objections.join('\n')).toBeGreaterThanOrEqual(least);
  });
});

it('covers the commands of examples/README.md', () => {
  const readme = readFileSync(new URL('../examples/README.md', import.meta.url), 'utf8');
  const missing = PROOF_CASES.filter(({ inSuite }) => inSuite)
    .map(({ command }) => `./maelstrom test ${command}`)
    .filter((command) => !readme.includes(`\`${command}\``));
  expect(missing).toEqual([]);
});
