/**
 * kafka: append-only logs. Clients send messages to logs and poll them from where they stand; some crash, some are
 * assigned other logs. In the end every client reads all logs from the beginning.
 */
import { explainKafka, kafkaEvidence, kafkaFigure } from '../checkers/kafka/explain-kafka.ts';
import { KafkaChecker } from '../checkers/kafka/kafka.ts';
import type { KafkaResult } from '../checkers/kafka/result.ts';
import type { Validity } from '../checkers/checker.ts';
import { any } from '../generator/choosing.ts';
import { wrapRest, type Generator } from '../generator/generator.ts';
import { nothing, one, repeatedly, unfold, type OpTemplate } from '../generator/operations.ts';
import { concat } from '../generator/ordering.ts';
import { delay, stagger, timeLimit } from '../generator/pacing.ts';
import { eachThread } from '../generator/threads.ts';
import type { Json } from '../protocol/json.ts';
import { kafkaRpcs } from '../protocol/rpcs/kafka.ts';
import type { Random } from '../world/random.ts';
import { KAFKA_OPERATIONS, KafkaClient } from './kafka-client.ts';
import { KafkaProgress, sightings } from './kafka-progress.ts';
import { busiest } from './primary.ts';
import { TxnMaker } from './txn-generator.ts';
import type { Client, PreparedWorkload, GuidedWorkload, WorkloadOptions } from './workload.ts';

/** How often an operation is preceded by an assign of its keys. */
const ASSIGN_CHANCE = 1 / 64;
/** How many of the assigns also take up all logs with messages that no client has polled. */
const CATCH_UP_CHANCE = 1 / 3;
const CRASH_EVERY_SECONDS = 30;
const FINAL_POLL_SECONDS = 0.2;
const FINAL_SECONDS = 10;

/** Sends and polls, with an assign now and then. */
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
 * Each client crashes, begins anew on all logs from the start, and polls until it has seen everything that is known to
 * exist, or for ten seconds.
 */
function finalPolls(progress: KafkaProgress): Generator {
  const polls = delay(
    FINAL_POLL_SECONDS,
    repeatedly(() => ({ f: 'poll', value: [['poll']] })),
  );
  const assignAll = unfold(false, (assigned) =>
    assigned ? undefined : [{ f: 'assign', value: [...progress.horizon().keys()], final: true }, true],
  );
  return timeLimit(
    FINAL_SECONDS,
    eachThread(concat(one({ f: 'crash' }), assignAll, untilCaughtUp(polls, progress, new Map()))),
  );
}

/** Polls until everything that is known to exist has been seen by the thread that polls. */
function untilCaughtUp(
  polls: Generator,
  progress: KafkaProgress,
  seen: ReadonlyMap<string, number | bigint>,
): Generator {
  const generator: Generator = {
    next: (context) =>
      wrapRest(polls.next(context), (rest) =>
        rest === polls ? generator : untilCaughtUp(rest, progress, seen),
      ),
    update(context, event) {
      const updated = polls.update(context, event);
      if (event.type !== 'ok' || event.f !== 'poll')
        return updated === polls ? generator : untilCaughtUp(updated, progress, seen);
      const now = new Map(seen);
      for (const { key, offset } of sightings(event)) if (offset > (now.get(key) ?? -1)) now.set(key, offset);
      // What lies below 0 no poll asks for.
      const caughtUp = [...progress.horizon()].every(
        ([key, offset]) => offset < 0 || (now.get(key) ?? -1) >= offset,
      );
      return caughtUp ? nothing : untilCaughtUp(updated, progress, now);
    },
  };
  return generator;
}

/**
 * Takes note of what a client's operations show. Generators would miss the answers that come when their time is up, and
 * no client would look for those messages in the end.
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

/** What no client has polled yet is missing only after the final polls; whatever else is wrong is wrong at any time. */
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
    checker: () => new KafkaChecker({ 'sub-via': ['assign'] }),
  };
}

export const kafka: GuidedWorkload<KafkaResult> = {
  name: 'kafka',
  about:
    'Append-only logs by key, as in Kafka, much simplified. Clients send messages, which get offsets, and poll logs from ' +
    'where they stand. Nothing acknowledged may be lost, and every reader of a log must see it in the same order, without ' +
    'gaps. Offsets may be sparse.',
  rpcs: kafkaRpcs,
  operations: KAFKA_OPERATIONS,
  prepare,
  // A check shows the warnings of a result by itself.
  explain(result, nodeOf) {
    const explained = explainKafka(result, nodeOf);
    return explained === undefined ? undefined : [explained, ...(result.warnings ?? [])].join(' ');
  },
  figure: kafkaFigure,
  evidence: kafkaEvidence,
  guide: {
    requests:
      'Clients `send` to logs and `poll` those that they have been assigned, equally often; now and then they are assigned others (they then ask for `list_committed_offsets`, and go on from there), or crash and begin anew. What was polled is committed with `commit_offsets`. In the end each client reads all logs from the beginning.',
    checked:
      'No acknowledged message is missing before one that was polled (`lost-write`) or at the end of a log (`unseen`); an offset holds one message and a message stands at one offset; polls do not skip or go back. Offsets may have gaps.',
    options: ['--rate', '--concurrency', '--key-count', '--max-writes-per-key', '--nemesis'],
  },
};
