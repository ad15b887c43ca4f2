/**
 * A node that replies to each request for an id with values that may differ between runs, machines or versions of Node, unless
 * the simulation prevents it. Its replies are in the journal, and so in the digest of a run.
 */
import os from 'node:os';
import { inspect } from 'node:util';
import { createHash, randomUUID } from 'node:crypto';
import { Node } from 'maelstrom/node';
import { stackOfAnother } from './probe-part.cjs';

type Unary = Exclude<keyof typeof Math, 'random' | typeof Symbol.toStringTag>;

const UNARY: readonly Unary[] = [
  'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cbrt', 'cos', 'cosh', 'exp', 'expm1', 'log', 'log10', 'log1p',
  'log2', 'sin', 'sinh', 'sqrt', 'tan', 'tanh',
]; // prettier-ignore

/** Hashes a function's values at 160 points. */
function hashOf(name: string, of: (x: number) => unknown): string {
  const values: unknown[] = [];
  for (let n = 1; n <= 80; n++) values.push(of(((n * 37) % 81) / 81), of(((n * 37) % 81) / 1.7 + 1 / n));
  return `${name} ${createHash('sha1').update(values.join()).digest('hex').slice(0, 12)}`;
}

const unary = (name: Unary) => (): string => {
  const of = Math[name] as (x: number) => number;
  return hashOf(name, of);
};

function thrown(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
}

const when = new Date(1_700_000_000_123);

const ANSWERS: readonly (() => unknown)[] = [
  ...UNARY.map(unary),
  () => hashOf('**', (x) => x ** 1.37),
  () => hashOf('pow', (x) => Math.pow(x, x - 3)),
  () => hashOf('atan2', (x) => Math.atan2(x, 1.7)),
  () => hashOf('hypot', (x) => Math.hypot(x, 1.7)),
  () => hashOf('toFixed', (x) => x.toFixed(7) + x.toExponential(9) + x.toPrecision(11) + x.toString(7)),
  () => [String(when), when.toTimeString(), when.toLocaleString(), when.getTimezoneOffset(), when.getHours()],
  () => [(1234567.891).toLocaleString(), 123456789n.toLocaleString(), 'i'.toLocaleUpperCase()],
  () => ['ä', 'z', 'a', 'Z', 'o', 'ö'].toSorted((a, b) => a.localeCompare(b)),
  () => [Intl.DateTimeFormat().resolvedOptions().timeZone, Intl.NumberFormat().resolvedOptions().locale],
  () => [Date.now(), performance.now(), performance.timeOrigin, process.hrtime(), process.uptime()],
  () => [Math.random(), randomUUID(), crypto.getRandomValues(new Uint8Array(8)).join()],
  () => [process.cwd(), process.argv, process.env, process.execPath, process.pid, process.version],
  () => [process.memoryUsage(), process.cpuUsage(), os.freemem(), os.hostname(), os.cpus(), os.loadavg()],
  () => [os.tmpdir(), os.homedir(), os.userInfo(), process.platform, process.arch],
  () => new Error('an error').stack,
  () => stackOfAnother(),
  () => [
    thrown(() => JSON.parse('{"a":')),
    thrown(() => Reflect.get(Object(null), 'x').y),
    thrown(() => nothing),
  ],
  () =>
    inspect({ a: [1, { b: new Map([[1, new Set([2])]]) }], c: when, d: /x/g, e: new TypeError('t').message }),
  () => [typeof WeakRef, typeof SharedArrayBuffer, typeof fetch],
  () => ['b', 'a', 'B'].map((text) => [text, text.normalize('NFD'), /\p{Lu}/u.test(text)]),
];

declare const nothing: unknown;

const node = new Node();
let asked = 0;

/** Values per reply, so that a second of requests covers them all. */
const AT_ONCE = 8;

node.on('generate', () => {
  const begin = (asked++ * AT_ONCE) % ANSWERS.length;
  const said = ANSWERS.slice(begin, begin + AT_ONCE).map((answer) => JSON.stringify(answer()));
  return { id: [node.id, asked, ...said] };
});
