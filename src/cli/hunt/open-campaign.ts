/**
 * Makes a campaign of a hunt: puts what workers on other machines need into Redis. Loaded only if a queue was
 * requested.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { campaignId, newCampaign, sha256Of } from '../../campaign/campaign.ts';
import type { QueueConnection } from '../../campaign/connect-queue.ts';
import { HuntCampaign } from '../../campaign/hunt-campaign.ts';
import { ownKind } from '../../campaign/run-kind.ts';
import { packFiles } from '../../harness/own/packed-file.ts';
import type { HuntHead } from '../../hunt/hunt-folder.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { HuntContext } from './open-hunt.ts';

export { connectQueue } from '../../campaign/connect-queue.ts';

/** In bytes; more than any program has, and well below the limit of Redis for a value. */
const LARGEST_PROGRAM = 64 * 1024 * 1024;

export async function openCampaign(
  connection: QueueConnection,
  { head, bin, mostRuns, stopping, console }: HuntContext & OpenedProgram,
): Promise<HuntCampaign> {
  const content = readFileSync(bin);
  const files = await packFiles(head.plan.base);
  const bytes = [...files.values()].reduce((sum, { length }) => sum + length, content.length);
  if (bytes > LARGEST_PROGRAM)
    throw new UserError(
      `The compiled program${files.size > 0 ? ', with your own files,' : ''} has ${bytes} bytes; workers accept at most ${LARGEST_PROGRAM}.`,
      'Leave out --queue to hunt on this machine.',
    );
  const campaign: HuntCampaign = await HuntCampaign.open({
    connection,
    campaign: newCampaign(
      {
        id: campaignId(head),
        startedAt: head.startedAt,
        host: hostname(),
        kind: ownKind(),
        plan: head.plan,
        program: {
          shown: head.given.bin,
          name: basename(bin)
            .replaceAll(/[^\w.-]/g, '_')
            .replace(/^\.+/, '_'),
          sha256: sha256Of(content),
        },
      },
      files,
    ),
    program: content,
    files,
    seed: head.seed,
    mostRuns,
    onNote: (words) => console.line(words),
    onEnd: (error) => {
      console.line(error.message);
      stopping.abort();
    },
  });
  return campaign;
}

interface OpenedProgram {
  readonly head: HuntHead;
  readonly bin: string;
}
