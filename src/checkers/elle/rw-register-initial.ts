/**
 * The value of a key that has not been written. It is null; but a store whose values begin as 0, false or "", as variables do in many
 * languages, answers that instead. Elle lets a read pass whose value nobody wrote, so that such programs are valid with it.
 *
 * Such a value is taken for the initial state where nothing contradicts it: it is the only one of them that is read and never
 * written, to any key, and no read shows null. Any other value that nobody wrote is a `garbage-read`.
 */
import { present } from '../../columns/present.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';
import type { Validity } from '../checker.ts';
import type { Meter } from './meter.ts';
import { MOP, type RwRegisterColumns } from './rw-register-columns.ts';
import { OUTCOME } from './transaction-log.ts';

const BEGINNINGS: readonly Json[] = [0, false, ''];

/** Has the columns take that value for the initial one. Undefined where it is null. */
export function adoptInitialValue(columns: RwRegisterColumns, meter: Meter): Json | undefined {
  const { mopVersions, mopFlags, mopVertices, versionValues, values, log } = columns;
  const candidates = new Set(BEGINNINGS.map((value) => values.idOf(value)));
  const nullId = values.idOf(null);
  const read = new Set<number>();
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    const value = present(versionValues.values[present(mopVersions.values[row])]);
    if (value !== nullId && !candidates.has(value)) continue;
    if ((present(mopFlags.values[row]) & MOP.write) !== 0) {
      if (value === nullId) return undefined;
      candidates.delete(value);
    } else if (log.outcomes.values[present(mopVertices.values[row])] === OUTCOME.ok) {
      if (value === nullId) return undefined;
      read.add(value);
    }
  }
  const [initial, ...others] = [...read].filter((value) => candidates.has(value));
  if (initial === undefined || others.length > 0) return undefined;
  for (const key of columns.keys) {
    const version = key.find(initial);
    // What transactions that did not succeed would have read says nothing.
    if (version >= 0) key.nullVersion = version;
  }
  return values.valueOf(initial);
}

/** That it was done, and what is expected; undefined when it was not. */
export function remarkOnInitialValue(result: {
  readonly 'valid?': Validity;
  readonly 'initial-value'?: Json;
}): string | undefined {
  const { 'initial-value': value } = result;
  if (value === undefined) return undefined;
  return (
    `Reads of keys that nobody had written showed ${stringifyJson(value)}, which was taken for their initial state; a read of such ` +
    'a key is expected to show null.'
  );
}
