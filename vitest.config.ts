import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests that start processes, change what a process has once (its time zone, its signals), or run nodes in realms. */
const RUNS = ['src/{node,server,world}/**/*.test.ts', 'test/*.test.ts', 'examples/**/*.test.ts'];
const RUNS_IN_FOLDERS = ['browser', 'determinism', 'hostile', 'sdk', 'starting'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  resolve: {
    alias: [
      { find: /^maelstrom\/node$/, replacement: source('src/node/index.ts') },
      { find: /^maelstrom\/checkers$/, replacement: source('src/checkers/index.ts') },
      { find: /^maelstrom$/, replacement: source('src/index.ts') },
    ],
  },
  test: {
    // Of three that wait for nodes and time, two cores are kept busy.
    maxWorkers: 3,
    testTimeout: 60_000,
    projects: [
      // A worker loads what is tested once, not for each file: half of the CPU time of these tests.
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['{src,test,viewer/src,examples}/**/*.test.ts'],
          exclude: [...RUNS, ...RUNS_IN_FOLDERS],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'runs', include: [...RUNS, ...RUNS_IN_FOLDERS] } },
    ],
  },
});
