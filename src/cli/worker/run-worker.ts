/** A worker on a terminal: what it works for, and what it has done when it is stopped. */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { packageFile } from '../../harness/package-folder.ts';
import { connectQueue, refuseOtherKinds } from '../../hunt/queue-connection.ts';
import { QueueWorker } from '../../hunt/queue-worker.ts';
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { makeTempFolder } from '../../world/real/machine-limits.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Session } from '../session.ts';
import { parseNumber } from '../words/parse-number.ts';
import type { WorkerWords } from './worker-command.ts';

export async function runWorker(
  { args, options }: WorkerWords,
  { console, errors }: Session,
): Promise<ExitCode> {
  const [url, ...others] = args;
  if (url === undefined || others.length > 0)
    throw new UserError(
      url === undefined ? 'No queue was named.' : 'A worker works for one queue; several were named.',
      'maelstrom worker redis://HOST:PORT, as in: maelstrom worker redis://127.0.0.1:6379',
    );
  const workers =
    options.workers === undefined
      ? availableParallelism()
      : parseNumber('--workers', options.workers, { min: 1, integer: true, max: 256 });
  const connection = await connectQueue(url);
  const tempFolder = makeTempFolder('maelstrom-worker-');
  try {
    await refuseOtherKinds(connection).catch((error: unknown) => {
      connection.redis.disconnect();
      throw error;
    });
    const worker = new QueueWorker({
      connection,
      workers,
      file: packageFile('dist/hunt-worker.js'),
      tempFolder,
      onProblem: (words) => errors.line(`A run could not be carried out: ${shownText(words, 500)}`),
      onCampaign: ({ plan, digest }) =>
        console.line(`Hunting in ${shownText(plan.base.workload, 60)}, program ${digest.slice(0, 12)}.`),
    });
    console.line(
      `Waiting for runs from ${connection.shown}, with ${counted(workers, 'process', 'processes')}. Ctrl-C stops.`,
    );
    await new Promise<void>((resolve) =>
      onInterrupt({ first: () => resolve(), second: () => process.exit(EXIT.interrupted) }),
    );
    await worker.close();
    console.line(`\rStopped after ${counted(worker.done, 'run')}.`);
    return EXIT.valid;
  } finally {
    rmSync(tempFolder, { recursive: true, force: true });
  }
}
