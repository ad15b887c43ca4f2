/**
 * kafka: append-only logs. Clients send messages to logs and poll them from their positions; sometimes they crash or
 * are assigned other logs. At the end every client reads all logs from the beginning.
 */
import { explainKafka, kafkaEvidence, kafkaFigure } from '../../checkers/kafka/explain-kafka.ts';
import type { KafkaResult } from '../../checkers/kafka/result.ts';
import type { Validity } from '../../checkers/checker.ts';
import { any } from '../../generator/choosing.ts';
import { EXHAUSTED, wrapRest, type Generator } from '../../generator/generator.ts';
import { nothing, one, repeatedly, unfold, type OpTemplate } from '../../generator/operations.ts';
import { concat } from '../../generator/ordering.ts';
import { delay, stagger, timeLimit } from '../../generator/pacing.ts';
import { eachThread } from '../../generator/threads.ts';
import type { Json } from '../../protocol/json.ts';
import { kafkaRpcs } from '../../protocol/rpcs/kafka.ts';
import type { Random } from '../../world/random.ts';
import { KAFKA_OPERATIONS, KafkaClient } from './kafka-client.ts';
import { FinalLookChecker } from './kafka-final-look.ts';
import { FinalLook, KafkaProgress } from './kafka-progress.ts';
import { busiest } from '../primary.ts';
import { TxnMaker } from '../transactions/txn-generator.ts';
import type { Client, PreparedWorkload, GuidedWorkload, WorkloadOptions } from '../workload.ts';

/** Probability that an operation is preceded by an assign of its keys. */
const ASSIGN_CHANCE = 1 / 64;
/** Probability that an assign also includes all logs with messages that no client has polled. */
const CATCH_UP_CHANCE = 1 / 3;
const CRASH_EVERY_SECONDS = 30;
const FINAL_POLL_SECONDS = 0.2;
const FINAL_SECONDS = 10;
/** Limits polling of a log that grows with every poll. */
const MOST_SECONDS_MORE = 300;

/** Yields sends and polls, with an occasional assign. */
function sendsAndPolls(options: WorkloadOptions, progress: KafkaProgress): Generator {
  const { maxWritesPerKey, keyCount } = options;
  const maker = new TxnMaker({
    write: 'send',
    maxTxnLength: 1,
    maxWritesPerKey,
    ...(keyCount === undefined ? {} : { keyCount }),
  });
  let postponed: OpTemplate | undefined;
  return repeatedly((random): OpTemplate => {
    if (postponed !== undefined) {
      const op = postponed;
      postponed = undefined;
      return op;
    }
    const [mop] = maker.transaction(random);
    const key = String(mop?.[1] ?? 0);
    const op: OpTemplate =
      mop?.[0] === 'send' ? { f: 'send', value: [['send', key, mop[2]]] } : { f: 'poll', value: [['poll']] };
    if (!random.boolean(ASSIGN_CHANCE)) return op;
    postponed = op;
    return { f: 'assign', value: keysToAssign(key, progress, random) };
  });
}

function keysToAssign(key: string, progress: KafkaProgress, random: Random): Json {
  const more = random.boolean(CATCH_UP_CHANCE) ? progress.unpolledKeys() : [];
  return [...new Set([key, ...more])];
}

/**
 * Each client crashes, starts again on all logs from the beginning, and polls for ten seconds or until it has seen
 * everything that is known to exist. A client whose polls still return more by then continues while they do. Polls may
 * take long and return few messages each, so messages that have not been reached yet are not lost.
 */
function finalPolls(progress: KafkaProgress): Generator {
  const look = new FinalLook(progress);
  const polls = delay(
    FINAL_POLL_SECONDS,
    repeatedly(() => ({ f: 'poll', value: [['poll']] })),
  );
  const assignAll = unfold(false, (assigned) =>
    assigned ? undefined : [{ f: 'assign', value: [...progress.horizon().keys()], final: true }, true],
  );
  const started = concat(one({ f: 'crash' }), assignAll, pollsOn(polls, look, 'until caught up'));
  return concat(
    timeLimit(FINAL_SECONDS, eachThread(started)),
    timeLimit(MOST_SECONDS_MORE, eachThread(pollsOn(polls, look, 'while there is more'))),
  );
}

/** Yields polls while the asking thread has not caught up, or while its polls return more. */
function pollsOn(
  polls: Generator,
  look: FinalLook,
  howLong: 'until caught up' | 'while there is more',
): Generator {
  const on = (rest: Generator): Generator => (rest === polls ? generator : pollsOn(rest, look, howLong));
  const generator: Generator = {
    next(context) {
      const [thread = -1] = context.threads;
      return howLong === 'while there is more' && !look.isGettingOn(thread)
        ? EXHAUSTED
        : wrapRest(polls.next(context), on);
    },
    update(context, event) {
      const updated = polls.update(context, event);
      const [thread = -1] = context.threads;
      look.note(thread, event);
      return event.type === 'ok' && event.f === 'poll' && look.isCaughtUp(thread) ? nothing : on(updated);
    },
  };
  return generator;
}

/**
 * Notes the offsets in a client's operations. Generators would miss the answers that come when their time is up, and
 * then no client would look for those messages at the end.
 */
function noting(client: Client, progress: KafkaProgress): Client {
  return {
    invoke(op, done) {
      client.invoke(op, (completion) => {
        progress.note({ f: op.f, type: completion.type, value: completion.value });
        done(completion);
      });
    },
  };
}

/**
 * Returns the verdict without final polls: messages that no client has polled yet may still arrive; every other error
 * is one at any time.
 */
function verdictOfUnsettledLogs({ 'bad-error-types': bad = [] }: KafkaResult): Validity {
  return bad.some((type) => type !== 'unseen') ? false : 'unknown';
}

function prepare(options: WorkloadOptions): PreparedWorkload<KafkaResult> {
  const progress = new KafkaProgress();
  const crashes = stagger(
    CRASH_EVERY_SECONDS / options.concurrency,
    repeatedly(() => ({ f: 'crash' })),
  );
  return {
    client: (link) => noting(new KafkaClient(link, progress), progress),
    generator: any(sendsAndPolls(options, progress), crashes),
    finalGenerator: finalPolls(progress),
    verdictWithoutFinalReads: verdictOfUnsettledLogs,
    finalReadsBelongTogether: true,
    primaries: busiest,
    checker: () => new FinalLookChecker({ 'sub-via': ['assign'] }),
  };
}

export const kafka: GuidedWorkload<KafkaResult> = {
  name: 'kafka',
  about:
    'Append-only logs by key: a much simplified Kafka. Clients send messages, which get offsets, and poll logs from their current position. No acknowledged message may be lost, and every reader of a log must see its messages in the same order, without omissions. Offsets may be sparse.',
  rpcs: kafkaRpcs,
  operations: KAFKA_OPERATIONS,
  prepare,
  // The check shows the warnings of a result itself.
  explain(result, nodeOf) {
    const explained = explainKafka(result, nodeOf);
    return explained === undefined ? undefined : [explained, ...(result.warnings ?? [])].join(' ');
  },
  figure: kafkaFigure,
  evidence: kafkaEvidence,
  guide: {
    requests:
      'Clients `send` to logs and `poll` the logs assigned to them, equally often. Occasionally they are assigned other logs (they then ask for `list_committed_offsets` and continue from there), or crash and start again. Polled messages are committed with `commit_offsets`. At the end, each client reads all logs from the beginning.',
    checked:
      'No acknowledged message is missing before a polled one (`lost-write`) or at the end of a log (`unseen`); each offset holds one message, and each message has one offset; polls do not skip messages or go backwards. Offsets may have gaps.',
    options: ['--rate', '--concurrency', '--key-count', '--max-writes-per-key', '--nemesis'],
  },
};
