/** What runs in the thread that writes a report: dist/report-worker.js, started by report-thread.ts. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { writeReport, type ReportOrder } from './write-report.ts';

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const problems = await writeReport(
  // Put there by report-thread.ts.
  workerData as ReportOrder,
  {
    script: readFileSync(beside('report-page.js'), 'utf8'),
    style: readFileSync(beside('report-page.css'), 'utf8'),
    fontFolder: beside('fonts'),
  },
);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(problems);
