/**
 * Generates the histories of the suite: processes take random turns, each with at most one open operation, whose effect
 * happens in stages between its invocation and its completion. Some operations fail, crash, or stay open; a crashed one may
 * still take effect later, and its process may continue nevertheless. Indexes have gaps, are missing or unordered, times are
 * missing, and the nemesis acts in between.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';

/** An operation to be recorded. */
export interface Planned {
  readonly f: string;
  readonly value: Json;
  readonly final?: boolean;
  /** Its effects, in order; a stage may make the operation fail. */
  readonly stages: readonly (() => 'fail' | void)[];
  /** Returns the completion's value after all stages. Default: the invocation's value. */
  readonly answer?: () => Json;
}

export interface Plan {
  readonly operations: number;
  readonly processes: number;
  /** Probabilities that an operation ends in doubt, and that it fails. */
  readonly crashes: number;
  readonly failures: number;
  readonly next: (process: number) => Planned;
}

interface Running {
  readonly planned: Planned;
  stage: number;
}

export function record(dice: Dice, plan: Plan): HistoryOp[] {
  const { ops, add } = writerOf(dice);
  const threads = Array.from(
    { length: plan.processes },
    (_, process) => process * (dice.chance(0.2) ? 997 : 1),
  );
  const running = new Map<number, Running>();
  /** Stages that operations have left undone which crashed. */
  const late: Planned['stages'][number][][] = [];
  const takesEffectLater = dice.chance(0.5);
  const keepsProcesses = dice.chance(0.1);
  let begun = 0;
  const crashed = (planned: Planned, stage: number): void => {
    if (takesEffectLater && dice.chance(0.7)) late.push(planned.stages.slice(stage));
  };
  const complete = (
    thread: number,
    type: 'ok' | 'fail' | 'info',
    { f, value, final, answer }: Planned,
  ): void => {
    const process = threads[thread] ?? 0;
    running.delete(thread);
    const given = type === 'ok' ? (answer?.() ?? value) : type === 'info' && dice.chance(0.1) ? null : value;
    add(process, type, f, given, final);
    if (type === 'info' && !keepsProcesses) threads[thread] = process + 1000 * plan.processes;
  };
  const step = (thread: number): void => {
    const now = running.get(thread);
    const process = threads[thread] ?? 0;
    if (now === undefined) {
      if (begun >= plan.operations) return;
      begun++;
      const planned = plan.next(process);
      running.set(thread, { planned, stage: 0 });
      const { f, value, final } = planned;
      add(process, 'invoke', f, value, final);
      return;
    }
    const { planned, stage } = now;
    if (stage === 0 && dice.chance(plan.failures)) return complete(thread, 'fail', planned);
    if (dice.chance(plan.crashes / 2)) {
      crashed(planned, stage);
      if (dice.chance(0.7)) return complete(thread, 'info', planned);
      // It stays open.
      running.delete(thread);
      threads[thread] = process + 1000 * plan.processes;
      return;
    }
    const act = planned.stages[stage];
    if (act === undefined) return complete(thread, 'ok', planned);
    now.stage++;
    if (act() === 'fail') complete(thread, 'fail', planned);
  };
  while (begun < plan.operations || running.size > 0) {
    step(dice.int(plan.processes));
    if (late.length > 0 && dice.chance(0.3)) {
      const stages = late[dice.int(late.length)] ?? [];
      const act = stages.shift();
      if (act === undefined || act() === 'fail') stages.length = 0;
    }
    if (dice.chance(0.02))
      add('nemesis', 'info', 'start-partition', dice.pick([null, 'majority']), undefined);
  }
  return ops;
}

/**
 * Records operations with index and time, with only one of them, or with neither. Each shape of operation is written
 * out: spreading objects takes four times as long, a tenth of the suite.
 */
function writerOf(dice: Dice): {
  readonly ops: HistoryOp[];
  readonly add: (
    process: number | string,
    type: HistoryOp['type'],
    f: string,
    value: Json,
    final: boolean | undefined,
  ) => void;
} {
  const ops: HistoryOp[] = [];
  const gap = dice.pick([1, 1, 1, 2, 1_000_000_007]);
  const isIndexed = dice.chance(0.8);
  const isOrdered = dice.chance(0.9);
  const isTimed = dice.chance(0.7);
  let index = dice.pick([0, 0, 0, 5, 2 ** 31 - 4]) - gap;
  let time = 0;
  return {
    ops,
    add(process, type, f, value, final) {
      index = isOrdered ? index + (gap === 1 ? 1 : 1 + dice.int(gap)) : dice.int(1000);
      time += dice.int(3) * 700_000;
      const op: { -readonly [Key in keyof HistoryOp]: HistoryOp[Key] } = isIndexed
        ? isTimed
          ? { index, time, process, type, f, value }
          : { index, process, type, f, value }
        : isTimed
          ? { time, process, type, f, value }
          : { process, type, f, value };
      if (final === true) op.final = true;
      ops.push(op);
    },
  };
}

/** Returns the history with another value in one ok completion that `isWanted` accepts; unchanged if there is none. */
export function corrupted(
  ops: readonly HistoryOp[],
  dice: Dice,
  isWanted: (op: HistoryOp) => boolean,
  change: (value: Json) => Json,
): HistoryOp[] {
  const places = ops.flatMap((op, at) => (op.type === 'ok' && isWanted(op) ? [at] : []));
  const chosen = dice.pick(places);
  return ops.map((op, at) => (at === chosen ? { ...op, value: change(op.value ?? null) } : op));
}
