/** Histories of a register, as many clients would record them, and a register that is checked by a search of one's own. */
import { type CasRegisterOptions } from '../../src/checkers/linearizable/cas-register.ts';
import { ObjectsChecker, type LinearizableResult } from '../../src/checkers/linearizable/linearizable.ts';
import type { ObjectEvents, SearchOutcome } from '../../src/checkers/linearizable/object-events.ts';
import { RegisterObject } from '../../src/checkers/linearizable/registers/register-object.ts';
import type { Op } from '../../src/history/op.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Random } from '../../src/world/random.ts';

export function checkRegisterBy(
  search: (history: ObjectEvents, register: RegisterObject) => SearchOutcome,
  ops: readonly Op[],
  options: CasRegisterOptions = {},
): LinearizableResult {
  class SearchedRegister extends RegisterObject {
    override search(history: ObjectEvents): SearchOutcome {
      return search(history, this);
    }
  }
  const checker = new ObjectsChecker(() => new SearchedRegister(options['initial-value']), options);
  for (const op of ops) checker.observe(op);
  return checker.result();
}

interface Doing {
  readonly f: string;
  readonly value: Json;
  shown: Json | undefined;
  isDone: boolean;
}

interface Drawn {
  readonly length: number;
  readonly processes: number;
  readonly begins?: Json | undefined;
  /** One result in this many is wrong; 0 for none. */
  readonly lies: number;
  /** One written value in this many is one of `pool` values; by default none is written twice. */
  readonly repeats?: number;
  readonly pool?: number;
}

/** Operations take effect at one moment, and some results are then replaced by another recent value. */
export function registerHistory(
  random: Random,
  { length, processes, begins = null, lies, repeats = 0, pool = 1 }: Drawn,
): readonly Op[] {
  const ops: Op[] = [];
  const open = new Map<number, Doing>();
  const recent: Json[] = [begins];
  let state = begins;
  let written = 0;
  let names = processes;
  const threads = Array.from({ length: processes }, (_, thread) => thread);
  const some = (): Json => recent[Math.max(0, recent.length - 1 - random.int(4))] ?? null;
  const newValue = (): Json =>
    repeats > 0 && random.int(repeats) === 0 ? 1_000_000 + random.int(pool) : ++written;
  const write = (type: Op['type'], process: number, f: string, value: Json): void => {
    ops.push({ index: ops.length, time: ops.length, type, process, f, value });
  };
  const takeEffect = (doing: Doing): void => {
    if (doing.isDone) return;
    doing.isDone = true;
    if (doing.f === 'read') doing.shown = state;
    else if (doing.f === 'write') doing.shown = state = doing.value;
    else {
      const [from = null, to = null] = doing.value as readonly Json[];
      if (from === state || (lies > 0 && random.int(lies) === 0)) doing.shown = doing.value;
      if (from === state) state = to;
    }
    if (doing.shown !== undefined && doing.f === 'read' && lies > 0 && random.int(lies) === 0)
      doing.shown = some();
    if (recent.at(-1) !== state) recent.push(state);
  };
  while (ops.length < length) {
    const at = random.int(threads.length);
    const process = threads[at] ?? 0;
    const doing = open.get(process);
    if (doing === undefined) {
      const kind = random.int(3);
      const value: Json =
        kind === 0 ? null : kind === 1 ? newValue() : [random.int(3) === 0 ? some() : state, newValue()];
      const f = ['read', 'write', 'cas'][kind] ?? 'read';
      open.set(process, { f, value, shown: undefined, isDone: false });
      write('invoke', process, f, value);
    } else if (random.int(3) > 0) takeEffect(doing);
    else {
      open.delete(process);
      if (random.int(10) === 0) {
        if (random.int(2) === 0) takeEffect(doing);
        if (random.int(2) === 0) write('info', process, doing.f, doing.value);
        threads[at] = names++;
        continue;
      }
      takeEffect(doing);
      const { f, value, shown } = doing;
      write(shown === undefined ? 'fail' : 'ok', process, f, shown ?? value);
    }
  }
  return ops;
}
