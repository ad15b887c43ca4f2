/**
 * Runs a spec for the first time: gives the index of its events, its results, and each event for comparison with the
 * recording.
 */
import { EventBudgetError } from '../../world/simulated/event-budget.ts';
import { simulateIn, type SimulatedRun } from '../../harness/simulations/simulate-once.ts';
import type { Journal } from '../../network/journal/journal.ts';
import type { MemoryJournal } from '../../network/journal/memory-journal.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Workload } from '../../workloads/workload.ts';
import { EventIndex, type RawEvent } from './event-index.ts';
import { Refusal } from '../refusal.ts';
import { RunEvents } from './run-events.ts';

/** A larger index would not fit into memory; a minute of 25 nodes that talk all the time has two million events. */
const MOST_EVENTS = 5_000_000;

export interface FirstRun {
  readonly index: EventIndex;
  readonly run: SimulatedRun;
}

export interface FirstRunOptions {
  /** Its program is as prepared by `bundleNode`. */
  readonly spec: TestSpec;
  readonly workload: Workload;
  /** Called for every event, after it was added to the index. */
  readonly onEvent?: (event: number, raw: RawEvent, run: RunEvents, index: EventIndex) => void;
  /** Also records the messages. */
  readonly journal?: MemoryJournal | undefined;
}

/** Rejects with a Refusal for a run with too many events, and with a UserError for a program that cannot run. */
export async function firstRun({ spec, workload, onEvent, journal }: FirstRunOptions): Promise<FirstRun> {
  const index = new EventIndex(spec.nodes);
  const events = new RunEvents(index, {
    event(event, raw) {
      index.add(raw);
      onEvent?.(event, raw, events, index);
    },
    overran: (turn) => void index.fatalTurns.push({ turn, kind: 'time' }),
  });
  const limits = { observer: events, eventBudget: MOST_EVENTS };
  const run = await toItsEnd(
    simulateIn(limits, spec, workload, spec.seed, {
      journal: journal === undefined ? events : both(events, journal),
      watch: events,
    }),
  ).catch((error: unknown) => {
    if (!(error instanceof EventBudgetError)) throw error;
    throw new Refusal(
      409,
      `This run is too long to be stepped through: ${error.message}`,
      'maelstrom shrink makes a failing run small; otherwise run it again with a shorter --time-limit.',
    );
  });
  index.zeroNanos = run.zeroNanos;
  return { index, run };
}

async function toItsEnd(running: Promise<SimulatedRun>): Promise<SimulatedRun> {
  const run = await running;
  if (run.givenUp !== undefined) throw run.givenUp;
  return run;
}

function both(one: Journal, other: Journal): Journal {
  return {
    sent(nanos, packet) {
      // `other` must know the message when `one` reports the event.
      other.sent(nanos, packet);
      one.sent(nanos, packet);
    },
    received(nanos, packet) {
      other.received(nanos, packet);
      one.received(nanos, packet);
    },
    dropped(nanos, packet, reason) {
      other.dropped(nanos, packet, reason);
      one.dropped(nanos, packet, reason);
    },
    duplicated(nanos, packet, copies) {
      other.duplicated(nanos, packet, copies);
      one.duplicated(nanos, packet, copies);
    },
    flush() {},
    close() {},
  };
}
