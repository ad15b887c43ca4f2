/**
 * A kafka client: sends messages, and polls its assigned logs from its positions, committing what it has read.
 *
 * Positions belong to the client: a process that crashes loses them, and its successor starts without any.
 */
import { isDefinite } from '../../protocol/error-code.ts';
import { isJsonInteger, jsonEquals, stringifyJson, type Json, type JsonObject } from '../../protocol/json.ts';
import { commitOffsetsRpc, listCommittedOffsetsRpc, pollRpc, sendRpc } from '../../protocol/rpcs/kafka.ts';
import { completionOf, CRASHED_ON_PURPOSE, WRITE } from '../completion.ts';
import type { KafkaProgress } from './kafka-progress.ts';
import { isArrayOf, withoutValue, type OperationForm } from '../operation-form.ts';
import type { Client, ClientLink, Completion, Invocation } from '../workload.ts';

export const KAFKA_OPERATIONS: readonly OperationForm[] = [
  {
    f: 'send',
    expected: '[["send", key, message]], where the key is a string',
    accepts(value) {
      if (!isArrayOf(value, 1)) return false;
      const send = value[0] ?? null;
      return isArrayOf(send, 3) && send[0] === 'send' && typeof send[1] === 'string';
    },
  },
  {
    f: 'poll',
    expected: '[["poll"]]',
    accepts: (value) => jsonEquals(value, [['poll']]),
  },
  {
    f: 'assign',
    expected: 'an array of keys, which are strings',
    accepts: (value) => Array.isArray(value) && value.every((key) => typeof key === 'string'),
  },
  withoutValue('crash'),
];

type Done = (completion: Completion) => void;
/** Messages of several logs: `[offset, message]` pairs, indexed by key. */
type Messages = { readonly [key: string]: readonly (readonly [Offset, Json])[] };
/** Any integer; a `bigint` beyond 2^53. */
type Offset = number | bigint;

export class KafkaClient implements Client {
  /** Indexed by assigned log: the next offset to poll from. */
  private positions = new Map<string, Offset>();

  /** `progress` is shared by all clients of the run. */
  constructor(
    private readonly link: ClientLink,
    private readonly progress: KafkaProgress,
  ) {}

  invoke(op: Invocation, done: Done): void {
    switch (op.f) {
      case 'send':
        return this.send(op, done);
      case 'poll':
        return this.poll(op, done);
      case 'assign':
        return this.assign(op, done);
      default:
        // `crash`: this process sends nothing more.
        return done({ type: 'info', value: op.value, error: CRASHED_ON_PURPOSE });
    }
  }

  private send(op: Invocation, done: Done): void {
    // The generator makes one send per operation: [["send", key, message]].
    const [[, key, message]] = op.value as readonly [readonly [string, string, Json]];
    const resultOf = (body: JsonObject): Json => [['send', key, [body['offset'] ?? null, message]]];
    this.link.rpc(sendRpc, this.link.node, { key, msg: message }, (reply) =>
      done(completionOf(op, reply, { ...WRITE, resultOf })),
    );
  }

  private poll(op: Invocation, done: Done): void {
    const asked = new Map(this.positions);
    this.link.rpc(pollRpc, this.link.node, { offsets: Object.fromEntries(asked) }, (reply) => {
      if (reply.kind !== 'reply') return done(completionOf(op, reply, { idempotent: true }));
      // The definition has been checked: {key: [[offset, message], ...]}.
      const given = reply.body['msgs'] as Messages;
      // Some nodes list every key that they know: an empty log for a key that was not requested is ignored.
      const messages: Messages = Object.fromEntries(
        Object.entries(given).filter(([key, log]) => log.length > 0 || asked.has(key)),
      );
      const problem = pollProblem(asked, messages);
      if (problem !== undefined) {
        this.link.violation(`${this.link.node} answered a poll wrongly: ${problem}`, reply.body);
        return done({ type: 'fail', value: op.value, error: ['wrong-structure', problem] });
      }
      const reached: { [key: string]: Json } = {};
      for (const [key, log] of Object.entries(messages)) {
        const last = log.at(-1)?.[0];
        if (last === undefined) continue;
        this.positions.set(key, after(last));
        reached[key] = last;
      }
      const value: Json = [['poll', messages]];
      if (Object.keys(reached).length === 0) return done({ type: 'ok', value });
      this.progress.commits(reached);
      // The messages have been read, even if the commit fails.
      this.link.rpc(commitOffsetsRpc, this.link.node, { offsets: reached }, () =>
        done({ type: 'ok', value }),
      );
    });
  }

  /**
   * Starts on these logs: at this client's position, or else after the committed offset, or at 0; `final` seeks to the
   * beginning. A committed offset below 0 means that nothing was committed.
   */
  private assign(op: Invocation, done: Done): void {
    const keys = op.value as readonly string[];
    if (op.final === true) {
      this.positions = new Map(keys.map((key) => [key, 0]));
      return done({ type: 'ok', value: op.value });
    }
    this.link.rpc(listCommittedOffsetsRpc, this.link.node, { keys }, (reply) => {
      if (reply.kind !== 'reply') {
        const type = reply.kind === 'error' && isDefinite(reply.code) ? 'fail' : 'info';
        return done({ ...completionOf(op, reply, WRITE), type });
      }
      const committed = new Map(Object.entries(reply.body['offsets'] as { readonly [key: string]: Json }));
      this.remarkUncommitted(keys, committed, reply.body);
      const before = this.positions;
      this.positions = new Map(keys.map((key) => [key, before.get(key) ?? startAfter(committed.get(key))]));
      return done({ type: 'ok', value: op.value });
    });
  }

  /** Reports such an offset: a client that starts after it never polls what may be at the offsets up to it. */
  private remarkUncommitted(
    keys: readonly string[],
    listed: ReadonlyMap<string, Json>,
    reply: JsonObject,
  ): void {
    for (const key of keys) {
      const offset = listed.get(key);
      const highest = this.progress.highestCommit(key);
      if (!isJsonInteger(offset) || offset < 0 || (highest !== undefined && offset <= highest)) continue;
      const known =
        highest === undefined
          ? 'no client has committed any there; expected a reply without that key'
          : `no client has committed more than ${highest} there`;
      const from = highest === undefined ? 0 : after(highest);
      const skipped = jsonEquals(from, offset) ? `offset ${offset}` : `the offsets ${from} to ${offset}`;
      const message = `${this.link.node} listed ${offset} as the committed offset of key ${stringifyJson(key)}, but ${known}. A client starts after the committed offset, so it would never poll ${skipped}.`;
      return this.link.violation(message, reply, 'uncommitted-offset');
    }
  }
}

function startAfter(committed: Json | undefined): Offset {
  return isJsonInteger(committed) && committed >= 0 ? after(committed) : 0;
}

function after(offset: Offset): Offset {
  const next = BigInt(offset) + 1n;
  return next <= Number.MAX_SAFE_INTEGER ? Number(next) : next;
}

/**
 * Returns what is wrong with a poll's reply: logs that were not requested, or offsets out of order or before the
 * requested one.
 */
function pollProblem(asked: ReadonlyMap<string, Offset>, messages: Messages): string | undefined {
  for (const [key, log] of Object.entries(messages)) {
    const from = asked.get(key);
    if (from === undefined) return `it has messages of key ${stringifyJson(key)}, which was not asked for.`;
    let before: Offset | undefined;
    for (const [offset] of log) {
      if (before === undefined && offset < from)
        return `key ${stringifyJson(key)} begins at offset ${offset}; expected ${from} or later.`;
      if (before !== undefined && offset <= before)
        return `key ${stringifyJson(key)} has offset ${offset} after ${before}; expected ascending offsets.`;
      before = offset;
    }
  }
  return undefined;
}
