/**
 * The keys of an rw-register history without any inferred version order. For them a valid verdict only says that what
 * was read had been written.
 */
import { present } from '../../../columns/present.ts';
import { byCount } from '../../../protocol/count-text.ts';
import type { Json } from '../../../protocol/json.ts';
import type { Validity } from '../../checker.ts';
import type { Meter } from '../../budget/meter.ts';
import { isExternalWrite, type RwRegisterColumns } from './columns.ts';
import type { VersionOrder } from './versions.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';
import type { Meanings } from '../../../protocol/key-meaning.ts';

/** Maximum number of keys that are named. */
const NAMED = 8;

export type UnorderedKeys = {
  readonly count: number;
  /** Number of keys with several versions. */
  readonly of: number;
  /** The first of the keys without an order. */
  readonly keys: readonly Json[];
  /** The sources that were searched for an order, by option name. */
  readonly sources: readonly string[];
};

export const UNORDERED_KEYS_MEANINGS = {
  count: 'number of keys with several versions whose order could not be inferred',
  of: 'number of keys with several versions',
  keys: 'the first keys without an order',
  sources: 'the options that were used to infer an order',
} as const satisfies Meanings<UnorderedKeys>;

/** Returns undefined if each key with several versions has some order. */
export function unorderedKeys(
  columns: RwRegisterColumns,
  { rows, sources }: VersionOrder,
  tookEffect: Uint8Array,
  meter: Meter,
): UnorderedKeys | undefined {
  const { keys, keyNames, log, mopFlags, mopVersions, mopVertices, versionKeys } = columns;
  const seen = new Uint8Array(versionKeys.length);
  const versions = new Int32Array(keys.length);
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    const version = present(mopVersions.values[row]);
    if (seen[version] === 1 || !isExternalWrite(present(mopFlags.values[row]))) continue;
    const vertex = present(mopVertices.values[row]);
    const key = present(versionKeys.values[version]);
    if (log.outcomes.values[vertex] !== OUTCOME.ok && tookEffect[vertex] !== 1) continue;
    if (keys[key]?.nullVersion === version) continue;
    seen[version] = 1;
    versions[key] = present(versions[key]) + 1;
  }
  const ordered = new Uint8Array(keys.length);
  for (let version = 0; version < versionKeys.length; version++) {
    const end = present(rows.starts[version + 1]);
    if (present(rows.starts[version]) < end) ordered[present(versionKeys.values[version])] = 1;
  }
  const several = keys.filter(({ id }) => present(versions[id]) > 1);
  const unordered = several.filter(({ id }) => ordered[id] !== 1);
  if (unordered.length === 0) return undefined;
  return {
    count: unordered.length,
    of: several.length,
    keys: unordered.slice(0, NAMED).map(({ id }) => keyNames[id] ?? null),
    sources,
  };
}

/** Explains what this means for a verdict that is not false, and what to try; undefined if there is nothing to say. */
export function remarkOnUnorderedKeys(result: {
  readonly 'valid?': Validity;
  readonly 'unordered-keys'?: UnorderedKeys;
}): string | undefined {
  const { 'unordered-keys': unordered } = result;
  if (result['valid?'] === false || unordered === undefined) return undefined;
  const { count, of, sources } = unordered;
  const which = count === of ? byCount(of, 'the one key', `all ${of} keys`) : `${count} of the ${of} keys`;
  const looked = sources.length === 0 ? 'nothing was assumed that orders them' : `from ${sources.join(', ')}`;
  const untried = Object.entries(PROMISES).filter(([name]) => !sources.includes(name));
  const advice =
    untried.length === 0
      ? 'Transactions that read a key and then write it would show more.'
      : `To infer more: ${untried.map(([name, promise]) => `--${name}, ${promise}`).join('; ')}.`;
  return (
    `For ${which} with several versions no order of them could be inferred (${looked}), so stale reads and lost writes ` +
    `there would not show. ${advice}`
  );
}

/** The options that infer an order, and when each holds. */
const PROMISES = {
  'wfr-keys': 'where transactions that read a key and then write it write the next version',
  'sequential-keys': 'if each key is sequentially consistent',
  'linearizable-keys': 'if each key is linearizable',
} as const;
