/**
 * Runs the complete proof that correct examples survive faults and broken ones are found: every case of
 * test/proof/cases.ts with twenty seeds. It takes a few minutes; the test suite runs each case with one seed.
 *
 *     node scripts/prove.mjs [--seeds N] [WORD]      only cases whose title contains WORD
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '20' } },
  allowPositionals: true,
});
const root = fileURLToPath(new URL('..', import.meta.url));
const words = ['run', '--reporter=verbose', 'test/faults.proof.test.ts'];
if (positionals[0] !== undefined) words.push('--testNamePattern', positionals[0]);
const { status } = spawnSync(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, ...words], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PROOF_SEEDS: values.seeds },
});
process.exitCode = status ?? 1;
