/**
 * Writes all files of a report for a synthetic run: ten messages per operation, faults, two kinds of operations.
 *
 *     node bench/run.mjs report [MESSAGES]      default: 100,000
 *
 * Needs dist/ (for the worker, the page's script and the fonts). Prints how long the worker took, how long it blocked
 * the thread that started it, and how soon report.html opens in headless Chromium.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { writeReportApart } from '../src/report/report-thread.ts';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import { RunFolder } from '../src/store/writing/run-folder.ts';

/** Prints the median of five times to open the page from its file in a running browser. */
async function openPage(path: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      await page.goto('about:blank');
      const begin = performance.now();
      await page.goto(pathToFileURL(path).href);
      await page.waitForSelector('div.picture[data-drawn$="full"]');
      times.push(performance.now() - begin);
    }
    const [least = 0, , median = 0, , most = 0] = times.toSorted((a, b) => a - b).map(Math.round);
    console.log(`report.html opens to a drawn picture in ${median} ms (${least} to ${most})`);
  } finally {
    await browser.close();
  }
}

const MESSAGES = Number(process.argv[2] ?? 100_000);
const OPERATIONS = Math.ceil(MESSAGES / 10);
const NANOS = 60e9;

const store = mkdtempSync(join(tmpdir(), 'bench-report-'));
const spec = completeSpec({ workload: 'broadcast', bin: '/bin/cat', seed: 'bench' });
const run = new RunFolder({
  store,
  spec,
  startedAt: new Date(0),
  maelstromVersion: '0.0.0',
  onProblem: (problem) => console.error(problem),
});

let index = 0;
let id = 0;
for (let operation = 0; operation < OPERATIONS; operation++) {
  const time = Math.floor((NANOS * operation) / OPERATIONS);
  const step = Math.floor(NANOS / OPERATIONS / 30);
  const f = operation % 3 === 0 ? 'read' : 'broadcast';
  const op = { process: operation % 5, f, value: operation };
  if (operation % Math.ceil(OPERATIONS / 6) === 0) {
    const start = operation % 2 === 0 ? 'start-partition' : 'stop-partition';
    for (let twice = 0; twice < 2; twice++)
      run.history.append({
        index: index++,
        time,
        type: 'info',
        process: 'nemesis',
        f: start,
        value: 'majority',
      });
  }
  run.history.append({ ...op, index: index++, time, type: 'invoke' });
  for (let hop = 0; hop < 10; hop++) {
    const packet = {
      id: id++,
      src: `n${1 + ((operation + hop) % 5)}`,
      dest: `n${1 + ((operation + hop + 1) % 5)}`,
      body: Buffer.from(
        `{"type":"gossip","msg_id":${id},"messages":[${operation},${operation + 1},${operation + 2}],"hop":${hop}}`,
      ),
    };
    run.journal.sent(time + 2 * hop * step, packet);
    if (id % 50 === 0) run.journal.dropped(time + (2 * hop + 1) * step, packet, 'partition');
    else run.journal.received(time + (2 * hop + 1) * step, packet);
  }
  run.history.append({
    ...op,
    index: index++,
    time: time + 25 * step,
    type: operation % 40 === 0 ? 'info' : 'ok',
  });
}
run.writeResults({ 'valid?': true });
run.close();

const worker = resolve('../dist/report-worker.js');
for (const png of [true, true, false]) {
  let longestMs = 0;
  let last = performance.now();
  const ticking = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 1);
  const startedMs = performance.now();
  const problem = await writeReportApart(
    { folder: run.path, sentence: 'Nothing wrong was found.', png },
    { workerFile: worker },
  );
  const tookMs = performance.now() - startedMs;
  clearInterval(ticking);
  if (problem !== undefined) console.error(problem);
  console.log(
    `${MESSAGES} messages, ${OPERATIONS} operations, ${png ? 'with' : 'without'} PNGs: ${tookMs.toFixed(0)} ms; ` +
      `the other thread was kept waiting ${longestMs.toFixed(0)} ms at most`,
  );
}
const sizes = readdirSync(run.path)
  .filter((name) => /\.(html|svg|png)$/.test(name))
  .map((name) => `${name} ${(statSync(join(run.path, name)).size / 1e6).toFixed(2)} MB`);
console.log(sizes.join(', '));
await openPage(join(run.path, 'report.html'));
if (process.env['KEEP'] === undefined) rmSync(store, { recursive: true, force: true });
else console.log(run.path);
