/**
 * The initial value of a register. By definition it is null, but a store whose values start as 0, 0.0, false or "", the
 * defaults of many languages, returns that instead. Elle ignores reads of values that were never written, so it accepts
 * such programs.
 *
 * Such a value counts as the initial state unless something contradicts it: it must be the only one of these values
 * that is read and never written, to any key, and no read may show null. A read of any other unwritten value is a
 * `garbage-read`.
 */
import { present } from '../../../columns/present.ts';
import { JsonNumber, stringifyJson, type Json } from '../../../protocol/json.ts';
import type { Validity } from '../../checker.ts';
import type { Meter } from '../../budget/meter.ts';
import { MOP, type RwRegisterColumns } from './columns.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

const BEGINNINGS: readonly Json[] = [0, new JsonNumber('0.0'), false, ''];

/**
 * Makes such a value the initial version of every key and returns it. Returns undefined if the initial value is null.
 */
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
  // Open invocations may have written it as well.
  for (const { op } of log.openInvocations()) {
    for (const mop of Array.isArray(op.value) ? (op.value as readonly Json[]) : []) {
      const [f, , value = null] = Array.isArray(mop) ? (mop as readonly Json[]) : [];
      if (f !== 'w') continue;
      if (value === null) return undefined;
      candidates.delete(values.idOf(value));
    }
  }
  const [initial, ...others] = [...read].filter((value) => candidates.has(value));
  if (initial === undefined || others.length > 0) return undefined;
  for (const key of columns.keys) {
    const version = key.find(initial);
    // Any null version then comes only from unsuccessful reads, which prove nothing.
    if (version >= 0) key.nullVersion = version;
  }
  return values.valueOf(initial);
}

/** Returns a sentence on the assumed initial value and the expected one; undefined if the initial value is null. */
export function remarkOnInitialValue(result: {
  readonly 'valid?': Validity;
  readonly 'initial-value'?: Json;
}): string | undefined {
  const { 'initial-value': value } = result;
  if (value === undefined) return undefined;
  return (
    `Reads of unwritten keys showed ${stringifyJson(value)}, which was taken as their initial value; a read of an unwritten key ` +
    'is expected to show null.'
  );
}
