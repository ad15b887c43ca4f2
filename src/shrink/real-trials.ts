/**
 * Trials as real clusters. Time and the system take part in what happens, so a candidate that could fail need not: each is run several
 * times, side by side as far as clusters may, and the first run that fails alike is enough. That run is kept for as long as its
 * candidate is the smallest; all others go.
 */
import { rmSync } from 'node:fs';
import type { Op } from '../history/op.ts';
import type { StoredResults } from '../harness/one-test/running-test.ts';
import type { Outcome } from '../hunt/outcome.ts';
import { MemoryJournal } from '../network/memory-journal.ts';
import type { Signature } from '../run/signature.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { isAlike, NO_VERDICT, type LookedAtTrial, type Trial, type TrialRunner } from './trials.ts';

export interface RealTrialsOptions {
  /** Runs it once as a test of the store; undefined when it was ended by the signal. */
  readonly carryOut: (spec: TestSpec, signal: AbortSignal) => Promise<RealRun | undefined>;
  readonly signature: Signature;
  /** How many clusters run at once. */
  readonly clusters: number;
  /** How often a candidate is run before it is taken not to fail. */
  readonly repeats: number;
  /** What nemesis and clients did in the run that is made smaller. */
  readonly history: readonly Op[];
  /** Ends the search, when its time is over for instance. */
  readonly searching: AbortSignal;
  /** Ends all. */
  readonly signal: AbortSignal;
  /** Each run that has come to its end. */
  readonly onRun?: () => void;
}

export interface RealRun {
  readonly outcome: Pick<Outcome, 'signature'>;
  readonly stored: Pick<StoredResults, 'folder' | 'sentence' | 'results'>;
}

/** How a candidate has come out so far. */
export interface Tried {
  runs: number;
  failures: number;
  /** Its last run that failed alike. */
  kept: Pick<StoredResults, 'folder' | 'sentence'> | undefined;
}

export class RealTrials implements TrialRunner {
  /** Candidates at once: those for whose runs there are clusters. */
  readonly width: number;
  private readonly tried = new Map<string, Tried>();
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: RealTrialsOptions) {
    const { clusters, repeats } = options;
    this.free = clusters;
    this.width = Math.max(1, Math.floor(clusters / repeats));
  }

  /** Ends with the first run that fails alike. */
  async run(spec: TestSpec): Promise<Trial> {
    const enough = new AbortController();
    let found: Trial = NO_VERDICT;
    const over = AbortSignal.any([this.options.searching, enough.signal]);
    await this.repeat(spec, over, (trial) => {
      found = trial;
      enough.abort();
    });
    return found;
  }

  /** Of a run in the real world there is nothing to look at again: it shows what the original did. */
  look(): Promise<LookedAtTrial> {
    const { signature, history } = this.options;
    return Promise.resolve({
      signature,
      serverMessages: 0,
      history,
      journal: new MemoryJournal(),
      zeroNanos: 0,
    });
  }

  /** Runs it as often as a candidate is run, however it comes out and whether or not the search is over; says how it came out in all. */
  async measure(spec: TestSpec): Promise<Tried> {
    await this.repeat(spec, new AbortController().signal, () => {});
    return this.triedOf(spec);
  }

  triedOf(spec: TestSpec): Tried {
    const key = JSON.stringify(spec);
    const tried = this.tried.get(key) ?? { runs: 0, failures: 0, kept: undefined };
    this.tried.set(key, tried);
    return tried;
  }

  /** Of all others no folder is kept. */
  keepOnly(spec: TestSpec): void {
    const kept = this.triedOf(spec);
    for (const tried of this.tried.values()) {
      if (tried === kept || tried.kept === undefined) continue;
      remove(tried.kept.folder);
      tried.kept = undefined;
    }
  }

  private async repeat(spec: TestSpec, over: AbortSignal, onFailure: (trial: Trial) => void): Promise<void> {
    const signal = AbortSignal.any([this.options.signal, over]);
    await Promise.all(
      Array.from({ length: this.options.repeats }, () =>
        this.whenFree(async () => {
          const { carryOut, signature: original, onRun } = this.options;
          if (signal.aborted) return;
          const ran = await carryOut(spec, signal);
          if (ran === undefined) return;
          onRun?.();
          const tried = this.triedOf(spec);
          tried.runs++;
          const { signature } = ran.outcome;
          if (!isAlike(signature, original)) return remove(ran.stored.folder);
          tried.failures++;
          if (tried.kept !== undefined) remove(tried.kept.folder);
          tried.kept = ran.stored;
          onFailure({ signature, serverMessages: serverMessagesOf(ran) });
        }),
      ),
    );
  }

  private async whenFree(work: () => Promise<void>): Promise<void> {
    while (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.free--;
    try {
      await work();
    } finally {
      this.free++;
      this.waiting.shift()?.();
    }
  }
}

const serverMessagesOf = ({ stored }: RealRun): number => stored.results.net?.servers['msg-count'] ?? 0;

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });
