/** Compares registers with distinct values, whose check takes linear time, with the search of all registers. */
import { describe, expect, it } from 'vitest';
import type { Op } from '../../../history/op.ts';
import type { Json } from '../../../protocol/json.ts';
import { Random } from '../../../world/random.ts';
import { checkCasRegister, type CasRegisterOptions } from '../cas-register.ts';
import { followFrontier } from '../frontier/frontier.ts';
import { ObjectsChecker } from '../linearizable.ts';
import type { ObjectEvents, SearchOutcome } from '../object-events.ts';
import { RegisterObject } from './register-object.ts';

/** HISTORIES=1000000 for a long run. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 3000);

class SearchedRegister extends RegisterObject {
  override search(history: ObjectEvents): SearchOutcome {
    return followFrontier(history, this);
  }
}

function checkBySearch(ops: readonly Op[], options: CasRegisterOptions) {
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
}

/** Operations take effect at one moment, and some results are then replaced by another recent value. */
function historyOf(random: Random, { length, processes, begins = null, lies }: Drawn): readonly Op[] {
  const ops: Op[] = [];
  const open = new Map<number, Doing>();
  const recent: Json[] = [begins];
  let state = begins;
  let written = 0;
  let names = processes;
  const threads = Array.from({ length: processes }, (_, thread) => thread);
  const some = (): Json => recent[Math.max(0, recent.length - 1 - random.int(4))] ?? null;
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
        kind === 0 ? null : kind === 1 ? ++written : [random.int(3) === 0 ? some() : state, ++written];
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

describe('a register whose values are written once each', () => {
  it.each<readonly [string, CasRegisterOptions]>([
    ['nil', {}],
    ['nil, which reads show', { 'initial-value': null }],
    ['a value that is written later', { 'initial-value': 2 }],
  ])(
    'has the verdict of the search, and its first impossible operation, beginning as %s',
    (_name, options) => {
      const seen = { valid: 0, invalid: 0 };
      const random = Random.fromSeed(`unique writes, ${JSON.stringify(options)}`);
      for (let round = 0; round < HISTORIES; round++) {
        const ops = historyOf(random, {
          length: 4 + random.int(24),
          processes: 1 + random.int(5),
          begins: options['initial-value'],
          lies: random.int(4) === 0 ? 0 : 6,
        });
        const fast = checkCasRegister(ops, options);
        const searched = checkBySearch(ops, options);
        seen[searched['valid?'] === true ? 'valid' : 'invalid']++;
        expect([fast['valid?'], fast['op'], fast.warnings], JSON.stringify(ops)).toEqual([
          searched['valid?'],
          searched['op'],
          searched.warnings,
        ]);
      }
      expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(HISTORIES / 20);
    },
  );

  it('is checked in linear time, however many operations are open', () => {
    const drawn = { length: 40_000, processes: 100, lies: 0 };
    const result = checkCasRegister(historyOf(Random.fromSeed('many'), drawn));
    expect(result).toEqual({ 'valid?': true });
  });
});
