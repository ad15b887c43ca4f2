/**
 * Cost of set-full and unique-ids besides reading the history, in one process, without I/O.
 *
 *     npx esbuild bench/checkers-simple.ts --bundle --platform=node --format=esm | node --input-type=module
 *
 * set-full: 5,000 adds and 5,000 reads, each read showing everything added so far (12.5 million elements listed).
 * unique-ids: a million ids of each kind, compared with a plain Set.
 */
import { SetFullChecker } from '../src/checkers/sets/set-full.ts';
import { UniqueIdsChecker } from '../src/checkers/replies/unique-ids.ts';
import type { Op } from '../src/history/op.ts';
import type { Json } from '../src/protocol/json.ts';

const ROUNDS = 5;

/** Returns the minimum of several rounds in ms; anything above it is noise of the machine. */
function leastMs(round: () => void): number {
  let least = Infinity;
  for (let n = 0; n < ROUNDS; n++) {
    const start = process.hrtime.bigint();
    round();
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1e6);
  }
  return least;
}

function setHistory(adds: number): Op[] {
  const ops: Op[] = [];
  const shown: number[] = [];
  const push = (type: Op['type'], process: number, f: string, value: Json): void => {
    ops.push({ index: ops.length, time: ops.length * 1000, type, process, f, value });
  };
  for (let element = 0; element < adds; element++) {
    push('invoke', 0, 'add', element);
    push('ok', 0, 'add', element);
    shown.push(element);
    push('invoke', 1, 'read', null);
    push('ok', 1, 'read', shown.slice());
  }
  return ops;
}

const ops = setHistory(5000);
const setFullMs = leastMs(() => {
  const checker = new SetFullChecker();
  for (const op of ops) checker.observe(op);
  if (checker.result()['valid?'] !== true) throw new Error('the history is valid');
});
console.log(`set-full, 5,000 adds and 5,000 reads of all: ${setFullMs.toFixed(1)} ms`);

const COUNT = 1_000_000;
const kinds: readonly (readonly [name: string, id: (n: number) => Json])[] = [
  ['small integers', (n) => n],
  ['integers with time and node in them', (n) => n * 4096 + (n % 5)],
  ['64-bit integers', (n) => 2n ** 60n + BigInt(n)],
  ['strings', (n) => `n${n % 5}-${n}`],
];
for (const [name, id] of kinds) {
  const generated = Array.from({ length: COUNT }, (_, n): Op => ({
    index: n,
    time: n,
    type: 'ok',
    process: 0,
    f: 'generate',
    value: id(n),
  }));
  const ours = leastMs(() => {
    const checker = new UniqueIdsChecker();
    for (const op of generated) checker.observe(op);
    if (!checker.result()['valid?']) throw new Error('the ids are unique');
  });
  const plain = leastMs(() => {
    const set = new Set<Json>();
    for (const op of generated) set.add(op.value);
    if (set.size !== COUNT) throw new Error('the ids are unique');
  });
  const rate = COUNT / ours / 1000;
  console.log(`unique-ids, ${name}: ${rate.toFixed(1)} M ids/s (${(ours / plain).toFixed(2)} x a plain Set)`);
}
