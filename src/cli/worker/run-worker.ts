/** Runs a worker on a terminal: shows what it works for, and what it has done when it is stopped. */
import { rmSync } from 'node:fs';
import { CampaignWorker } from '../../campaign/campaign-worker.ts';
import { connectQueue } from '../../campaign/connect-queue.ts';
import { ownKind } from '../../campaign/run-kind.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { counted } from '../../protocol/count-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { makeTempFolder } from '../../world/real/machine-limits.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Session } from '../session.ts';
import { count } from '../show/count.ts';
import { readWorkers } from '../words/shared-options.ts';
import type { WorkerWords } from './worker-command.ts';

const STATUS_EVERY_MS = 1000;

export async function runWorker({ args, options }: WorkerWords, { console }: Session): Promise<ExitCode> {
  const [url, ...others] = args;
  if (url === undefined || others.length > 0)
    throw new UserError(
      url === undefined ? 'No queue was named.' : 'A worker takes one queue; several were given.',
      'maelstrom worker redis://HOST:PORT, as in: maelstrom worker redis://127.0.0.1:6379',
    );
  const processes = readWorkers(options.workers);
  const connection = await connectQueue(url);
  const tempFolder = makeTempFolder('maelstrom-worker-');
  try {
    const worker = new CampaignWorker({
      connection,
      processes,
      kind: ownKind(),
      file: packageFile('dist/hunt-worker.js'),
      tempFolder,
      onNote: (words) => console.line(words),
    });
    if (connection.warning !== '')
      console.line(`${console.paint('yellow', 'Warning:')} ${connection.warning}`);
    console.line(
      `Waiting for runs from ${connection.shown} with ${counted(processes, 'process', 'processes')}. Press Ctrl-C to stop.`,
    );
    let shown = 0;
    const status = setInterval(() => {
      if (!console.isTerminal && worker.runs === shown) return;
      shown = worker.runs;
      console.showStatus(`[working] ${count(worker.runs)} runs`, performance.now());
    }, STATUS_EVERY_MS);
    await new Promise<void>((resolve) =>
      onInterrupt({
        first: () => resolve(),
        second: () => {
          rmSync(tempFolder, { recursive: true, force: true });
          process.exit(EXIT.interrupted);
        },
      }),
    );
    clearInterval(status);
    console.clearStatus();
    if (worker.batchesInHand > 0)
      console.line('\rStopping after the current runs. Press Ctrl-C again to leave them to other workers.');
    await worker.close();
    console.line(`Ended after ${counted(worker.runs, 'run')}.`);
    return EXIT.valid;
  } finally {
    rmSync(tempFolder, { recursive: true, force: true });
  }
}
