/**
 * What g-set, broadcast and the counters have in common: half the operations add something, half read, and after the
 * network has healed each thread reads once more. Nodes know one kind of write and one kind of read.
 */
import type { Validity } from '../checkers/checker.ts';
import type { SetFullResult } from '../checkers/set-full.ts';
import { mix } from '../generator/choosing.ts';
import type { Generator } from '../generator/generator.ts';
import { one, repeatedly, unfold } from '../generator/operations.ts';
import { eachThread } from '../generator/threads.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { RpcDefinition } from '../protocol/rpc.ts';
import { completionOf, readOf, WRITE } from './completion.ts';
import type { Client, ClientLink } from './workload.ts';

export interface GrowOnlyRpcs {
  readonly write: RpcDefinition;
  /** The request's fields for an operation's value. */
  readonly fieldsOf: (value: Json) => JsonObject;
  readonly read: RpcDefinition;
  /** The field of the read's reply that is the operation's value. */
  readonly readField: string;
}

/** A client that reads on `read`, and on any other operation writes. */
export function growOnlyClient(link: ClientLink, rpcs: GrowOnlyRpcs): Client {
  const read = readOf(rpcs.readField);
  return {
    invoke(op, done) {
      if (op.f === 'read') {
        link.rpc(rpcs.read, link.node, {}, (reply) => done(completionOf(op, reply, read)));
      } else {
        link.rpc(rpcs.write, link.node, rpcs.fieldsOf(op.value), (reply) =>
          done(completionOf(op, reply, WRITE)),
        );
      }
    },
  };
}

/**
 * Elements 0, 1, 2, ... of a set. With a probability of `repeats` one that was added before is added again, as messages
 * that are sent twice would be: a set does not change by that.
 */
export const elements = (f: string, repeats = 0): Generator =>
  unfold(0, (n, random) => {
    const isRepeated = repeats > 0 && n > 0 && random.boolean(repeats);
    return isRepeated ? [{ f, value: random.int(n) }, n] : [{ f, value: n }, n + 1];
  });

/** Half writes, half reads. */
export const withReads = (writes: Generator): Generator =>
  mix(
    writes,
    repeatedly(() => ({ f: 'read' })),
  );

/** Of a set-full result: an element that no client added, or one listed twice, is wrong at any time; the rest needs the end. */
export function verdictOfUnsettledSet(result: SetFullResult): Validity {
  const isWrong = result['valid?'] === false && (result['lost-count'] === 0 || result.phantoms !== undefined);
  return isWrong ? false : 'unknown';
}

/** Each thread reads once, marked `final`. */
export const finalReads: Generator = eachThread(one({ f: 'read', final: true }));
