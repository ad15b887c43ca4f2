/**
 * Has a report written by another thread, so that drawing takes nothing from the thread that routes messages. Whatever happens
 * there, the verdict stands; what went wrong is reported in a line.
 */
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { Stories } from '../recording/story.ts';
import type { ReportOrder } from './write-report.ts';

const PATIENCE_MS = 120_000;

/**
 * The thread's heap, in MiB. Nearly all reports are made in a third of it, but without a limit garbage is left lying until the
 * process takes twice the memory that the run did. A report that needs more gets it in a second attempt.
 */
const USUAL_HEAP: ResourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 };

export interface ReportThread {
  /** The path of dist/report-worker.js. */
  readonly workerFile: string;
  /** Called once at most, as soon as the stories of the run are written. */
  readonly onStories?: ((stories: Stories) => void) | undefined;
}

/** Resolves, when all files are written, to what could not be: a sentence, or undefined. Never rejects. */
export async function writeReportApart(
  order: ReportOrder,
  { workerFile, onStories }: ReportThread,
): Promise<string | undefined> {
  let isTold = false;
  const tell = (stories: Stories): void => {
    if (!isTold) onStories?.(stories);
    isTold = true;
  };
  let outcome = await attempt(order, { workerFile, tell }, USUAL_HEAP);
  if (outcome === 'out of memory') outcome = await attempt(order, { workerFile, tell }, {});
  const problems = outcome === 'out of memory' ? ['its thread ran out of memory'] : outcome;
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return first === undefined ? undefined : `The report is not complete: ${first}${more}`;
}

/** What could not be written, each in a clause. */
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
