/**
 * The operations that exploring tries, by workload: few keys, and distinct values so that writes can be told apart. A
 * letter is what one client does at a time; a word is a short sequence of letters.
 */
import type { Json } from '../protocol/json.ts';
import type { Alphabet, Letter, LetterOp } from '../workloads/alphabet.ts';
import type { Workload } from '../workloads/workload.ts';

const single = (f: string, value: (n: number) => Json = () => null): Letter => ({
  ops: (n) => [{ f, value: value(n) }],
});

const READ: LetterOp = { f: 'read', value: null };
const read = single('read');
const txn = (value: (n: number) => Json): Letter => single('txn', value);
const TXN_READS: LetterOp = {
  f: 'txn',
  value: [
    ['r', 0, null],
    ['r', 1, null],
  ],
};

/** Blind writes, read-then-write on one key and across keys (write skew), two writes in one transaction, reads. */
const transactional = (write: string): Alphabet => ({
  letters: [
    txn((n) => [
      ['r', 0, null],
      [write, 0, n],
    ]),
    txn((n) => [
      ['r', 0, null],
      [write, 1, n],
    ]),
    txn((n) => [
      ['r', 1, null],
      [write, 0, n],
    ]),
    txn((n) => [
      [write, 0, 10 * n],
      [write, 0, 10 * n + 1],
    ]),
    { ops: () => [TXN_READS] },
  ],
  final: [TXN_READS],
});

const send = (message: number): LetterOp => ({ f: 'send', value: [['send', '0', message]] });
const POLL: LetterOp = { f: 'poll', value: [['poll']] };
const ASSIGN: LetterOp = { f: 'assign', value: ['0'] };

const ALPHABETS: ReadonlyMap<string, Alphabet> = new Map([
  ['echo', { letters: [single('echo', (n) => `Please echo ${n}`)], final: [] }],
  ['unique-ids', { letters: [single('generate')], final: [] }],
  // Runs begin with 0 as well, which many a program takes for nothing.
  ['broadcast', { letters: [single('broadcast', (n) => n - 1), read], final: [READ] }],
  ['g-set', { letters: [single('add', (n) => n - 1), read], final: [READ] }],
  // Sums of different subsets differ.
  ['g-counter', { letters: [single('add', (n) => 2 ** (n - 1)), read], final: [READ] }],
  [
    'pn-counter',
    {
      letters: [single('add', (n) => 2 ** (n - 1)), single('add', (n) => -(2 ** (n - 1))), read],
      final: [READ],
    },
  ],
  [
    'lin-kv',
    {
      letters: [
        single('write', (n) => [0, n - 1]),
        single('read', () => [0, null]),
        { ...single('cas', (n) => [0, [n - 2, n - 1]]), refersToOthers: true },
      ],
      probe: [{ f: 'read', value: [0, null] }],
      final: [{ f: 'read', value: [0, null] }],
    },
  ],
  ['txn-list-append', transactional('append')],
  ['txn-rw-register', transactional('w')],
  [
    'kafka',
    {
      // Of two sends by one client, the later message may become visible first.
      letters: [
        { ops: (n) => [send(10 * n)] },
        { ops: (n) => [send(10 * n), send(10 * n + 1)] },
        { ops: () => [ASSIGN, POLL] },
      ],
      probe: [ASSIGN, POLL],
      final: [{ f: 'crash', value: null }, ASSIGN, POLL, POLL],
    },
  ],
]);

/** Returns the alphabet of a workload, its own if it brings one; undefined if exploring has none for it. */
export const alphabetOf = ({ name, alphabet }: Pick<Workload, 'name' | 'alphabet'>): Alphabet | undefined =>
  alphabet ?? ALPHABETS.get(name);

export const EXPLORED_WORKLOADS: readonly string[] = [...ALPHABETS.keys()];
