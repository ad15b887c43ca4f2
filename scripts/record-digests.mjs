/**
 * Records the digests of the examples in test/determinism/digests.json, for the tests to compare: run it after a change
 * that was meant to change them. With Node 20 they are recorded for all versions, with another version only those that
 * differ.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const words = [`${root}node_modules/vitest/vitest.mjs`, 'run', 'test/determinism/digests.test.ts'];
const env = { ...process.env, RECORD_DIGESTS: '1' };
const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit', env });
process.exitCode = status ?? 1;
