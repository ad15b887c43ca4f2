/**
 * Reads of a store of strings that no order explains. What a get shows is what the last put before it wrote, or nothing,
 * and after it all that was appended since. Every put that may have been the last one is ruled out:
 *
 *     put a |----|   append b |----|   append c |----|   get -> ac |----|      b must follow a, and is not in c
 */
import { jsonEquals } from '../protocol/json.ts';
import { ProofError, type TextProof } from './certificate.ts';
import { keyOf, valueOf, type Objects } from './linearizations.ts';
import { rulesOf } from './objects.ts';
import { operationAt, wasOver, type Operation, type Operations } from './operations.ts';

/** Throws unless the get shows what cannot have been there. */
export function verifyText({ operation: name }: TextProof, operations: Operations, objects: Objects): void {
  const read = operationAt(operations, name);
  if (objects.model !== 'kv' || read.outcome !== 'ok' || read.f !== 'get')
    throw new ProofError(`${name} is no get that succeeded`);
  const key = keyOf(read.value);
  const writes = [...operations.values()].filter((one) => isWrite(one) && jsonEquals(keyOf(one.value), key));
  const last = possibleLast(read, writes, objects);
  if (last !== undefined)
    throw new ProofError(
      `${name} may show what was there after ${last === 'nothing' ? 'no put' : last.begin}`,
    );
}

const isWrite = ({ outcome, f }: Operation): boolean => outcome !== 'fail' && f !== 'get';

/** Returns a put that may have been the last before a get, `nothing` if none may have been; undefined if neither. */
export function possibleLast(
  read: Operation,
  writes: readonly Operation[],
  objects: Objects,
): Operation | 'nothing' | undefined {
  const shown = textOf(read, objects);
  const before = writes
    .filter((one) => !wasOver(read, one))
    .map((one) => ({ one, text: textOf(one, objects) }));
  const explains = (last: Operation | undefined, start: string): boolean => {
    const rest = shown.slice(start.length);
    const isBetween = (one: Operation): boolean =>
      one !== last && wasOver(one, read) && (last === undefined || wasOver(last, one));
    if (before.some(({ one, text }) => isBetween(one) && (one.f === 'put' || !rest.includes(text))))
      return false;
    return isSpelled(
      rest,
      before.flatMap(({ one, text }) => (one.f === 'append' && !(last && wasOver(one, last)) ? [text] : [])),
    );
  };
  if (explains(undefined, '')) return 'nothing';
  return before.find(({ one, text }) => one.f === 'put' && shown.startsWith(text) && explains(one, text))
    ?.one;
}

/** A value of null is the empty string. */
function textOf(operation: Operation, objects: Objects): string {
  const value = valueOf(operation, rulesOf('kv'), objects) ?? '';
  if (typeof value !== 'string') throw new ProofError(`${operation.begin} is not about a string`);
  return value;
}

/** Whether a string consists of some of these, each used any number of times. */
function isSpelled(text: string, pieces: readonly string[]): boolean {
  const used = new Set(pieces.filter((piece) => piece !== ''));
  const ends = new Set([0]);
  for (const end of ends)
    for (const piece of used) if (text.startsWith(piece, end)) ends.add(end + piece.length);
  return ends.has(text.length);
}
