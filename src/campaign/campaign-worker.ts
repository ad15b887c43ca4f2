/**
 * A worker: looks for campaigns every second, and takes part in those that are active and that it can carry out.
 * Several campaigns share its processes; those that it cannot carry out are left to other workers.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { shownText } from '../protocol/shown-text.ts';
import { readCampaign, type Campaign } from './campaign.ts';
import { patience } from './campaign-hands.ts';
import type { QueueConnection } from './connect-queue.ts';
import { CAMPAIGNS, huntKey, settingsKey, WORKERS } from './keys.ts';
import { orUndefined } from './read-fields.ts';
import { kindProblem, type RunKind } from './run-kind.ts';
import { ServedCampaign } from './served-campaign.ts';
import { redisNowMs, writeCard } from './worker-card.ts';

export interface CampaignWorkerOptions {
  readonly connection: QueueConnection;
  readonly processes: number;
  readonly kind: RunKind;
  /** dist/hunt-worker.js. */
  readonly file: string;
  readonly tempFolder: string;
  readonly onNote: (words: string) => void;
}

const LOOK_EVERY_MS = 1000;
/** Maximum number of campaigns served at once; further ones wait. */
const MOST_SERVED = 8;
const MOST_REFUSALS = 50;

export class CampaignWorker {
  /** Number of runs that it has carried out. */
  runs = 0;
  private readonly id = randomBytes(8).toString('hex');
  private readonly served = new Map<string, ServedCampaign>();
  private readonly leaving = new Set<Promise<void>>();
  /** Indexed by campaign: the reason why it is left to other workers. */
  private refuses = new Map<string, string>();
  private readonly noted = new Set<string>();
  private readonly looking: NodeJS.Timeout;
  private now: Promise<void> | undefined;
  private isClosing = false;
  private wasAway = false;

  constructor(private readonly options: CampaignWorkerOptions) {
    this.looking = setInterval(() => this.lookAgain(), LOOK_EVERY_MS);
    this.lookAgain();
  }

  get batchesInHand(): number {
    return [...this.served.values()].reduce((sum, { batchesInHand }) => sum + batchesInHand, 0);
  }

  /** Stops after completing the batches in hand. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearInterval(this.looking);
    const { redis } = this.options.connection;
    const isAway = redis.status !== 'ready';
    if (!isAway) await this.now;
    const left = Promise.allSettled([
      ...this.leaving,
      ...[...this.served].map(([id, each]) => (isAway ? each.abandon() : this.leave(id, each))),
    ]);
    await left;
    if (!isAway) await Promise.race([redis.hdel(WORKERS, this.id).catch(() => {}), patience()]);
    redis.disconnect();
  }

  private lookAgain(): void {
    this.noteAway();
    // While Redis is unreachable, the last look is still pending.
    if (this.now !== undefined || this.isClosing) return;
    this.now = this.look()
      .catch((error: unknown) => {
        this.once(`look ${String(error)}`, () => `The campaigns cannot be read: ${wordsOf(error)}`);
      })
      .finally(() => (this.now = undefined));
  }

  private async look(): Promise<void> {
    const { redis } = this.options.connection;
    const wanted = await this.wanted();
    const ids = new Set(wanted.map(({ id }) => id));
    const share = Math.max(1, Math.floor(this.options.processes / Math.max(1, wanted.length)));
    for (const [id, served] of this.served) {
      if (ids.has(id) && served.processes === share) continue;
      this.served.delete(id);
      const left = this.leave(id, served).catch(() => {});
      this.leaving.add(left);
      void left.finally(() => this.leaving.delete(left));
    }
    for (const campaign of wanted) await this.serve(campaign, share);
    const seenAtMs = await redisNowMs(redis);
    await writeCard(redis, {
      id: this.id,
      host: hostname(),
      pid: process.pid,
      processes: this.options.processes,
      kind: this.options.kind,
      seenAtMs,
      runs: this.runs,
      serves: [...this.served.keys()],
      refuses: [...this.refuses].slice(0, MOST_REFUSALS).map(([campaign, why]) => ({ campaign, why })),
    });
  }

  private async leave(id: string, served: ServedCampaign): Promise<void> {
    const { redis } = this.options.connection;
    // A campaign that has ended has nothing left to complete.
    if ((await redis.hexists(CAMPAIGNS, id)) === 1) return served.close();
    await served.abandon();
    // BullMQ stores settings of a queue as long as anything listens to it, even after its end.
    await redis.del(settingsKey(id));
  }

  /** Returns the campaigns whose runs to take, oldest first. */
  private async wanted(): Promise<readonly Campaign[]> {
    const { redis } = this.options.connection;
    const found: Campaign[] = [];
    const refuses = new Map<string, string>();
    for (const [id, text] of Object.entries(await redis.hgetall(CAMPAIGNS))) {
      const campaign = orUndefined(() => readCampaign(id, text));
      if (campaign === undefined) {
        this.once(`unreadable ${id}`, () => `Campaign ${shownText(id, 40)} cannot be read and is skipped.`);
        continue;
      }
      const why = this.served.has(id) ? undefined : this.problemOf(campaign);
      if (why !== undefined) {
        refuses.set(id, why);
        continue;
      }
      const [isHunted, isPaused] = await Promise.all([
        redis.exists(huntKey(id)),
        redis.hexists(settingsKey(id), 'paused'),
      ]);
      if (isHunted === 1 && isPaused === 0) found.push(campaign);
    }
    this.refuses = refuses;
    return found
      .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
      .slice(0, MOST_SERVED);
  }

  private problemOf(campaign: Campaign): string | undefined {
    const why = kindProblem(campaign.kind, this.options.kind);
    if (why !== undefined)
      this.once(
        `${campaign.id} ${why}`,
        () =>
          `Left to other workers: ${huntWords(campaign)}, because ${why}. All machines of a campaign need the same versions.`,
      );
    return why;
  }

  private async serve(campaign: Campaign, processes: number): Promise<void> {
    if (this.served.has(campaign.id)) return;
    const { connection, file, tempFolder, onNote } = this.options;
    const { id } = campaign;
    try {
      const served = await ServedCampaign.open({
        connection,
        campaign,
        id: this.id,
        processes,
        file,
        tempFolder,
        onRuns: (runs) => (this.runs += runs),
        onProblem: (words) =>
          onNote(`Runs could not be executed, and are assigned again: ${shownText(words, 500)}`),
      });
      this.served.set(id, served);
      this.once(
        `serve ${id}`,
        () =>
          `Working for ${huntWords(campaign)}: ${shownText(campaign.plan.base.workload, 60)}, program ${campaign.program.sha256.slice(0, 12)}.`,
      );
    } catch (error) {
      this.refuses.set(id, wordsOf(error));
      this.once(
        `${id} ${wordsOf(error)}`,
        () => `Cannot work for ${huntWords(campaign)}: ${wordsOf(error)}.`,
      );
    }
  }

  private noteAway(): void {
    const { redis, shown } = this.options.connection;
    const isAway = redis.status !== 'ready' && redis.status !== 'connecting';
    const isBack = redis.status === 'ready';
    if (isAway && !this.wasAway) {
      this.wasAway = true;
      this.options.onNote(`The Redis at ${shown} does not answer: trying again.`);
    } else if (isBack && this.wasAway) {
      this.wasAway = false;
      this.options.onNote(`The Redis at ${shown} answers again.`);
    }
  }

  private once(key: string, words: () => string): void {
    if (this.noted.has(key) || this.noted.size > 1000) return;
    this.noted.add(key);
    this.options.onNote(words());
  }
}

const huntWords = ({ program, host }: Campaign): string =>
  `the hunt in ${shownText(program.shown, 100)} of ${shownText(host, 100)}`;

const wordsOf = (error: unknown): string =>
  shownText(error instanceof Error ? error.message : String(error), 500);
