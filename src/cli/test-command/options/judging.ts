/** Options for what counts as correct, and for the parameters of workloads that are judged this way. */
import { consistencyModelNames } from '../../../checkers/elle/levels/consistency-models.ts';
import { readServiceWords } from '../../../harness/own/own-file-words.ts';
import { didYouMean } from '../../../protocol/nearest.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { SETTINGS, type TestSpec } from '../../../run/test-spec.ts';
import { refuseTilde } from '../../words/home-path.ts';
import { flag, list, onOrOff, withValue, type Given } from '../../words/option.ts';
import { parseNumber } from '../../words/parse-number.ts';
import { readNames } from '../../words/read-names.ts';
import { number } from './setting-option.ts';

export const JUDGING = {
  availability: withValue(
    '--availability <fraction>',
    'fraction of requests that must succeed: total, or 0 to 1',
    {
      read: (word) => ({ availability: readAvailability(word) }),
    },
  ),
  consistencyModels: withValue('--consistency-models <names>', 'for transactions', {
    values: consistencyModelNames(),
    default: SETTINGS.consistencyModels.default.join(','),
    read: (names, _, option) => ({
      consistencyModels: readNames(names, consistencyModelNames(), { option, kind: 'consistency model' }),
    }),
  }),
  // Read by readInvariants.
  invariant: list(
    '--invariant <file>',
    'with --simulate: checks an invariant over the states that nodes report; .ts or .js, can be repeated',
  ),
  lenient: flag('--lenient', 'report protocol violations as warnings only', (lenient) => ({ lenient })),
  strict: flag(
    '--strict',
    'treat protocol warnings as violations, and reject duplicate elements in reads of sets',
    (strict) => ({ strict }),
  ),
};

export const SETS = {
  repeatElements: number(
    '--repeat-elements <p>',
    'g-set and broadcast: fraction of adds that repeat an earlier element, 0 to 1 (default: 0)',
    'repeatElements',
  ),
};

export const KEYS = {
  finalReads: flag(
    '--final-reads',
    'lin-kv: when faults have ended, and after --recovery-time, read the last keys at each node',
    (finalReads) => (finalReads ? { finalReads } : {}),
  ),
  distinctWrites: flag(
    '--distinct-writes',
    'lin-kv: all writes of a key have different values, and no client compares and sets',
    (distinctWrites) => (distinctWrites ? { distinctWrites } : {}),
  ),
};

/** The last three become settings only if they differ from the default. */
export const TRANSACTIONS = {
  keyCount: number('--key-count <n>', 'number of keys in use at a time', 'keyCount'),
  maxTxnLength: number('--max-txn-length <n>', 'maximum operations per transaction', 'maxTxnLength'),
  maxWritesPerKey: number(
    '--max-writes-per-key <n>',
    'maximum writes per key; most keys get fewer',
    'maxWritesPerKey',
  ),
  wfrKeys: onOrOff(
    '--wfr-keys',
    'txn-rw-register: infer that a transaction that reads and writes a key writes the version after the one it read; --no-wfr-keys turns it off (default: on)',
    (isOn) => (isOn ? {} : { wfrKeys: false }),
  ),
  decide: onOrOff(
    '--decide',
    'txn-rw-register: search for an order of all transactions, up to 20,000; --no-decide only infers anomalies (default: on)',
    (isOn) => (isOn ? {} : { decide: false }),
  ),
  sequentialKeys: flag(
    '--sequential-keys',
    'txn-rw-register: infer version orders as if each key were sequentially consistent',
    (isOn) => (isOn ? { sequentialKeys: true } : {}),
  ),
  linearizableKeys: flag(
    '--linearizable-keys',
    'txn-rw-register: infer version orders as if each key were linearizable',
    (isOn) => (isOn ? { linearizableKeys: true } : {}),
  ),
};

export const SERVICES = {
  // Read by readServices.
  service: list(
    '--service <file>',
    'your own service in addition to lin-kv and the others; .ts or .js, can be repeated',
  ),
};

export function readServices({ service = [] }: Given<typeof SERVICES>): Pick<TestSpec, 'serviceFiles'> {
  for (const path of service) refuseTilde('--service', path);
  return readServiceWords(service, '--service');
}

/** Resolves the paths of invariants, which are given relative to the current folder. */
export function readInvariants(
  { invariant = [] }: Pick<Given<typeof JUDGING>, 'invariant'>,
  resolvePath: (path: string) => string,
): Pick<TestSpec, 'invariants'> {
  for (const path of invariant) refuseTilde('--invariant', path);
  return invariant.length === 0 ? {} : { invariants: invariant.map(resolvePath) };
}

function readAvailability(text: string): number {
  if (text === 'total') return 1;
  if (/^[a-z]/i.test(text)) {
    throw new UserError(
      `--availability must be total, or a fraction from 0 to 1, but is ${JSON.stringify(text)}.${didYouMean(text, ['total'])}`,
    );
  }
  return parseNumber('--availability', text, SETTINGS.availability.shape.range);
}
