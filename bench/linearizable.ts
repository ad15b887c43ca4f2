/**
 * Cost of checking cas registers: histories of a correct register under several threads, half of them readers, with
 * crashes; and incorrect ones, in which one read near the end returns a value that was never written. `observe` takes
 * parsed operations as they come; `result` is the search, from columns alone.
 *
 *     NODE_FLAGS=--expose-gc node bench/run.mjs linearizable [WORDS OF A NAME]
 */
import { CasRegisterChecker } from '../src/checkers/linearizable/cas-register.ts';
import type { Op } from '../src/history/op.ts';
import { Random } from '../src/world/random.ts';

interface Shape {
  readonly operations: number;
  readonly threads: number;
  readonly crashes: number;
  /** What else is special about it. */
  readonly note?: string;
  /** Number of values; 5 by default. */
  readonly values?: number;
  /** Operations of the other threads; a third are writes by default. */
  readonly mix?: readonly ('write' | 'cas')[];
  /** Share of threads that only read; half by default. */
  readonly readers?: number;
  /** Share of cas that expect the value current when they begin; none by default. */
  readonly lucky?: number;
  /** Whether a read near the end is wrong. */
  readonly wrong?: boolean;
}

interface Running {
  readonly op: Op;
  outcome: { readonly type: 'ok' | 'fail'; readonly value: Op['value'] } | undefined;
}

/**
 * Returns a history of one register: each operation takes effect at some moment between its invocation and its
 * completion.
 */
function history(shape: Shape): Op[] {
  const { operations, threads, crashes, values = 5, readers = 0.5, lucky = 0 } = shape;
  const { mix = ['write', 'cas', 'cas'] } = shape;
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
      const f = Math.floor((thread + 1) * readers) > Math.floor(thread * readers) ? 'read' : random.pick(mix);
      const expected = lucky > 0 && value !== null && random.float() < lucky ? value : random.int(values);
      const argument =
        f === 'read' ? null : f === 'write' ? random.int(values) : [expected, random.int(values)];
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

/** Makes a read near the end return a value that was never written. Returns its index. */
function lieIn(ops: Op[]): number {
  const at = ops.findIndex(({ type, f }, index) => index > ops.length * 0.9 && type === 'ok' && f === 'read');
  const read = ops[at];
  if (read === undefined) throw new Error('the history has no read near its end');
  ops[at] = { ...read, value: -1 };
  return at;
}

const TWENTY = { operations: 100_000, threads: 20 };
const SHAPES: readonly Shape[] = [
  { operations: 10_000, threads: 10, crashes: 0 },
  { operations: 100_000, threads: 10, crashes: 0 },
  { operations: 1_000_000, threads: 10, crashes: 0 },
  { ...TWENTY, crashes: 0 },
  { operations: 100_000, threads: 10, crashes: 10 },
  { operations: 20_000, threads: 4, crashes: 16 },
  { ...TWENTY, crashes: 10 },
  { ...TWENTY, crashes: 20 },
  { ...TWENTY, crashes: 50 },
  { operations: 1_000_000, threads: 20, crashes: 50 },
  { ...TWENTY, crashes: 10, values: 2, note: '2 values' },
  { ...TWENTY, crashes: 10, values: 100, note: '100 values' },
  { ...TWENTY, crashes: 10, mix: ['write'], note: 'no cas' },
  { ...TWENTY, crashes: 10, lucky: 0.8, note: 'most cas succeed' },
  { ...TWENTY, crashes: 10, readers: 0, note: 'no readers' },
  { ...TWENTY, crashes: 50, readers: 0.2, lucky: 0.8, note: 'few readers, most cas succeed' },
  { ...TWENTY, crashes: 0, wrong: true, note: 'wrong' },
  { ...TWENTY, crashes: 10, wrong: true, note: 'wrong' },
  { ...TWENTY, crashes: 50, wrong: true, note: 'wrong' },
];

const wanted = process.argv.slice(2).join(' ');
for (const shape of SHAPES) {
  const { operations, threads, crashes, note } = shape;
  const name = `${operations} operations, ${threads} threads, ${crashes} crashes${note === undefined ? '' : `, ${note}`}`;
  if (!name.includes(wanted)) continue;
  const ops = history(shape);
  const lie = shape.wrong === true ? lieIn(ops) : undefined;
  const checker = new CasRegisterChecker();
  globalThis.gc?.();
  const start = process.cpuUsage();
  for (const op of ops) checker.observe(op);
  const observed = process.cpuUsage(start).user;
  const result = checker.result();
  const total = process.cpuUsage(start).user;
  if (result['valid?'] !== (lie === undefined))
    throw new Error(`${name} was judged ${JSON.stringify(result)}`);
  const perSecond = (micros: number): string => `${(operations / micros).toFixed(2)} M ops/s`;
  console.log(
    `${name}: observe ${perSecond(observed)}, result ${perSecond(total - observed)}, both ${perSecond(total)}`,
  );
}
