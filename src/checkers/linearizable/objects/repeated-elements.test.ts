/** Compares FIFO queues whose elements are enqueued several times with the search of any model. */
import { describe, expect, it } from 'vitest';
import type { Op } from '../../../history/op.ts';
import { operationsOf } from '../../../verify/operations.ts';
import { verifyLinearization } from '../../../verify/linearizations.ts';
import { linearizationOf } from '../../../certificate/linearizable-proof.ts';
import { Random } from '../../../world/random.ts';
import { checkLinearizable, ObjectsChecker } from '../linearizable.ts';
import { fifoQueue, unorderedQueue } from '../models.ts';
import { ModelObject } from './model-object.ts';

/** HISTORIES=1000000 for a long run. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 3000);

interface Drawn {
  readonly length: number;
  readonly processes: number;
  /** Number of different elements. */
  readonly elements: number;
  /** One operation in this many crashes, or is wrong; 0 for none. */
  readonly crashes: number;
  readonly lies: number;
}

/** Operations take effect at one moment. A wrong one takes an element without removing it, or adds it in front. */
function historyOf(random: Random, { length, processes, elements, crashes, lies }: Drawn): readonly Op[] {
  const ops: Op[] = [];
  const queue: number[] = [];
  const open = new Map<number, { readonly f: string; value: number | undefined; isDone: boolean }>();
  const threads = Array.from({ length: processes }, (_, thread) => thread);
  let names = processes;
  const isOneIn = (many: number): boolean => many > 0 && random.int(many) === 0;
  const write = (type: Op['type'], process: number, f: string, value: number | undefined): void => {
    ops.push({ index: ops.length, time: ops.length, type, process, f, value: value ?? null });
  };
  while (ops.length < length) {
    const at = random.int(threads.length);
    const process = threads[at] ?? 0;
    const doing = open.get(process);
    if (doing === undefined) {
      const value = random.int(9) < 5 ? random.int(elements) : undefined;
      const f = value === undefined ? 'dequeue' : 'enqueue';
      open.set(process, { f, value, isDone: false });
      write('invoke', process, f, value);
      continue;
    }
    const isCrash = isOneIn(crashes);
    const takesEffect = !doing.isDone && !(isCrash && random.boolean());
    if (takesEffect) {
      doing.isDone = true;
      if (doing.f === 'dequeue') doing.value = isOneIn(lies) ? queue[0] : queue.shift();
      else if (doing.value !== undefined && isOneIn(lies)) queue.unshift(doing.value);
      else if (doing.value !== undefined) queue.push(doing.value);
      if (random.boolean()) continue;
    }
    open.delete(process);
    if (isCrash) {
      threads[at] = names++;
      write('info', process, doing.f, doing.f === 'dequeue' ? undefined : doing.value);
    } else write(doing.value === undefined ? 'fail' : 'ok', process, doing.f, doing.value);
  }
  return ops;
}

function checkBySearch(ops: readonly Op[]) {
  const checker = new ObjectsChecker(() => new ModelObject(fifoQueue), {});
  for (const op of ops) checker.observe(op);
  return checker.result();
}

describe('a FIFO queue with repeated elements', () => {
  it('has the verdict of the search, and its first impossible operation', () => {
    const seen = { valid: 0, invalid: 0 };
    const random = Random.fromSeed('repeated elements');
    for (let round = 0; round < HISTORIES; round++) {
      const ops = historyOf(random, {
        length: 4 + random.int(28),
        processes: 1 + random.int(6),
        elements: 1 + random.int(5),
        crashes: random.int(2) * 8,
        lies: random.int(3) * 4,
      });
      const fast = checkLinearizable(fifoQueue, ops);
      const searched = checkBySearch(ops);
      seen[searched['valid?'] === true ? 'valid' : 'invalid']++;
      expect([fast['valid?'], fast['op']], JSON.stringify(ops)).toEqual([searched['valid?'], searched['op']]);
    }
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(HISTORIES / 20);
  });

  it.each([3, 50])('is decided for many clients and %i different elements, with an order', (elements) => {
    const ops = historyOf(Random.fromSeed('many'), {
      length: 10_000,
      processes: 30,
      elements,
      crashes: 0,
      lies: 0,
    });
    expect(checkLinearizable(fifoQueue, ops)).toEqual({ 'valid?': true });
    for (const model of [fifoQueue, unorderedQueue]) {
      const name = model === fifoQueue ? 'fifo-queue' : 'unordered-queue';
      const proof = linearizationOf(name, {}, ops);
      if (proof === undefined) throw new Error('no order was found');
      const objects = { model: name, independent: false, initial: undefined };
      verifyLinearization(proof, operationsOf(ops, false), objects);
    }
  });

  it('is invalid if an element overtakes others at the end', () => {
    const ops = historyOf(Random.fromSeed('overtaking'), {
      length: 2000,
      processes: 20,
      elements: 4,
      crashes: 0,
      lies: 0,
    });
    const alone = [
      { process: 900, f: 'enqueue', value: 999 },
      { process: 901, f: 'dequeue', value: 999 },
    ].flatMap(({ process, f, value }): Omit<Op, 'index' | 'time'>[] => [
      { type: 'invoke', process, f, value: f === 'enqueue' ? value : null },
      { type: 'ok', process, f, value },
    ]);
    const whole = [...ops, ...alone].map((op, index) => ({ ...op, index, time: index }));
    const { 'valid?': valid, op } = checkLinearizable(fifoQueue, whole);
    expect([valid, op?.process]).toEqual([false, 901]);
  });
});
