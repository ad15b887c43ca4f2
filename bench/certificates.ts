/**
 * Cost of certificates of the weak levels: `node bench/run.mjs certificates [TRANSACTIONS] [SHAPE]`, with the shapes of
 * weak-levels.ts.
 *
 * For each level, CPU time of the verdict, of its certificate with the proof that it holds, and of the verifier alone,
 * in one process, without reading and writing files.
 */
import { certify } from '../src/certificate/certify.ts';
import { check } from '../src/checkers/check.ts';
import type { Op } from '../src/history/op.ts';
import { verify } from '../src/verify/verify.ts';
import { makeHistory, SHAPES } from './weak-histories.ts';

const LEVELS = ['read-committed', 'read-atomic', 'strong-session-causal'];
const model = 'rw-register';

const [count = '100000', name = 'usual'] = process.argv.slice(2);
const shape = SHAPES[name];
if (shape === undefined)
  throw new Error(`There is no shape ${name}; there are ${Object.keys(SHAPES).join(', ')}.`);
const ops = [...makeHistory(Number(count), shape)].flat() as readonly Op[]; // with index, time and process

for (const level of LEVELS) {
  const options = { 'consistency-models': [level] };
  const [result, checking] = timed(() => check(model, ops, options));
  const [certified, certifying] = timed(() => certify({ model, options, result }, ops));
  const { certificate } = certified;
  const verifying = certificate === undefined ? NaN : timed(() => verify(certificate, ops))[1];
  const rss = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(
    `${name} ${count}, ${level}: check ${checking} s, certify ${certifying} s, verify ${verifying} s, rss ${rss} MiB; ` +
      (certified.certificate === undefined ? certified.why : certified.says),
  );
}

/** Returns the result and the seconds of CPU time that it took. */
function timed<T>(work: () => T): readonly [T, number] {
  const start = process.cpuUsage();
  const done = work();
  const { user, system } = process.cpuUsage(start);
  return [done, Math.round((user + system) / 10_000) / 100];
}
