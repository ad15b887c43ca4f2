/**
 * What g-set, broadcast and the counters have in common: half of the operations add something, half read, and after the
 * network has healed each thread reads once more. Nodes have one kind of write and one kind of read.
 */
import type { Validity } from '../checkers/checker.ts';
import type { SetFullResult } from '../checkers/sets/set-full.ts';
import { mix } from '../generator/choosing.ts';
import type { Generator } from '../generator/generator.ts';
import { one, repeatedly, unfold } from '../generator/operations.ts';
import { eachThread } from '../generator/threads.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { RpcDefinition } from '../protocol/rpc/rpc.ts';
import { completionOf, readOf, WRITE } from './completion.ts';
import type { Client, ClientLink } from './workload.ts';

export interface GrowOnlyRpcs {
  readonly write: RpcDefinition;
  readonly fieldsOf: (value: Json) => JsonObject;
  readonly read: RpcDefinition;
  /** The field of the read's reply that becomes the operation's value. */
  readonly readField: string;
}

/** Returns a client that reads on `read`, and writes on any other operation. */
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
 * Yields elements 0, 1, 2, ... of a set. With probability `repeats` an earlier element is added again, as if a message
 * was sent twice; this does not change a set.
 */
export const elements = (f: string, repeats = 0): Generator =>
  unfold(0, (n, random) => {
    const isRepeated = repeats > 0 && n > 0 && random.boolean(repeats);
    return isRepeated ? [{ f, value: random.int(n) }, n] : [{ f, value: n }, n + 1];
  });

export const withReads = (writes: Generator): Generator =>
  mix(
    writes,
    repeatedly(() => ({ f: 'read' })),
  );

/**
 * Returns the verdict of a set-full result without final reads: an element that no client added, or one listed twice,
 * is wrong at any time; everything else can only be decided at the end.
 */
export function verdictOfUnsettledSet(result: SetFullResult): Validity {
  const isWrong = result['valid?'] === false && (result['lost-count'] === 0 || result.phantoms !== undefined);
  return isWrong ? false : 'unknown';
}

/** Each thread reads once, marked `final`. */
export const finalReads: Generator = eachThread(one({ f: 'read', final: true }));
