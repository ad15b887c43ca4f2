/** lin-kv: a linearizable key-value store. Each key is a register with read, write and compare-and-set. */
import type { NodeOf } from '../../checkers/checker.ts';
import type { Evidence } from '../../checkers/evidence.ts';
import { CasRegisterChecker } from '../../checkers/linearizable/cas-register.ts';
import { explainCasRegister, impossibleOperation } from '../../checkers/linearizable/explain-cas-register.ts';
import { keyedGroups, type ThreadGroup } from '../../generator/keyed-groups.ts';
import { repeatedly, unfold } from '../../generator/operations.ts';
import { eachThread, onThreads, processLimit, reserve } from '../../generator/threads.ts';
import type { Generator } from '../../generator/generator.ts';
import { counted } from '../../protocol/count-text.ts';
import type { Random } from '../../world/random.ts';
import type { Json } from '../../protocol/json.ts';
import { kvCasRpc, kvReadRpc, kvWriteRpc, linKvRpcs } from '../../protocol/rpcs/kv.ts';
import { completionOf, WRITE } from '../completion.ts';
import { LinKvChecker, withoutLevels, type LinKvResult } from './lin-kv-results.ts';
import { explainMissingKeys, MissingKeysChecker, missingKeysSuspects } from './missing-keys.ts';
import { isArrayOf, type OperationForm } from '../operation-form.ts';
import { busiest } from '../primary.ts';
import type { Client, ClientLink, PreparedWorkload, GuidedWorkload, WorkloadOptions } from '../workload.ts';

const VALUES = 5;
/** Crashes make a key expensive to check, so after that many processes a group moves on to a fresh key. */
const PROCESSES_PER_KEY = 20;
const LEAST_TIMEOUT_MS = 1000;
/** Maximum number of keys that each node is asked for at the end. */
const FINAL_KEYS = 5;

const READ: OperationForm = {
  f: 'read',
  expected: 'an array of a key and null',
  accepts: (value) => isArrayOf(value, 2) && value[1] === null,
};
const WRITE_KEY: OperationForm = {
  f: 'write',
  expected: 'an array of a key and the value to write, which is not null',
  accepts: (value) => isArrayOf(value, 2) && value[1] !== null,
};
const CAS: OperationForm = {
  f: 'cas',
  expected: 'an array of a key and an array of two values, the old and the new one',
  accepts: (value) => isArrayOf(value, 2) && isArrayOf(value[1] ?? null, 2),
};

function split(value: Json): readonly [key: Json, argument: Json] {
  // The generator below makes every value a pair.
  const [key, argument] = value as readonly [Json, Json];
  return [key, argument];
}

function client(link: ClientLink, timeoutMs: number): Client {
  return {
    invoke(op, done) {
      const [key, argument] = split(op.value);
      switch (op.f) {
        case 'read': {
          const rule = {
            idempotent: true,
            resultOf: (body: { readonly [field: string]: Json }) => [key, body['value'] ?? null],
          };
          link.rpc(kvReadRpc, link.node, { key }, (reply) => done(completionOf(op, reply, rule)), timeoutMs);
          return;
        }
        case 'write':
          link.rpc(
            kvWriteRpc,
            link.node,
            { key, value: argument },
            (reply) => done(completionOf(op, reply, WRITE)),
            timeoutMs,
          );
          return;
        default: {
          const [from, to] = split(argument);
          link.rpc(
            kvCasRpc,
            link.node,
            { key, from, to },
            (reply) => done(completionOf(op, reply, WRITE)),
            timeoutMs,
          );
        }
      }
    },
  };
}

/**
 * Yields reads on the first half of the threads; writes and, twice as often, compare-and-sets on the others, or only
 * writes if they are distinct.
 */
function operationsOn(key: number, group: number, isDistinct: boolean): Generator {
  let written = 0;
  const valueOf = (random: Random): number => (isDistinct ? written++ : random.int(VALUES));
  const reads = repeatedly(() => ({ f: 'read', value: [key, null] }));
  const writes = repeatedly((random) =>
    isDistinct || random.int(3) === 0
      ? { f: 'write', value: [key, valueOf(random)] }
      : { f: 'cas', value: [key, [random.int(VALUES), random.int(VALUES)]] },
  );
  // A single thread does both, otherwise nothing would ever be read.
  const both = repeatedly((random) =>
    random.boolean() ? { f: 'read', value: [key, null] } : { f: 'write', value: [key, valueOf(random)] },
  );
  const work = group === 1 ? both : reserve([[group >> 1, reads]], writes);
  return processLimit(Math.max(PROCESSES_PER_KEY, 2 * group), work);
}

/** Yields reads of the last keys, newest first; `count` returns the number of keys in use. */
const lastReads = (count: () => number): Generator =>
  unfold(0, (read) => {
    const key = count() - 1 - read;
    return key < 0 || read === FINAL_KEYS
      ? undefined
      : [{ f: 'read', value: [key, null], final: true }, read + 1];
  });

/**
 * Returns groups of twice as many threads as there are nodes. Remaining threads join the last group; with fewer threads
 * than that, all form one group.
 */
export function threadGroups(threads: number, nodes: number): readonly ThreadGroup[] {
  const size = 2 * nodes;
  const count = Math.max(1, Math.floor(threads / size));
  return Array.from({ length: count }, (_, at) => ({
    from: at * size,
    to: at === count - 1 ? threads : (at + 1) * size,
  }));
}

function prepare(options: WorkloadOptions): PreparedWorkload<LinKvResult> {
  const timeoutMs = Math.max(10 * options.latencyMs, LEAST_TIMEOUT_MS);
  const groups = threadGroups(options.concurrency, options.nodes.length);
  let keys = 0;
  const widest = Math.max(...groups.map((group) => group.to - group.from));
  return {
    client: (link) => client(link, timeoutMs),
    generator: keyedGroups(groups, (key) => {
      keys = Math.max(keys, key + 1);
      return operationsOn(key, widest, options.distinctWrites === true);
    }),
    ...(options.finalReads === true
      ? {
          finalGenerator: onThreads(
            0,
            Math.min(options.concurrency, options.nodes.length),
            eachThread(lastReads(() => keys)),
          ),
        }
      : {}),
    primaries: busiest,
    checker: () =>
      new LinKvChecker(new MissingKeysChecker(new CasRegisterChecker({ 'independent?': true }, false))),
  };
}

function explain(result: LinKvResult, nodeOf?: NodeOf): string | undefined {
  const parts = [explainCasRegister(withoutLevels(result), nodeOf), explainMissingKeys(result, nodeOf)];
  const said = parts.filter((text) => text !== undefined);
  return said.length === 0 ? undefined : said.join('\n');
}

function figure(result: LinKvResult): string | undefined {
  const { results, failures } = result;
  if (results === undefined) return undefined;
  const verdicts = Object.values(results);
  const keys = counted(verdicts.length, 'key');
  if (failures.length > 0) return `${failures.length} of ${keys} not linearizable`;
  const undecided = verdicts.filter((one) => one['valid?'] === 'unknown').length;
  return undecided > 0 ? `${undecided} of ${keys} undecided` : `${keys} linearizable`;
}

function evidence({ results = {}, 'missing-keys': missing }: LinKvResult): Evidence {
  return {
    kind: 'keys',
    also: missing === undefined ? [] : [missingKeysSuspects(missing)],
    keys: Object.entries(results).map(([key, result]) => ({
      key,
      result,
      impossible: impossibleOperation(result.linearizable),
    })),
  };
}

export const linKv: GuidedWorkload<LinKvResult> = {
  name: 'lin-kv',
  about:
    'A linearizable key-value store: every operation appears to happen at one instant between its request and its reply. Clients read, write and compare-and-set small integers under integer keys; each key is checked separately.',
  rpcs: linKvRpcs,
  operations: [READ, WRITE_KEY, CAS],
  prepare,
  explain,
  figure,
  evidence,
  guide: {
    requests:
      'Clients read, write and compare-and-set integers from 0 to 4. Several clients, twice as many as nodes, share a key for a while: one half reads; the other half writes, and compares and sets twice as often. Then they move on to the next key. A request times out after one second, or after ten times the mean latency. With `--final-reads` each node is asked for the last five keys at the end, after `--recovery-time`.',
    checked:
      'Each key by itself is linearizable: its operations can be ordered, each at one instant between its request and its reply, so that all answers are correct. Operations in doubt may or may not have happened, at any time after their request. Keys that vanish are reported as `missing-keys`.',
    options: [
      '--concurrency',
      '--rate',
      '--nemesis',
      '--nemesis-targets',
      '--nemesis-moves',
      '--nemesis-after',
      '--final-reads',
      '--distinct-writes',
    ],
  },
};
