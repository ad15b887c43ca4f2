/**
 * What judging cas registers costs: histories of a right register under so many threads, half of them readers, with
 * crashes. `observe` takes operations as they come parsed; `result` is the search, from columns alone.
 *
 *     NODE_FLAGS=--expose-gc node bench/run.mjs linearizable
 */
import { CasRegisterChecker } from '../src/checkers/linearizable/cas-register.ts';
import type { Op } from '../src/history/op.ts';
import { Random } from '../src/world/random.ts';

interface Shape {
  readonly operations: number;
  readonly threads: number;
  readonly crashes: number;
}

interface Running {
  readonly op: Op;
  outcome: { readonly type: 'ok' | 'fail'; readonly value: Op['value'] } | undefined;
}

/** A history of one register: each operation takes effect at some moment between its invocation and its completion. */
function history({ operations, threads, crashes }: Shape): Op[] {
  const random = Random.fromSeed(`${operations}/${threads}/${crashes}`);
  const ops: Op[] = [];
  const running: (Running | undefined)[] = Array.from({ length: threads }, () => undefined);
  const processes = Array.from({ length: threads }, (_, thread) => thread);
  let value: number | null = null;
  let ended = 0;
  let crashed = 0;
  const record = (op: Omit<Op, 'index' | 'time'>): Op => {
    const recorded = { ...op, index: ops.length, time: ops.length * 1000 };
    ops.push(recorded);
    return recorded;
  };
  const takeEffect = (operation: Running): void => {
    const { f, value: argument } = operation.op;
    if (f === 'read') operation.outcome = { type: 'ok', value };
    else if (f === 'write') {
      value = Number(argument);
      operation.outcome = { type: 'ok', value: argument };
    } else {
      const [from, to] = argument as readonly [number, number];
      operation.outcome = { type: from === value ? 'ok' : 'fail', value: argument };
      if (from === value) value = to;
    }
  };
  while (ended < operations) {
    const thread = random.int(threads);
    const current = running[thread];
    const process = processes[thread] ?? 0;
    if (current === undefined) {
      const f = thread % 2 === 1 ? 'read' : random.pick(['write', 'cas', 'cas']);
      const argument = f === 'read' ? null : f === 'write' ? random.int(5) : [random.int(5), random.int(5)];
      running[thread] = { op: record({ type: 'invoke', process, f, value: argument }), outcome: undefined };
      continue;
    }
    const { f, value: argument } = current.op;
    if (current.outcome !== undefined) {
      record({ ...current.outcome, process, f });
    } else if (f !== 'read' && crashed < crashes && random.float() < (crashes * 3) / operations) {
      crashed++;
      if (random.boolean()) takeEffect(current);
      record({ type: 'info', process, f, value: argument });
      processes[thread] = process + threads;
    } else {
      takeEffect(current);
      continue;
    }
    running[thread] = undefined;
    ended++;
  }
  return ops;
}

const SHAPES: readonly Shape[] = [
  { operations: 10_000, threads: 10, crashes: 0 },
  { operations: 100_000, threads: 10, crashes: 0 },
  { operations: 1_000_000, threads: 10, crashes: 0 },
  { operations: 100_000, threads: 20, crashes: 0 },
  { operations: 100_000, threads: 10, crashes: 10 },
  { operations: 100_000, threads: 20, crashes: 10 },
  { operations: 20_000, threads: 4, crashes: 16 },
];

for (const shape of SHAPES) {
  const ops = history(shape);
  const checker = new CasRegisterChecker();
  globalThis.gc?.();
  const start = process.cpuUsage();
  for (const op of ops) checker.observe(op);
  const observed = process.cpuUsage(start).user;
  const result = checker.result();
  const total = process.cpuUsage(start).user;
  if (result['valid?'] !== true) throw new Error(`a right history was judged ${JSON.stringify(result)}`);
  const perSecond = (micros: number): string => `${(shape.operations / micros).toFixed(2)} M ops/s`;
  console.log(
    `${shape.operations} operations, ${shape.threads} threads, ${shape.crashes} crashes: ` +
      `observe ${perSecond(observed)}, result ${perSecond(total - observed)}, both ${perSecond(total)}`,
  );
}
