/**
 * What clients do next, decided for each client separately by a function of how its last operation ended. Most
 * workloads need no more than this from a generator.
 *
 *     next: ({ last }) => (last?.type === 'ok' && last.f === 'acquire' ? { f: 'release', value: last.value } : { f: 'acquire' })
 */
import { EXHAUSTED, pending, type Generator, type GeneratorContext } from '../generator/generator.ts';
import type { OpTemplate } from '../generator/operations.ts';
import type { Op } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import type { Random } from '../world/random.ts';
import { seen } from './examples.ts';
import { jsonFrom, refusePromise, seenReturned } from './returned.ts';
import { WrongReturn } from '../protocol/wrong-return.ts';

/** A client without an operation in flight. */
export interface IdleClient {
  /** Its unique process number. A client whose operation ended in `info` is replaced by another one. */
  readonly process: number;
  /** How its last operation ended; undefined before its first. */
  readonly last: Ended | undefined;
  /** Number of operations given to all clients so far, for values that must differ. */
  readonly count: number;
  /** Drawn from the seed. With `Math.random` every run would be different. */
  readonly random: Random;
}

/** An operation that ended, with the value of its completion. */
export interface Ended {
  readonly type: 'ok' | 'fail';
  readonly f: string;
  readonly value: Json;
}

export type NextOperation = (client: IdleClient) => OpTemplate | undefined;

/** Returns a generator. A client for which the function returns undefined is done; the generator ends when all are. */
export function nextOperations(next: NextOperation): Generator {
  const last = new Map<number, Ended>();
  const done = new Set<number>();
  let count = 0;
  const generator: Generator = {
    next(context) {
      for (const process of idleClients(context)) {
        if (done.has(process)) continue;
        const { random } = context;
        const template = templateFrom(next({ process, last: last.get(process), count, random }), next);
        if (template === undefined) {
          done.add(process);
          continue;
        }
        count++;
        const { f, final } = template;
        const value = jsonFrom('`next`, as the value of an operation,', template.value, next);
        const op = { timeNanos: context.timeNanos, process, f, value };
        return { kind: 'op', op: final === undefined ? op : { ...op, final }, rest: generator };
      }
      return context.threads.every((thread) => done.has(Number(context.processOf(thread))))
        ? EXHAUSTED
        : pending(generator);
    },
    update(_, { type, process, f, value }: Op) {
      if (typeof process !== 'number' || type === 'invoke') return generator;
      if (type === 'info') last.delete(process);
      else last.set(process, { type, f, value });
      return generator;
    },
  };
  return generator;
}

function templateFrom(returned: unknown, by: NextOperation): OpTemplate | undefined {
  refusePromise('`next`', returned, by);
  if (returned === undefined) return undefined;
  if (typeof Object(returned).f === 'string') return returned as OpTemplate; // its value is checked when it is run
  throw new WrongReturn(
    `\`next\` returned ${typeof returned === 'object' && returned !== null ? `an object whose f is ${seen(Object(returned).f)}` : seenReturned(returned)}; expected { f: 'the name of an operation', value }, or undefined when this client is done`,
    by,
  );
}

/** Yields idle clients, starting with the one whose turn it is. */
function* idleClients(context: GeneratorContext): Iterable<number> {
  const first = context.nextProcess();
  if (typeof first !== 'number') return;
  yield first;
  for (const thread of context.threads) {
    const process = context.processOf(thread);
    if (process !== first && typeof process === 'number' && context.isFree(thread)) yield process;
  }
}
