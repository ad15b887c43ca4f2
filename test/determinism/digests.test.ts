/**
 * The same seed gives the same bytes: the digest of every example is the one that another process recorded, on each version of
 * Node that CI runs. Where it is not, a second run tells whether the example changed or differs from run to run.
 *
 * After an intended change of behaviour, `node scripts/record-digests.mjs` records new digests.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareRuns } from '../../src/harness/determinism/compare-runs.ts';
import { openTest } from '../../src/harness/one-test/open-test.ts';
import type { StoredResults } from '../../src/harness/one-test/running-test.ts';
import { shortDigest } from '../../src/store/run-digest.ts';
import { WORKLOADS } from '../../src/workloads/index.ts';
import { bundleNode } from '../../src/world/bundling/bundle.ts';
import { EXAMPLES, OFFENDER, PROBE, specOf } from './programs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GOLDEN = fileURLToPath(new URL('digests.json', import.meta.url));
const PROGRAMS = [...EXAMPLES, PROBE, OFFENDER];

/** Indexed by program. */
type Digests = Record<string, string>;

interface Golden {
  readonly everywhere: Digests;
  /** Indexed by version of Node: the digests that differ there. */
  readonly versions: Readonly<Record<string, Digests>>;
}

const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Golden; // written below
const version = process.versions.node.split('.')[0] ?? '';
/** Digests recorded with this version hold for all; other versions record only differences. */
const OLDEST = '20';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-determinism-'));
const recorded: Digests = {};
let bins = new Map<string, string>();

beforeAll(async () => {
  // All at once, so that the compiler starts only once.
  bins = new Map(
    await Promise.all(
      PROGRAMS.map(async ({ path }, at) => {
        const { bin } = await bundleNode(join(ROOT, path), 'simulated', join(store, 'programs', String(at)));
        return [path, bin] as const;
      }),
    ),
  );
}, 120_000);

afterAll(() => {
  rmSync(store, { recursive: true });
  if (process.env['RECORD_DIGESTS'] === undefined) return;
  writeFileSync(GOLDEN, `${JSON.stringify(withRecorded(), undefined, 2)}\n`);
});

function withRecorded(): Golden {
  if (version === OLDEST) return { everywhere: recorded, versions: {} };
  const others = Object.entries(recorded).filter(([path, digest]) => golden.everywhere[path] !== digest);
  const { [version]: _before, ...versions } = golden.versions;
  return {
    ...golden,
    versions: others.length === 0 ? versions : { ...versions, [version]: Object.fromEntries(others) },
  };
}

async function run(program: (typeof PROGRAMS)[number]): Promise<StoredResults> {
  const spec = specOf(program, bins.get(program.path) ?? '');
  const workload = WORKLOADS.get(spec.workload);
  if (workload === undefined) throw new Error(`there is no workload ${spec.workload}`);
  const finished = await (await openTest({ spec, workload, store })).run();
  if (finished === undefined) throw new Error('the run was ended');
  return finished;
}

it.each(PROGRAMS)('$path gives the same bytes as where they were recorded', async (program) => {
  const first = await run(program);
  const digest = (recorded[program.path] = shortDigest(first.digest ?? ''));
  const isRecording = process.env['RECORD_DIGESTS'] !== undefined;
  const expected = isRecording
    ? digest
    : (golden.versions[version]?.[program.path] ?? golden.everywhere[program.path]);
  // The probes are compared file by file as well, with those that no digest includes.
  if (isRecording || digest !== expected || !EXAMPLES.includes(program)) {
    const second = await run(program);
    expect(compareRuns([first.folder, second.folder])).toBeUndefined();
    expect(second.digest).toBe(first.digest);
  }
  expect(digest).toBe(expected);
});

it('results name the files of a run within its folder', async () => {
  const { folder, results } = await run(OFFENDER);
  expect(results.protocol?.violations.length).toBeGreaterThan(1);
  expect(results.nodes?.problems.map(({ kind }) => kind)).toContain('crashed');
  const text = readFileSync(join(folder, 'results.json'), 'utf8');
  expect(text).toContain('"node-logs/n1.log"');
  for (const path of [store, tmpdir(), ROOT]) expect(text).not.toContain(path);
});

it('every example that the simulation can run is included', () => {
  const paths = new Set(EXAMPLES.map(({ path }) => path));
  const folders = ['examples', 'examples/broken', 'examples/javascript'];
  for (const folder of folders) {
    for (const file of readdirSync(join(ROOT, folder))) {
      if (/(?<!\.test)\.[jt]s$/.test(file)) expect([...paths]).toContain(`${folder}/${file}`);
    }
  }
  expect(paths).toContain('examples/raft');
});
