/**
 * CPU time (of all threads) after the end of a simulated run with this many operations, from the beginning of its
 * analysis to its last file.
 *
 *     node bench/run.mjs after-run [WORKLOAD [OPERATIONS [PROGRAM]]]      default: echo, 1,200,000, and a correct example
 *
 * PROGRAM is a file in examples, such as broken/kafka-offsets-reused.ts: a run that is not valid costs more.
 *
 * Needs dist/ (for the report's thread). The run itself takes a minute or two.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { StoredTest } from '../src/harness/one-test/stored-test.ts';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import { writeReportApart } from '../src/report/report-thread.ts';
import { WORKLOADS } from '../src/workloads/index.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  echo: 'echo.ts',
  'unique-ids': 'unique-ids.ts',
  'lin-kv': 'lin-kv.ts',
  'txn-list-append': 'txn-list-append.ts',
  'txn-rw-register': 'txn-rw-register.ts',
  kafka: 'kafka.ts',
  'g-counter': 'g-counter.ts',
};
/**
 * Workloads whose programs are for one node, which completes some ten thousand operations a second: pass more
 * OPERATIONS than wanted.
 */
const SINGLE = new Set(['lin-kv', 'txn-list-append', 'txn-rw-register', 'kafka']);
const RATE = 20_000;
/** The measured blocking time of the main thread may be too long by this. */
const RESOLUTION_MS = 5;

const name = process.argv[2] ?? 'echo';
const operations = Number(process.argv[3] ?? 1_200_000);
const workload = WORKLOADS.get(name);
const program = process.argv[4] ?? PROGRAMS[name];
if (workload === undefined || program === undefined)
  throw new Error(`WORKLOAD must be one of ${Object.keys(PROGRAMS).join(', ')}`);

const store = mkdtempSync(join(tmpdir(), 'bench-after-run-'));
let before = process.cpuUsage();
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
const test = await StoredTest.open({
  spec: completeSpec({
    workload: name,
    bin: resolve('../examples', program),
    nodes: SINGLE.has(name) ? ['n1'] : ['n1', 'n2', 'n3', 'n4', 'n5'],
    world: 'simulated',
    seed: 'bench',
    rate: RATE,
    concurrency: 20,
    timeLimitSeconds: operations / RATE,
  }),
  workload,
  store,
  onLog: (line) => {
    if (line === 'Phase: analysis') before = process.cpuUsage();
  },
});
const finished = await test.run();
if (finished === undefined) throw new Error('the run was aborted');
const { sentence, folder } = finished;
const analysisMs = cpuMs();
// Measures in native code: a timer every millisecond took a twentieth of the measured time.
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
const problem = await writeReportApart(
  { folder, sentence, png: true },
  { workerFile: resolve('../dist/report-worker.js') },
);
delay.disable();
const allMs = cpuMs();
console.log(sentence);
if (problem !== undefined) console.error(problem);
console.log(
  `${name}: CPU after the end ${(allMs / 1000).toFixed(2)} s (analysis ${(analysisMs / 1000).toFixed(2)} s, ` +
    `report ${((allMs - analysisMs) / 1000).toFixed(2)} s); the thread that waited was kept from its work for ` +
    `${(delay.max / 1e6).toFixed(0)} ms at most; most memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
);
if (process.env['KEEP'] === undefined) rmSync(store, { recursive: true, force: true });
else console.log(folder);
