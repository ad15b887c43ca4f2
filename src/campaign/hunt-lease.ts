/**
 * The lease of the process that hunts: if two processes counted the results of one campaign, each would miss some. The
 * lease expires some seconds after its process has ended.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import { huntKey } from './keys.ts';
import { countForm, orUndefined, parsed, readAs, textForm } from './read-fields.ts';

export const LEASE_MS = 10_000;

export interface Lease {
  readonly key: string;
  readonly text: string;
}

const HOLDER = z.object({ host: textForm(300), pid: countForm });
type Holder = z.infer<typeof HOLDER>;

/** Takes the lease. Throws a UserError while another process holds it. */
export async function takeLease(redis: Redis, id: string): Promise<Lease> {
  const key = huntKey(id);
  const holder: Holder = { host: hostname(), pid: process.pid };
  const text = JSON.stringify({ ...holder, token: randomBytes(8).toString('hex') });
  const before = await redis.get(key);
  const other = before === null ? undefined : orUndefined(() => readAs(HOLDER, parsed(before)));
  if (other !== undefined && !hasEnded(other)) {
    throw new UserError(
      `This hunt is already running: process ${other.pid} of ${shownText(other.host, 100)} counts its runs.`,
      `End that process first. If it has been killed, try again in ${LEASE_MS / 1000} s.`,
    );
  }
  await redis.set(key, text, 'PX', LEASE_MS);
  return { key, text };
}

/**
 * True when the process is known to have ended, which can be known on this machine only. A restarted container has the
 * same host name and often the same process id.
 */
function hasEnded({ host, pid }: Holder): boolean {
  if (host !== hostname() || pid < 1) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
