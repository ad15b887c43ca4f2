/** Repairs orders of small histories of a stack, crashed and wrong operations among them, and compares them with the search. */
import { describe, expect, it } from 'vitest';
import type { Op } from '../../../history/op.ts';
import { canonicalJson, elementsOf, type Json } from '../../../protocol/json.ts';
import { Random } from '../../../world/random.ts';
import { checkLinearizable, ObjectsChecker } from '../linearizable.ts';
import type { SequentialModel } from '../models.ts';
import { ModelObject } from '../objects/model-object.ts';
import { placesOf } from '../operation-places.ts';
import type { ObjectEvents, SearchOutcome } from '../object-events.ts';
import { OrderRepair } from './order-repair.ts';

/** HISTORIES=1000000 for a long run. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 1500);

const items = (state: Json): readonly Json[] => elementsOf(state) ?? [];

const afterCrash = (state: Json, f: string, value: Json): readonly Json[] => [
  f === 'push' ? [...items(state), value] : items(state).slice(0, -1),
];

const STACK: SequentialModel = {
  name: 'stack',
  init: [],
  step(state, f, value) {
    if (f === 'push') return [...items(state), value];
    return items(state).length > 0 && items(state).at(-1) === value ? items(state).slice(0, -1) : undefined;
  },
  afterCrash,
};

interface Drawn {
  readonly operations: number;
  readonly clients: number;
  /** Number of different elements. */
  readonly elements: number;
  /** One operation in this many crashes, or shows a wrong element; 0 for none. */
  readonly crashes: number;
  readonly lies: number;
}

/** Each operation takes effect at one moment between its invocation and its completion; a crashed one perhaps. */
function historyOf(random: Random, { operations, clients, elements, crashes, lies }: Drawn): readonly Op[] {
  const ops: Op[] = [];
  const stack: number[] = [];
  const open: { process: number; f: string; value: number | undefined; isDone: boolean }[] = [];
  const threads = Array.from({ length: clients }, (_, thread) => thread);
  let names = clients;
  const isOneIn = (many: number): boolean => many > 0 && random.int(many) === 0;
  const write = (type: Op['type'], process: number, f: string, value: number | undefined): void => {
    ops.push({ index: ops.length, time: ops.length, type, process, f, value: value ?? null });
  };
  for (let begun = 0; begun < operations || open.length > 0;) {
    const free = threads.filter((process) => !open.some((one) => one.process === process));
    if (begun < operations && free.length > 0 && (open.length === 0 || random.int(3) === 0)) {
      const process = free[random.int(free.length)] ?? 0;
      const value = random.boolean() ? random.int(elements) : undefined;
      const f = value === undefined ? 'pop' : 'push';
      open.push({ process, f, value, isDone: false });
      write('invoke', process, f, value);
      begun++;
      continue;
    }
    const at = random.int(open.length);
    const doing = open[at];
    if (doing === undefined) continue;
    const isCrash = isOneIn(crashes);
    if (!doing.isDone && !(isCrash && random.boolean())) {
      doing.isDone = true;
      if (doing.f === 'pop') doing.value = isOneIn(lies) ? random.int(elements) : stack.pop();
      else stack.push(doing.value ?? 0);
      if (random.boolean()) continue;
    }
    open.splice(at, 1);
    if (isCrash) {
      threads[threads.indexOf(doing.process)] = names++;
      write('info', doing.process, doing.f, doing.f === 'pop' ? undefined : doing.value);
    } else write(doing.value === undefined ? 'fail' : 'ok', doing.process, doing.f, doing.value);
  }
  return ops;
}

/** A stack that is only searched, after an order of its history was repaired. */
class RepairedStack extends ModelObject {
  order: readonly number[] | undefined;
  history: ObjectEvents | undefined;

  constructor() {
    super(STACK);
  }

  override search(history: ObjectEvents): SearchOutcome {
    const repair = new OrderRepair(history, this);
    this.history = history;
    this.order = repair.proceed(5_000) === true ? repair.linearization : undefined;
    return super.search(history);
  }

  /** What is wrong with the order that was found. */
  fault(): string | undefined {
    const { order = [], history } = this;
    if (history === undefined) return 'it was not searched';
    const { invokedAt, returnsAt } = placesOf(history);
    const completed = [...history.events.subarray(0, history.eventCount)].filter(
      (event) => (event & 1) === 1,
    );
    if (new Set(order).size < order.length) return 'an operation stands there twice';
    if (!completed.every((event) => order.includes(event >> 1))) return 'a completed operation is missing';
    for (const [at, later] of order.entries())
      for (const earlier of order.slice(0, at))
        if ((returnsAt[later] ?? 0) < (invokedAt[earlier] ?? 0)) return 'it breaks realtime order';
    let states: readonly Json[] = [STACK.init];
    for (const operation of order) {
      const kind = history.kindOf[operation] ?? 0;
      const [f, value] = [this.fOf(kind), this.valueOf(kind)];
      const isCrashed = history.crashed[operation] === 1;
      states = states.flatMap((state) =>
        isCrashed ? afterCrash(state, f, value) : stepsOf(state, f, value),
      );
      states = [...new Map(states.map((state) => [canonicalJson(state), state])).values()];
      if (states.length === 0) return `${f} ${String(value)} is impossible`;
    }
    return undefined;
  }
}

function stepsOf(state: Json, f: string, value: Json): readonly Json[] {
  const after = STACK.step(state, f, value);
  return after === undefined ? [] : [after];
}

describe('a repaired order', () => {
  it('explains all operations, and is found for nearly every valid history and no invalid one', () => {
    const faults: string[] = [];
    let valid = 0;
    let found = 0;
    for (let number = 0; number < HISTORIES; number++) {
      const random = Random.fromSeed(`stack ${number}`);
      const stack = new RepairedStack();
      const checker = new ObjectsChecker(() => stack, {});
      const drawn = {
        operations: 4 + random.int(16),
        clients: 2 + random.int(4),
        elements: 1 + random.int(12),
        crashes: random.int(3) * 2,
        lies: random.int(3) * 12,
      };
      for (const op of historyOf(random, drawn)) checker.observe(op);
      const isValid = checker.result()['valid?'];
      if (isValid === true) valid++;
      if (stack.order === undefined) continue;
      found++;
      const fault = isValid === true ? stack.fault() : `the search says ${String(isValid)}`;
      if (fault !== undefined) faults.push(`history ${number}: ${fault}`);
    }
    expect(faults).toEqual([]);
    expect(valid).toBeGreaterThan(HISTORIES / 2);
    expect(valid).toBeLessThan(HISTORIES * 0.95);
    expect(found).toBeGreaterThan(valid * 0.98);
  });

  it('never has a crashed operation before one that had completed by then', () => {
    const stack = new RepairedStack();
    const checker = new ObjectsChecker(() => stack, {});
    const entries: readonly (readonly [Op['type'], number, string, Json])[] = [
      ['invoke', 0, 'push', 1],
      ['invoke', 2, 'pop', null],
      ['invoke', 1, 'pop', null],
      ['invoke', 3, 'pop', null],
      ['ok', 0, 'push', 1],
      ['invoke', 0, 'push', 8],
      ['ok', 0, 'push', 8],
      ['ok', 1, 'pop', 5],
      ['invoke', 0, 'pop', null],
      ['invoke', 1, 'push', 5],
      ['ok', 0, 'pop', 8],
      ['invoke', 0, 'push', 7],
      ['ok', 2, 'pop', 1],
      ['info', 1, 'push', 5],
      ['ok', 3, 'pop', 7],
      ['ok', 0, 'push', 7],
    ];
    for (const [index, [type, process, f, value]] of entries.entries())
      checker.observe({ index, time: index, type, process, f, value });
    expect(checker.result()['valid?']).toBe(false);
    expect(stack.order).toBeUndefined();
  });

  it('is given up where the states would fill the memory: a hundred thousand operations on a list that only grows', () => {
    let longest = 0;
    const list = new ModelObject({
      name: 'list',
      init: 0,
      step: (length) => {
        longest = Math.max(longest, Number(length));
        return Number(length) + 1;
      },
    });
    // Stands for a list of that many elements.
    list.bytesOf = (length) => Number(length) * 16;
    const kind = list.kindFor('append', 1);
    const count = 100_000;
    const repair = new OrderRepair(
      {
        events: Int32Array.from({ length: 2 * count }, (_, event) => event),
        eventCount: 2 * count,
        kindOf: new Int32Array(count).fill(kind),
        crashed: new Uint8Array(count),
        operationCount: count,
        kindCount: 1,
      },
      list,
    );
    expect(repair.proceed(1)).toBe(false);
    expect(longest).toBeLessThan(20_000);
  });

  it('decides a stack of ten clients, where a wrong order of two pushes shows hundreds of operations later', () => {
    const drawn = { operations: 1000, clients: 10, elements: 1_000_000, crashes: 0, lies: 0 };
    const ops = historyOf(Random.fromSeed('ten clients'), drawn);
    expect(checkLinearizable({ ...STACK }, ops)).toEqual({ 'valid?': true });
  });
});
