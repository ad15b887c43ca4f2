import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * `npm test` and CI set it (scripts/run-tests.mjs): Node itself loads the sources, which takes a fifth less CPU time, as Vite makes
 * every use of an import a look at a getter. Vite loads them where files are watched or lines counted.
 */
const LOADED = process.env['MAELSTROM_TESTS_BY_NODE'] === '1' && {
  setupFiles: [source('scripts/load-typescript.mjs')],
  experimental: { viteModuleRunner: false, nodeLoader: false },
};

/**
 * Tests that change what a process has once: what it does at signals and at its end; and those that end a turn of a node by
 * force: Node ends the whole process where something else in it has used AsyncLocalStorage, as the browser's driver does.
 */
const APART = [
  'src/world/real/**/*.test.ts',
  'src/world/simulated/simulated-world.test.ts',
  'test/hostile/wasm-nodes.test.ts',
];
/** Ends what the user's files do by force, too, and shares with them what Node itself has loaded. */
const ENDING = ['test/your-own.test.ts'];
/** Tests of whole runs, of nodes and of the command. Where they share a worker, a simulated run sets its time zone for all. */
const RUNS = [
  'src/{node,server,travel}/**/*.test.ts',
  'src/world/*.test.ts',
  'src/world/{bundling,stderr}/*.test.ts',
  'src/world/simulated/**/*.test.ts',
  'test/*.test.ts',
  'test/{browser,determinism,finding,hostile,sdk,starting}/**/*.test.ts',
  'examples/**/*.test.ts',
];

/**
 * They take a quarter of a minute or more, the longest first, so that no worker is left alone with one at the end. Those that
 * wait (for processes, pages, real seconds) alternate with those that compute, so that the cores always have work.
 */
const LONGEST = [
  'test/hunt-command.test.ts',
  'brute-force/brute-force.test.ts',
  'test/campaign.test.ts',
  'test/faults.proof.test.ts',
  'test/your-own.test.ts',
  'test/guide.test.ts',
  'test/wasm.test.ts',
  'finding/shrink.test.ts',
  'examples/languages.test.ts',
  'determinism/reused-realms.test.ts',
  'hostile/hostile-nodes.test.ts',
  'examples/examples.test.ts',
  'test/new-command.test.ts',
  'finding/hunt.test.ts',
  'test/explore-command.test.ts',
  'test/package.test.ts',
  'test/real-world.test.ts',
  'test/liveness.test.ts',
  'browser/stepping.test.ts',
  'test/invariants.test.ts',
  'test/grading.test.ts',
  'determinism/digests.test.ts',
  'browser/findings.test.ts',
  'browser/diagram.test.ts',
  'browser/viewer.test.ts',
  'src/certificate/certify.test.ts',
  'hostile/filled-memory.test.ts',
  'test/docs.test.ts',
  'test/ci.test.ts',
];
/** Of one project after the other, so that its files find a worker that has loaded what they share. */
const PROJECTS = ['runs', 'apart', 'ending', 'rooms'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification): number => {
      const long = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return long < 0 ? LONGEST.length + PROJECTS.indexOf(project.name) : long;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  resolve: {
    // As in scripts/typescript-hooks.mjs.
    alias: [
      { find: /^maelstrom\/node$/, replacement: source('src/node/index.ts') },
      { find: /^maelstrom\/testing$/, replacement: source('src/testing/index.ts') },
      { find: /^maelstrom\/checkers$/, replacement: source('src/checkers/index.ts') },
      { find: /^maelstrom$/, replacement: source('src/index.ts') },
    ],
  },
  test: {
    // On average a worker computes half of the time: it waits for nodes, pages and real seconds the other half.
    maxWorkers: Math.min(8, 2 * availableParallelism()),
    // The threads with which V8 collects garbage would take turns with the workers.
    execArgv: ['--single-threaded-gc'],
    testTimeout: 60_000,
    // Removing the folder of an installed package took eleven seconds on a busy machine.
    hookTimeout: 60_000,
    // A page, or a process, is given longer than the usual second on a machine that does much else.
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: LongestFirst },
    // Where it does no harm, a worker loads what is tested once, not for each file: half of the CPU time of these tests.
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['{src,test,viewer/src,examples}/**/*.test.ts'],
          exclude: [...APART, ...RUNS],
          isolate: false,
          ...LOADED,
        },
      },
      {
        extends: true,
        test: { name: 'runs', include: RUNS, exclude: [...APART, ...ENDING], isolate: false, ...LOADED },
      },
      { extends: true, test: { name: 'apart', include: APART } },
      { extends: true, test: { name: 'ending', include: ENDING, ...LOADED } },
    ],
  },
});
