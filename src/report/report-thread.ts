/**
 * Has a report written by another thread, so that drawing takes nothing from whoever routes messages. Whatever happens
 * there, the verdict stands; what went wrong is told in a line.
 */
import { Worker } from 'node:worker_threads';
import type { ReportOrder } from './write-report.ts';

const PATIENCE_MS = 120_000;

/**
 * Resolves, when all files are written, to what could not be: a sentence, or undefined. Never rejects. `workerFile` is the
 * path of dist/report-worker.js.
 */
export function writeReportApart(order: ReportOrder, workerFile: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(workerFile, { workerData: order });
    const giveUp = setTimeout(() => {
      done([`it took more than ${PATIENCE_MS / 1000} s`]);
      void worker.terminate();
    }, PATIENCE_MS);
    const done = (problems: readonly string[]): void => {
      clearTimeout(giveUp);
      const [first] = problems;
      const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
      resolve(first === undefined ? undefined : `The report is not complete: ${first}${more}`);
    };
    worker.on('message', done);
    worker.on('error', (error) => done([error.message]));
    worker.on('exit', (code) => done([`its thread ended with code ${code}`]));
  });
}
