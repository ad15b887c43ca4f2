/** Reads a line of net-journal/clients.jsonl; see run-clients.ts. */
import type { OpenedClient } from '../history/client-book.ts';
import { isJsonObject, parseJson } from '../protocol/json.ts';
import { unlessThrows } from '../protocol/unless-throws.ts';

/** Returns undefined if the line is invalid. */
export function clientIn(line: string): OpenedClient | undefined {
  const read = unlessThrows(() => parseJson(line));
  if (read === undefined || !isJsonObject(read)) return undefined;
  const { name, process, node, time } = read;
  const isClient =
    typeof name === 'string' &&
    typeof node === 'string' &&
    typeof time === 'number' &&
    (process === null || (typeof process === 'number' && Number.isInteger(process)));
  return isClient ? { name, process, node, time } : undefined;
}
