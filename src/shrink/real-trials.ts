/**
 * Trials in real clusters. A failure depends on timing and on the system, so each candidate is run several times,
 * concurrently as far as clusters are free, and one run with the same failure is enough. The folder of that run is kept
 * while its candidate is the smallest; all other folders are removed.
 */
import { rmSync } from 'node:fs';
import type { Op } from '../history/op.ts';
import type { StoredResults } from '../harness/one-test/running-test.ts';
import type { Outcome } from '../hunt/outcome.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import type { Signature } from '../run/verdict/signature.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { isAlike, NO_VERDICT, type LookedAtTrial, type Trial, type TrialRunner } from './trials.ts';

export interface RealTrialsOptions {
  /** Runs the spec once as a test in the store; returns undefined if the signal ended it. */
  readonly carryOut: (spec: TestSpec, signal: AbortSignal) => Promise<RealRun | undefined>;
  readonly signature: Signature;
  /** Maximum number of clusters that run at once. */
  readonly clusters: number;
  /** Number of runs without the failure after which a candidate counts as not failing. */
  readonly repeats: number;
  /** The history of the run to shrink. */
  readonly history: readonly Op[];
  /** Ends the search, for instance when its time is up. */
  readonly searching: AbortSignal;
  /** Ends everything, the final measurement included. */
  readonly signal: AbortSignal;
  /** Called after each completed run. */
  readonly onRun?: () => void;
}

export interface RealRun {
  readonly outcome: Pick<Outcome, 'signature'>;
  readonly stored: Pick<StoredResults, 'folder' | 'sentence' | 'results'>;
}

/** The results of a candidate so far. */
export interface Tried {
  runs: number;
  failures: number;
  /** The last run with the same failure. */
  kept: Pick<StoredResults, 'folder' | 'sentence'> | undefined;
}

export class RealTrials implements TrialRunner {
  /** Number of candidates that run at once, given the clusters that each needs for its repeats. */
  readonly width: number;
  private readonly tried = new Map<string, Tried>();
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: RealTrialsOptions) {
    const { clusters, repeats } = options;
    this.free = clusters;
    this.width = Math.ceil(clusters / repeats);
  }

  /** Returns at the first run with the same failure. */
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

  /** Returns the original run, since a real run cannot be repeated to be looked at. */
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

  /** Runs `spec` all `repeats` times, even after a failure or after the search has ended, and returns its totals. */
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

  /** Removes the kept folders of all other candidates. */
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
