/**
 * Cost of checking kafka: ten processes that send to and poll a hundred logs of a correct system. A micro-operation is
 * one message sent or polled. `observe` takes operations as they come (the cost of making them is subtracted); `result`
 * is the rest, from columns.
 *
 *     NODE_FLAGS=--expose-gc node bench/run.mjs kafka [OPERATIONS]        default: 300000
 */
import { KafkaChecker } from '../src/checkers/kafka/kafka.ts';
import type { CheckResult } from '../src/checkers/checker.ts';
import type { Op } from '../src/history/op.ts';
import type { Json } from '../src/protocol/json.ts';
import { Random } from '../src/world/random.ts';

const operations = Number(process.argv[2] ?? 300_000);
const PROCESSES = 10;
const LOGS = 100;
/** Offsets are sparse and large, as a node may choose them. */
const FIRST_OFFSET = 1e15;

/** Passes on every operation as it is made, as in a run; returns the number of micro-operations. */
function play(observe: (op: Op) => void): number {
  const random = Random.fromSeed('bench');
  const logs: number[][] = Array.from({ length: LOGS }, () => []);
  const positions = Array.from({ length: PROCESSES }, () => Array.from({ length: LOGS }, () => 0));
  let index = 0;
  let mops = 0;
  const record = (op: Omit<Op, 'index' | 'time'>): void => {
    observe({ ...op, index, time: index * 1000 });
    index++;
  };
  const poll = (process: number, keys: readonly number[], most: number): void => {
    const mine = positions[process] ?? [];
    const polled: [string, Json][] = [];
    for (const key of keys) {
      const at = mine[key] ?? 0;
      const messages = (logs[key] ?? []).slice(at, at + most);
      if (messages.length === 0) continue;
      polled.push([String(key), messages.map((message, i) => [FIRST_OFFSET + 3 * (at + i), message])]);
      mine[key] = at + messages.length;
      mops += messages.length;
    }
    record({ type: 'invoke', process, f: 'poll', value: [['poll']] });
    record({ type: 'ok', process, f: 'poll', value: [['poll', Object.fromEntries(polled)]] });
  };
  for (let n = 0; n < operations; n++) {
    const process = random.int(PROCESSES);
    const key = random.int(LOGS);
    const log = logs[key] ?? [];
    if (random.boolean()) {
      const offset = FIRST_OFFSET + 3 * log.length;
      record({ type: 'invoke', process, f: 'send', value: [['send', String(key), n]] });
      record({ type: 'ok', process, f: 'send', value: [['send', String(key), [offset, n]]] });
      log.push(n);
      mops++;
    } else poll(process, [key], 10);
  }
  for (let process = 0; process < PROCESSES; process++) poll(process, [...logs.keys()], Infinity);
  return mops;
}

/** Returns the CPU time of `work` in us, garbage collection included. */
function cost(work: () => void): number {
  globalThis.gc?.();
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

let mops = 0;
const alone = cost(() => void (mops = play(() => undefined)));
const checker = new KafkaChecker();
const observed = cost(() => void play((op) => checker.observe(op))) - alone;
let result: CheckResult = { 'valid?': 'unknown' };
const judged = cost(() => void (result = checker.result()));
if (result['valid?'] !== true)
  throw new Error(`a right history was judged ${JSON.stringify(result).slice(0, 500)}`);
const perSecond = (micros: number): string => `${(mops / micros).toFixed(2)} M/s`;
console.log(
  `${mops} micro-operations in ${operations} operations: observe ${perSecond(observed)}, ` +
    `result ${perSecond(judged)}, both ${perSecond(observed + judged)}`,
);
