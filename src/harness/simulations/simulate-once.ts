/**
 * One simulated run of a test within this process, without store and report, called thousands of times to search for
 * failures or to shrink one. The same spec and the same seed give what `test --simulate` gives.
 */
import type { OpenedClient } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { OperationNames } from '../../history/operation-names.ts';
import { NO_JOURNAL, type Journal } from '../../network/journal/journal.ts';
import { evidenceOf } from '../../run/verdict/evidence-of.ts';
import type { RunParts } from '../../run/run-parts.ts';
import { isCertainEarly, signatureOf, type Signature } from '../../run/verdict/signature.ts';
import type { RunOutputs } from '../../run/run-outputs.ts';
import { TestRun } from '../../run/test-run.ts';
import type { TestResults } from '../../run/verdict/test-results.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Workload } from '../../workloads/workload.ts';
import { loadParts } from '../own/load-own.ts';
import { EventBudgetError, type EventBudget, type Traffic } from '../../world/simulated/event-budget.ts';
import type { SimulatedWorld } from '../../world/simulated/simulated-world.ts';
import { openSimulatedWorld, type SimulationLimits } from '../one-test/open-world.ts';

export interface SimulatedRun {
  readonly results: TestResults;
  /** The kinds of its failure; empty if there is none. */
  readonly signature: Signature;
  readonly names: OperationNames;
  /** Operations of clients and the nemesis, in order. */
  readonly history: readonly Op[];
  /** The clients that carried out the operations; times as in the history. */
  readonly clients: readonly OpenedClient[];
  /** The zero of the history's times, on the journal's clock. */
  readonly zeroNanos: number;
  readonly messages: number;
  readonly events: number;
  /** Duration since the start of the nodes, in virtual time. */
  readonly nanos: number;
  /** True if a node ran in a realm used by other runs before; its findings must then be confirmed in a fresh world. */
  readonly hasReusedRealms: boolean;
  /** Set if it was given up before its end, when it had failed already. */
  readonly givenUp?: EventBudgetError;
}

/** A run that was given up, with what it had recorded. */
export class GivenUp extends EventBudgetError {
  readonly messages: number;

  constructor(
    { events, atSeconds }: EventBudgetError,
    traffic: Traffic,
    readonly results: TestResults,
    readonly history: readonly Op[],
  ) {
    super(events, atSeconds, traffic);
    this.messages = traffic.messages;
  }
}

/** Observes a run in progress. */
export interface SimulationWatch {
  opened(world: SimulatedWorld): void;
  op(op: Op): void;
  clientOpened(client: OpenedClient): void;
  /** Called with a line of the run's log. */
  log(line: string): void;
}

export interface SimulateOptions {
  /** Receives the messages and their causes; without it they are not kept. */
  readonly journal?: Journal | undefined;
  /** Replaces the parts from the files of the spec; a caller that makes many runs loads them once (`loadParts`). */
  readonly parts?: RunParts;
  readonly watch?: SimulationWatch;
  /** Beyond it the run throws an EventBudgetError. Default: that of the world. */
  readonly eventBudget?: EventBudget;
}

/**
 * Runs a test. `spec.bin` is a bundle by `bundleNode` for the simulated world, or a source, which is then bundled for
 * this run alone.
 */
export async function simulateOnce(
  spec: TestSpec,
  workload: Workload,
  seed: string,
  options: SimulateOptions = {},
): Promise<SimulatedRun> {
  return simulateIn({}, spec, workload, seed, options);
}

/** Runs it in a world with those limits. */
export async function simulateIn(
  limits: SimulationLimits,
  spec: TestSpec,
  workload: Workload,
  seed: string,
  { journal = NO_JOURNAL, parts: loaded, watch, eventBudget }: SimulateOptions,
): Promise<SimulatedRun> {
  const parts = loaded ?? (await loadParts({ ...spec, world: 'simulated' }));
  const world = await openSimulatedWorld(
    { ...spec, seed },
    eventBudget === undefined ? limits : { ...limits, eventBudget },
  );
  watch?.opened(world);
  const history: Op[] = [];
  const opened: OpenedClient[] = [];
  let zeroNanos = 0;
  try {
    const outputs: RunOutputs = {
      history: {
        append: (op: Op) => {
          history.push(op);
          watch?.op(op);
        },
      },
      journal,
      clientOpened: (client) => {
        opened.push(client);
        watch?.clientOpened(client);
      },
      timesBegin: (nanos) => void (zeroNanos = nanos),
      log: (line) => watch?.log(line),
      nodeLogFile: () => undefined,
    };
    const run = new TestRun({ ...spec, world: 'simulated', seed }, workload, world, outputs, parts);
    let givenUp: GivenUp | undefined;
    const results = await run.run().catch((error: unknown) => {
      if (!(error instanceof EventBudgetError)) throw error;
      const recorded = run.givenUp();
      givenUp = new GivenUp(error, run.traffic(), recorded, history);
      return recorded;
    });
    const { names } = run;
    const kinds = signatureOf(results, evidenceOf(workload, results, names));
    const signature = givenUp === undefined ? kinds : kinds.filter(isCertainEarly);
    // What went wrong before is a failure; without one, nothing can be said.
    if (givenUp !== undefined && signature.length === 0) throw givenUp;
    return {
      results,
      signature,
      names,
      history,
      clients: opened.map((client) => ({ ...client, time: client.time - zeroNanos })),
      zeroNanos,
      messages: run.status().messages,
      events: world.eventCount,
      nanos: world.clock.nowNanos(),
      hasReusedRealms: world.hasReusedRealms,
      ...(givenUp === undefined ? {} : { givenUp }),
    };
  } finally {
    await world.close();
  }
}
