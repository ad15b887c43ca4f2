/** Runs the test of the guide, which runs all its commands, with an additional action. Returns its exit code. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export function runGuide(more) {
  const [, , word = ''] = process.argv;
  const only = word === '' ? [] : ['-t', `${word}.*shows what`];
  const words = [`${root}node_modules/vitest/vitest.mjs`, 'run', 'test/guide.test.ts', ...only];
  return (
    spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit', env: { ...process.env, ...more } })
      .status ?? 1
  );
}
