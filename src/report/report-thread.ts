/**
 * Writes a report in another thread, so that drawing does not slow down the thread that routes messages. Whatever
 * happens there, the verdict stands; problems are reported in a line.
 */
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { Stories } from '../recording/story.ts';
import type { ReportOrder } from './write-report.ts';

const PATIENCE_MS = 120_000;

/**
 * Limits of the thread's heap, in MiB. Nearly all reports need a third of it, but without a limit garbage accumulates
 * until the process takes twice the memory of the run. A report that needs more is repeated without limits.
 */
const USUAL_HEAP: ResourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 };

export interface ReportThread {
  /** The path of dist/report-worker.js. */
  readonly workerFile: string;
  /** Called at most once, as soon as the stories of the run are written. */
  readonly onStories?: ((stories: Stories) => void) | undefined;
}

/** Resolves, when all files are written, to a sentence about what could not be written, or undefined. Never rejects. */
export async function writeReportApart(
  order: ReportOrder,
  { workerFile, onStories }: ReportThread,
): Promise<string | undefined> {
  let isReported = false;
  const tell = (stories: Stories): void => {
    if (!isReported) onStories?.(stories);
    isReported = true;
  };
  let outcome = await attempt(order, { workerFile, tell }, USUAL_HEAP);
  if (outcome === 'out of memory') outcome = await attempt(order, { workerFile, tell }, {});
  const problems = outcome === 'out of memory' ? ['its thread ran out of memory'] : outcome;
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return first === undefined ? undefined : `The report is not complete: ${first}${more}`;
}

/** Resolves to clauses about what could not be written. */
function attempt(
  order: ReportOrder,
  { workerFile, tell }: { readonly workerFile: string; readonly tell: (stories: Stories) => void },
  resourceLimits: ResourceLimits,
): Promise<readonly string[] | 'out of memory'> {
  return new Promise((resolve) => {
    const worker = new Worker(workerFile, { workerData: order, resourceLimits });
    const giveUp = setTimeout(() => {
      done([`it took more than ${PATIENCE_MS / 1000} s`]);
      void worker.terminate();
    }, PATIENCE_MS);
    const done = (outcome: readonly string[] | 'out of memory'): void => {
      clearTimeout(giveUp);
      resolve(outcome);
    };
    worker.on('message', (message: readonly string[] | Stories) => {
      if ('stories' in message) tell(message);
      else done(message);
    });
    worker.on('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : [error.message]),
    );
    worker.on('exit', (code) => done([`its thread ended with code ${code}`]));
  });
}
