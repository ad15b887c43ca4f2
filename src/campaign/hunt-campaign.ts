/**
 * The hunt's side of a campaign. Every second it announces itself and stores what its runs need, so that even a Redis
 * that has lost all data can continue; it also tracks the workers, and pauses and resumes the campaign.
 */
import type { HuntState } from '../hunt/hunt.ts';
import type { CampaignView, CampaignWorkerView } from '../recording/hunt-view.ts';
import { counted } from '../protocol/count-text.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import { sha256Of, type Campaign } from './campaign.ts';
import { CampaignHands, patience } from './campaign-hands.ts';
import { progressText } from './campaign-progress.ts';
import type { QueueConnection } from './connect-queue.ts';
import { LEASE_MS, takeLease, type Lease } from './hunt-lease.ts';
import { CAMPAIGNS, filesKey, keysOf, programKey, progressKey, WORKERS } from './keys.ts';
import { AWAY_AFTER_MS, readWorkers, redisNowMs, type WorkerCard } from './worker-card.ts';

export interface HuntCampaignOptions {
  readonly connection: QueueConnection;
  readonly campaign: Campaign;
  /** The compiled program. */
  readonly program: Uint8Array;
  /** The packed contents of the campaign's `files`, indexed by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly seed: string;
  readonly mostRuns: number | undefined;
  readonly onNote: (words: string) => void;
  /** Called when the campaign cannot go on. */
  readonly onEnd: (error: Error) => void;
}

const TICK_MS = 1000;
const RATE_OVER_MS = 10_000;
const LONELY_AFTER_MS = 3000;

export class HuntCampaign {
  readonly hands: CampaignHands;
  private readonly ticking: NodeJS.Timeout;
  private isTicking = false;
  private lastTick: Promise<void> = Promise.resolve();
  private isPaused = false;
  private pausedSinceMs: number | undefined;
  private pausedBeforeMs = 0;
  private cards: readonly WorkerCard[] = [];
  private redisMs = 0;
  private state: HuntState | undefined;
  private readonly samples: { readonly atMs: number; readonly runs: number }[] = [];
  /** When workers could begin: at the start, and when it was last resumed. */
  private waitsSinceMs = performance.now();
  private readonly noted = new Set<string>();
  /** Maximum number of processes that workers had at one time. */
  mostProcesses = 0;
  private isClosed = false;

  /** Opens the campaign. Throws a UserError while another process holds its hunt. */
  static async open(options: HuntCampaignOptions): Promise<HuntCampaign> {
    const { connection, campaign } = options;
    const lease = await takeLease(connection.redis, campaign.id);
    const opened = new HuntCampaign(options, lease);
    await opened.announce();
    return opened;
  }

  private constructor(
    private readonly options: HuntCampaignOptions,
    private readonly lease: Lease,
  ) {
    const { connection, campaign, seed, mostRuns, onNote } = options;
    this.hands = new CampaignHands({ connection, id: campaign.id, seed, mostRuns, onNote });
    this.ticking = setInterval(() => this.beginTick(), TICK_MS);
  }

  /** Total time that it has been paused. */
  get pausedMs(): number {
    return (
      this.pausedBeforeMs + (this.pausedSinceMs === undefined ? 0 : performance.now() - this.pausedSinceMs)
    );
  }

  private get processes(): number {
    return this.present().reduce((sum, { processes }) => sum + processes, 0);
  }

  /** Returns words for the status line. */
  get words(): string {
    const workers = this.present();
    const here = `${counted(workers.length, 'worker')}, ${counted(this.processes, 'process', 'processes')}`;
    if (this.isAway) return `Redis does not answer`;
    return this.isPaused ? `paused, ${here}` : here;
  }

  tell(state: HuntState): void {
    this.state = state;
  }

  /** Pauses or resumes the campaign. Others may do so too: see `maelstrom campaign pause`. */
  async setPaused(paused: boolean): Promise<void> {
    const { queue } = this.hands;
    await (paused ? queue.pause() : queue.resume());
    this.notePaused(paused);
  }

  view(): CampaignView {
    return {
      state: this.isAway ? 'away' : this.isPaused ? 'paused' : 'running',
      id: this.options.campaign.id,
      queue: this.options.connection.shown,
      rate: this.rate(),
      runsOut: this.hands.runsOut,
      refused: this.hands.refused,
      workers: this.cards.map((card) => this.viewOf(card)),
    };
  }

  /** Removes the campaign from Redis. `hands` may have been closed earlier. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    clearInterval(this.ticking);
    // What a tick in progress writes would remain.
    await Promise.race([this.lastTick, patience()]);
    await this.hands.close();
    const { connection, campaign } = this.options;
    const { redis } = connection;
    const { id } = campaign;
    const gone =
      redis.status === 'ready'
        ? redis
            .multi()
            .hdel(CAMPAIGNS, id)
            .del(...keysOf(id))
            .exec()
        : Promise.resolve();
    await Promise.race([gone.catch(() => {}), patience()]);
    redis.disconnect();
  }

  private get isAway(): boolean {
    return this.options.connection.redis.status !== 'ready';
  }

  private beginTick(): void {
    // While Redis is unreachable, the last tick is still pending.
    if (!this.isTicking && !this.isClosed) this.lastTick = this.tick();
  }

  private async tick(): Promise<void> {
    this.isTicking = true;
    try {
      this.sample();
      await this.announce();
      await this.look();
      this.noteWorkers();
    } catch {
      // The next tick may succeed.
    } finally {
      this.isTicking = false;
    }
  }

  private async announce(): Promise<void> {
    const { connection, campaign, program, files } = this.options;
    const { redis } = connection;
    const { id } = campaign;
    const holder = await redis.get(this.lease.key);
    if (holder !== null && holder !== this.lease.text) {
      clearInterval(this.ticking);
      return this.options.onEnd(
        new UserError(
          'Another process continues this hunt, because this one did not respond for some seconds.',
          'The runs that it counted until then are in its folder.',
        ),
      );
    }
    if ((await redis.exists(programKey(id))) === 0) await redis.set(programKey(id), Buffer.from(program));
    if (files.size > 0 && (await redis.exists(filesKey(id))) === 0)
      await redis.hset(
        filesKey(id),
        new Map([...files.values()].map((file) => [sha256Of(file), Buffer.from(file)])),
      );
    if (this.isClosed) return;
    await redis
      .multi()
      .hset(CAMPAIGNS, id, JSON.stringify(campaign))
      .set(this.lease.key, this.lease.text, 'PX', LEASE_MS)
      .set(progressKey(id), progressText(this.progress()))
      .exec();
  }

  private async look(): Promise<void> {
    const { redis } = this.options.connection;
    this.redisMs = await redisNowMs(redis);
    const { cards, forgotten } = readWorkers(await redis.hgetall(WORKERS), this.redisMs);
    this.cards = cards;
    if (forgotten.length > 0) await redis.hdel(WORKERS, ...forgotten);
    this.notePaused(await this.hands.queue.isPaused());
  }

  private notePaused(paused: boolean): void {
    // At the end the queue is paused to stop giving out jobs.
    if (paused === this.isPaused || this.hands.isClosed) return;
    this.isPaused = paused;
    const nowMs = performance.now();
    if (paused) this.pausedSinceMs = nowMs;
    else {
      this.pausedBeforeMs += nowMs - (this.pausedSinceMs ?? nowMs);
      this.pausedSinceMs = undefined;
      // Workers come back when they look again.
      this.waitsSinceMs = nowMs;
    }
    this.options.onNote(
      paused
        ? 'Paused: runs already assigned to workers are finished, and the time does not count.'
        : 'Resumed.',
    );
  }

  private progress() {
    const { tally, groups } = this.state ?? {};
    return {
      runs: tally?.runs ?? 0,
      failures: tally?.failures ?? 0,
      kinds: groups?.all().map(({ signature }) => signature.join(', ')) ?? [],
      rate: this.rate(),
    };
  }

  private sample(): void {
    const atMs = performance.now();
    this.samples.push({ atMs, runs: this.state?.tally.runs ?? 0 });
    while (atMs - (this.samples[0]?.atMs ?? atMs) > RATE_OVER_MS) this.samples.shift();
  }

  private rate(): number {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.atMs === first.atMs) return 0;
    return ((last.runs - first.runs) * 1000) / (last.atMs - first.atMs);
  }

  /** Returns the workers that work for this hunt; while it is paused they wait, and those that could are returned. */
  private present(): readonly WorkerCard[] {
    const { id } = this.options.campaign;
    return this.cards.filter(
      (card) =>
        !this.isSilent(card) &&
        (this.isPaused ? card.refuses.every(({ campaign }) => campaign !== id) : card.serves.includes(id)),
    );
  }

  private isSilent({ seenAtMs }: WorkerCard): boolean {
    return this.redisMs - seenAtMs > AWAY_AFTER_MS;
  }

  private viewOf(card: WorkerCard): CampaignWorkerView {
    const { id, host, pid, processes, kind, seenAtMs, serves, refuses } = card;
    const refusal = refuses.find(({ campaign }) => campaign === this.options.campaign.id);
    const isServing = serves.includes(this.options.campaign.id);
    return {
      host,
      pid,
      processes,
      maelstrom: kind.maelstrom,
      node: kind.node,
      runs: this.hands.runsOf.get(id) ?? 0,
      silentSeconds: Math.max(0, this.redisMs - seenAtMs) / 1000,
      state: this.isSilent(card)
        ? 'away'
        : refusal !== undefined
          ? 'refuses'
          : isServing
            ? 'working'
            : 'idle',
      why: refusal?.why ?? '',
    };
  }

  private noteWorkers(): void {
    const { connection, campaign, onNote } = this.options;
    this.mostProcesses = Math.max(this.mostProcesses, this.processes);
    if (this.processes > 0) this.noted.delete('');
    for (const { host, id, refuses } of this.cards) {
      const refusal = refuses.find((one) => one.campaign === campaign.id);
      if (refusal === undefined) continue;
      this.once(id, () =>
        onNote(
          `The worker on ${shownText(host, 100)} cannot work for this hunt: ${shownText(refusal.why, 500)}.`,
        ),
      );
    }
    if (
      performance.now() - this.waitsSinceMs > LONELY_AFTER_MS &&
      this.present().length === 0 &&
      !this.isPaused
    ) {
      this.once('', () =>
        onNote(
          `This hunt has no worker. On any machine with this version of Maelstrom: maelstrom worker ${connection.shown}`,
        ),
      );
    }
  }

  private once(key: string, say: () => void): void {
    if (this.noted.has(key)) return;
    this.noted.add(key);
    say();
  }
}
