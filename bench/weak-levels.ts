/**
 * Cost of deciding the weak levels: `node bench/run.mjs weak-levels [TRANSACTIONS] [SHAPE...]`.
 *
 * A store of replicas in causal order: sessions take turns, a transaction reads from a replica that may be behind, but
 * never behind what its session has seen, and writes are appended to a single order. Transactions have 1 to 4
 * micro-operations, half of them reads. Shapes:
 *
 *     usual      10 sessions, 10 keys at a time, 16 writes per key
 *     sessions   100 sessions
 *     few-keys   10 keys in all
 *     many-keys  a million keys, drawn uniformly
 *     crashes    100 sessions; one transaction in a hundred crashes, and its client continues as a new process
 *     planted    as usual; near the end one transaction misses what it has seen by two steps
 *
 * The history is made, and then observed, in pieces. `observe` and `judge` are CPU time; `judge` without any level is
 * the cost of Elle's part.
 */
import { RwRegisterChecker } from '../src/checkers/elle/rw-register/rw-register.ts';
import { makeHistory, SHAPES } from './weak-histories.ts';

const LEVELS = [
  'read-committed',
  'monotonic-atomic-view',
  'strong-session-monotonic-atomic-view',
  'read-atomic',
  'strong-session-read-atomic',
  'strong-session-causal',
];
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const [count = '1000000', ...names] = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(SHAPES)) {
  const shape = SHAPES[name];
  if (shape === undefined)
    throw new Error(`There is no shape ${name}; there are ${Object.keys(SHAPES).join(', ')}.`);
  for (const level of LEVELS) {
    globalThis.gc?.();
    const checker = new RwRegisterChecker({ 'consistency-models': [level] });
    let observing = 0;
    for (const ops of makeHistory(Number(count), shape)) {
      const start = cpuMs();
      for (const op of ops) checker.observe(op);
      observing += cpuMs() - start;
    }
    globalThis.gc?.();
    const start = cpuMs();
    const result = checker.result();
    const judging = cpuMs() - start;
    const { rss, arrayBuffers } = process.memoryUsage();
    console.log(
      `${name} ${count}, ${level}: observe ${(observing / 1000).toFixed(2)} s, judge ${(judging / 1000).toFixed(2)} s, ` +
        `arrays ${Math.round(arrayBuffers / 2 ** 20)} MiB, rss ${Math.round(rss / 2 ** 20)} MiB; valid ${String(result['valid?'])} ${(result['anomaly-types'] ?? []).join(' ')}`,
    );
  }
}
