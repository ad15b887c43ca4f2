/**
 * Checks a Kafka-style log, as Jepsen's kafka workload does: every acknowledged message is read, in order, by every
 * client that reads beyond it, and nothing is read that was not sent.
 *
 * The rules have files of their own: what the logs must have looked like (version-orders), messages met in the wrong
 * order (order-errors), single messages (message-errors), unseen messages (unseen), lag (realtime-lag), cycles
 * (cycles).
 */
import type { Op } from '../../history/op.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { compareJson, valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { resultOver, malformedResult, type Budget, type Checker } from '../checker.ts';
import { resultKeys } from '../result-keys.ts';
import { BudgetExhausted } from '../budget/meter.ts';
import { findCycles } from './cycles.ts';
import {
  abortedReads,
  duplicates,
  garbageReads,
  inconsistentOffsets,
  lostWrites,
  precommittedReads,
} from './message-errors.ts';
import { KafkaOperations, MalformedHistory } from './operations.ts';
import {
  findOrderErrors,
  valuesBetween,
  type ExternalOrderError,
  type InternalOrderError,
} from './order-errors.ts';
import { worstRealtimeLag } from './realtime-lag.ts';
import type {
  KafkaError,
  KafkaErrors,
  KafkaErrorType,
  KafkaResult,
  MessageErrorType,
  UnseenMessages,
} from './result.ts';
import { findUnseen, type Unseen } from './unseen.ts';
import { readsAndWriters, versionOrders, type KeyOrder, type Reads } from './version-orders.ts';

export interface KafkaOptions {
  /** How clients choose keys: `assign` (default), or `subscribe`, under which polls may skip and repeat. */
  readonly 'sub-via'?: readonly string[];
  /** Whether the order of writes in a log orders their transactions. Default false. */
  readonly 'ww-deps'?: boolean;
}

const ALWAYS_ALLOWED = [
  'int-send-skip',
  'G0',
  'G0-process',
  'G0-realtime',
  'PL-1-cycle-exists',
  'strong-PL-1-cycle-exists',
];
const ALLOWED_WITH_SUBSCRIBE = ['poll-skip', 'nonmonotonic-poll'];
const ALLOWED_WITH_WW = [
  'G1c',
  'G1c-process',
  'G1c-realtime',
  'PL-2-cycle-exists',
  'strong-PL-2-cycle-exists',
];

/** No operation depended on another: nothing is wrong, but nothing is proved. */
const NOTHING_TO_JUDGE = 'empty-transaction-graph';

const SHOWN = 8;
const SHOWN_MESSAGES = 32;

type OrderError = InternalOrderError | ExternalOrderError;

/** Checks a whole history at once. */
export function checkKafka(ops: Iterable<Op>, options: KafkaOptions = {}, budget?: Budget): KafkaResult {
  return resultOver(new KafkaChecker(options), ops, budget);
}

export class KafkaChecker implements Checker<KafkaResult> {
  private readonly operations = new KafkaOperations();
  private problem: string | undefined;

  constructor(private readonly options: KafkaOptions = {}) {}

  observe(op: Op): void {
    if (this.problem === undefined) this.guard(() => this.operations.observe(op));
  }

  get malformed(): string | undefined {
    return this.problem;
  }

  result(budget?: Budget): KafkaResult {
    if (this.problem === undefined) this.guard(() => this.operations.finish());
    if (this.problem !== undefined) return malformedResult(this.problem);
    let errors: KafkaErrors;
    const warnings: string[] = [];
    try {
      errors = findErrors(this.operations, this.options['ww-deps'] === true, warnings, budget);
    } catch (error) {
      if (!(error instanceof BudgetExhausted)) throw error;
      return {
        'valid?': 'unknown',
        error: `The budget was used up while looking for cycles among ${this.operations.rowCount} operations.`,
      };
    }
    const types = Object.keys(errors).sort() as KafkaErrorType[]; // by the type of errors
    const allowed = new Set([
      ...ALWAYS_ALLOWED,
      ...((this.options['sub-via'] ?? ['assign']).includes('subscribe') ? ALLOWED_WITH_SUBSCRIBE : []),
      ...(this.options['ww-deps'] === true ? ALLOWED_WITH_WW : []),
    ]);
    const bad = types.filter((type) => type !== NOTHING_TO_JUDGE && !allowed.has(type));
    const lag = worstRealtimeLag(this.operations);
    return {
      'valid?': bad.length > 0 ? false : NOTHING_TO_JUDGE in errors ? 'unknown' : true,
      'worst-realtime-lag': {
        time: lag.timeNanos / 1e9,
        process: lag.process,
        key: lag.key === undefined ? undefined : this.operations.keyName(lag.key),
        lag: lag.lagNanos / 1e9,
      },
      'bad-error-types': bad,
      'error-types': types,
      'info-txn-causes': this.operations.infoCauses,
      ...errors,
      ...(warnings.length === 0 ? {} : { warnings }),
    };
  }

  private guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof MalformedHistory)) throw error;
      this.problem = error.message;
    }
  }
}

/** Returns the errors by kind, in the form they have in the result. Adds explanations to `warnings`. */
function findErrors(
  operations: KafkaOperations,
  wwDeps: boolean,
  warnings: string[],
  budget: Budget | undefined,
): KafkaErrors {
  const reads = readsAndWriters(operations);
  const orders = versionOrders(operations, reads);
  const errors: KafkaErrors = {
    ...messageErrors(operations, orders, reads),
    ...orderErrors(operations, orders),
  };
  const unseen = findUnseen(operations);
  if (unseen !== undefined) {
    if (unseen.firstBelowZero !== undefined) warnings.push(belowZeroText(operations, unseen));
    errors.unseen = unseenError(operations, unseen);
  }
  for (const [type, found] of findCycles(operations, orders, reads, wwDeps, budget)) {
    errors[type] =
      found === true ? { count: 1, errs: true } : { count: found.length, errs: found.slice(0, SHOWN) };
  }
  return errors;
}

function messageErrors(operations: KafkaOperations, orders: readonly KeyOrder[], reads: Reads): KafkaErrors {
  const errors: KafkaErrors = {};
  const message = ({ key, value }: { readonly key: number; readonly value: number }) => ({
    key: operations.keyName(key),
    value: operations.value(key, value),
  });
  report(
    errors,
    'inconsistent-offsets',
    inconsistentOffsets(orders),
    ({ key, offset, index, values }) => ({
      key: operations.keyName(key),
      offset: operations.offset(offset),
      index,
      values: values.map((value) => operations.value(key, value)).sort(compareJson),
    }),
    SHOWN_MESSAGES,
  );
  report(
    errors,
    'duplicate',
    duplicates(orders),
    ({ key, value, offsets }) => ({
      ...message({ key, value }),
      count: offsets.length,
      offsets: offsets.map((offset) => operations.offset(offset)),
    }),
    SHOWN_MESSAGES,
  );
  report(errors, 'G1a', abortedReads(operations, reads), (error) => ({
    ...message(error),
    writer: operations.op(error.writer),
    reader: operations.op(error.reader),
  }));
  report(errors, 'garbage-read', garbageReads(operations, reads), (error) => ({
    ...message(error),
    reader: operations.op(error.row),
  }));
  report(errors, 'precommitted-read', precommittedReads(operations), (error) => ({
    op: operations.op(error.row),
    ...message(error),
  }));
  report(errors, 'lost-write', lostWrites(operations, orders, reads), (lost) => ({
    ...message(lost),
    index: lost.index,
    'max-read-index': lost.maxReadIndex,
    writer: operations.op(lost.writer),
    'max-read': operations.op(lost.maxRead),
  }));
  return errors;
}

/** Returns the messages met in the wrong order, the farthest skips and steps back first. */
function orderErrors(operations: KafkaOperations, orders: readonly KeyOrder[]): KafkaErrors {
  const found = findOrderErrors(operations, orders);
  const errors: KafkaErrors = {};
  const skips = (type: MessageErrorType, those: readonly OrderError[]): void =>
    report(
      errors,
      type,
      those.toSorted((a, b) => b.delta - a.delta),
      (error) => showOrderError(operations, orders, error, true),
    );
  const steps = (type: MessageErrorType, those: readonly OrderError[]): void =>
    report(
      errors,
      type,
      those.toSorted((a, b) => a.delta - b.delta),
      (error) => showOrderError(operations, orders, error, false),
    );
  skips('int-poll-skip', found.intPollSkip);
  steps('int-nonmonotonic-poll', found.intNonmonotonicPoll);
  skips('int-send-skip', found.intSendSkip);
  steps('int-nonmonotonic-send', found.intNonmonotonicSend);
  skips('poll-skip', found.pollSkip);
  steps('nonmonotonic-poll', found.nonmonotonicPoll);
  steps('nonmonotonic-send', found.nonmonotonicSend);
  return errors;
}

function report<T>(
  errors: KafkaErrors,
  type: MessageErrorType,
  found: readonly T[],
  show: (error: T) => KafkaError,
  limit = SHOWN,
): void {
  if (found.length > 0)
    errors[type] = { count: found.length, errs: found.slice(0, limit).map((error) => show(error)) };
}

function unseenError(operations: KafkaOperations, { timeNanos, messages }: Unseen): UnseenMessages {
  const byKey = [...messages].map(([key, values]) => ({ name: operations.keyName(key), key, values }));
  return {
    time: timeNanos,
    unseen: resultKeys(byKey.map(({ name, values }) => [name, values.length])),
    messages: resultKeys(
      byKey.map(({ name, key, values }) => [
        name,
        values
          .map((value) => operations.value(key, value))
          .sort(compareJson)
          .slice(0, SHOWN_MESSAGES),
      ]),
    ),
  };
}

function belowZeroText(operations: KafkaOperations, { belowZero, firstBelowZero }: Unseen): string {
  if (firstBelowZero === undefined) return '';
  const { key, value, offset } = firstBelowZero;
  const shown = (json: Json): string => shownText(valueText(json), 60);
  return (
    `${counted(belowZero, 'unseen message')} got ${byCount(belowZero, 'an offset', 'offsets')} below 0, such as message ` +
    `${shown(operations.value(key, value))} of key ${shown(operations.keyName(key))} at offset ${shown(operations.offset(offset))}. ` +
    'Clients poll a log from offset 0 on, so a message before that is never polled: let a log begin at offset 0 or later.'
  );
}

function showOrderError(
  operations: KafkaOperations,
  orders: readonly KeyOrder[],
  error: OrderError,
  isSkip: boolean,
): KafkaError {
  const [from, to] = error.values;
  const order = orders[error.key];
  const name = (value: number): Json => operations.value(error.key, value);
  const internal = !('before' in error);
  return {
    key: operations.keyName(error.key),
    delta: error.delta,
    // As in upstream, internal errors and steps back show the values; skips show what was skipped.
    values: internal || !isSkip ? [name(from), name(to)] : undefined,
    skipped:
      isSkip && order !== undefined
        ? valuesBetween(order, from, to).slice(0, SHOWN_MESSAGES).map(name)
        : undefined,
    ...(internal
      ? { op: operations.op(error.row) }
      : { ops: [operations.op(error.before), operations.op(error.row)] }),
  };
}
