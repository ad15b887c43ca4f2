/** Options for what counts as correct, and for the parameters of workloads that are judged this way. */
import { consistencyModelNames } from '../../../checkers/elle/consistency-models.ts';
import { readServiceWords } from '../../../harness/own/own-files.ts';
import { didYouMean } from '../../../protocol/nearest.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { SETTINGS, type TestSpec } from '../../../run/test-spec.ts';
import { refuseTilde } from '../../words/home-path.ts';
import { flag, list, onOrOff, withValue, type Given } from '../../words/option.ts';
import { parseNumber } from '../../words/parse-number.ts';
import { readNames } from '../../words/read-names.ts';
import { number } from './setting-option.ts';

export const JUDGING = {
  availability: withValue('--availability <fraction>', 'requests that must succeed: total, or 0 to 1', {
    read: (word) => ({ availability: readAvailability(word) }),
  }),
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
    'with --simulate: what must hold over the states that nodes show; .ts or .js, may be repeated',
  ),
  lenient: flag('--lenient', 'what breaks the protocol is only a warning', (lenient) => ({ lenient })),
  strict: flag(
    '--strict',
    'protocol warnings are violations, and an element listed twice in a read of a set is wrong',
    (strict) => ({ strict }),
  ),
};

export const SETS = {
  repeatElements: number(
    '--repeat-elements <p>',
    'g-set and broadcast: how many adds repeat an element, 0 to 1 (default: 0)',
    'repeatElements',
  ),
};

/** The last three become settings only if they differ from the default. */
export const TRANSACTIONS = {
  keyCount: number('--key-count <n>', 'keys in use at a time', 'keyCount'),
  maxTxnLength: number('--max-txn-length <n>', 'operations in a transaction, at most', 'maxTxnLength'),
  maxWritesPerKey: number(
    '--max-writes-per-key <n>',
    'writes to a key, at most; most keys get fewer',
    'maxWritesPerKey',
  ),
  wfrKeys: onOrOff(
    '--wfr-keys',
    'txn-rw-register: a transaction that reads and writes a key writes the next version; --no-wfr-keys: not so (default: on)',
    (isOn) => (isOn ? {} : { wfrKeys: false }),
  ),
  decide: onOrOff(
    '--decide',
    'txn-rw-register: look for an order of all transactions, up to 20,000 of them; --no-decide: only infer (default: on)',
    (isOn) => (isOn ? {} : { decide: false }),
  ),
  sequentialKeys: flag('--sequential-keys', 'txn-rw-register: each key is sequentially consistent', (isOn) =>
    isOn ? { sequentialKeys: true } : {},
  ),
  linearizableKeys: flag('--linearizable-keys', 'txn-rw-register: each key is linearizable', (isOn) =>
    isOn ? { linearizableKeys: true } : {},
  ),
};

/** Additional services. */
export const SERVICES = {
  // Read by readServices.
  service: list(
    '--service <file>',
    'a service of your own beside lin-kv and the others; .ts or .js, may be repeated',
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
