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
import { BudgetExhausted } from '../meter.ts';
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
import type { KafkaError, KafkaErrors, KafkaErrorType, KafkaResult, MessageErrorType } from './result.ts';
import { findUnseen, type Unseen } from './unseen.ts';
import { readsAndWriters, versionOrders, type KeyOrder } from './version-orders.ts';

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
        lag: lag.lagNanos / 1e9,
        process: lag.process,
        key: lag.key === undefined ? undefined : this.operations.keyName(lag.key),
      },
      'bad-error-types': bad,
      'error-types': types,
      'info-txn-causes': this.operations.infoCauses.length === 0 ? undefined : this.operations.infoCauses,
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
  const orderErrors = findOrderErrors(operations, orders);
  const errors: KafkaErrors = {};
  const keyOf = (key: number): Json => operations.keyName(key);

  const report = <T>(
    type: MessageErrorType,
    found: readonly T[],
    show: (error: T) => KafkaError,
    limit = SHOWN,
  ): void => {
    if (found.length > 0)
      errors[type] = { count: found.length, errs: found.slice(0, limit).map((error) => show(error)) };
  };
  const skips = (type: MessageErrorType, found: readonly (InternalOrderError | ExternalOrderError)[]): void =>
    report(
      type,
      [...found].sort((a, b) => b.delta - a.delta),
      (error) => showOrderError(operations, orders, error, true),
    );
  const steps = (type: MessageErrorType, found: readonly (InternalOrderError | ExternalOrderError)[]): void =>
    report(
      type,
      [...found].sort((a, b) => a.delta - b.delta),
      (error) => showOrderError(operations, orders, error, false),
    );

  report(
    'inconsistent-offsets',
    inconsistentOffsets(orders),
    ({ key, offset, index, values }) => ({
      key: keyOf(key),
      offset: operations.offset(offset),
      index,
      values: values.map((value) => operations.value(key, value)).sort(compareJson),
    }),
    SHOWN_MESSAGES,
  );
  report(
    'duplicate',
    duplicates(orders),
    ({ key, value, offsets }) => ({
      key: keyOf(key),
      value: operations.value(key, value),
      count: offsets.length,
      offsets: offsets.map((offset) => operations.offset(offset)),
    }),
    SHOWN_MESSAGES,
  );
  report('G1a', abortedReads(operations, reads), ({ key, value, writer, reader }) => ({
    key: keyOf(key),
    value: operations.value(key, value),
    writer: operations.op(writer),
    reader: operations.op(reader),
  }));
  report('garbage-read', garbageReads(operations, reads), ({ key, value, row }) => ({
    key: keyOf(key),
    value: operations.value(key, value),
    reader: operations.op(row),
  }));
  report('precommitted-read', precommittedReads(operations), ({ row, key, value }) => ({
    op: operations.op(row),
    key: keyOf(key),
    value: operations.value(key, value),
  }));
  report('lost-write', lostWrites(operations, orders, reads), (lost) => ({
    key: keyOf(lost.key),
    value: operations.value(lost.key, lost.value),
    index: lost.index,
    'max-read-index': lost.maxReadIndex,
    writer: operations.op(lost.writer),
    'max-read': operations.op(lost.maxRead),
  }));
  skips('int-poll-skip', orderErrors.intPollSkip);
  steps('int-nonmonotonic-poll', orderErrors.intNonmonotonicPoll);
  skips('int-send-skip', orderErrors.intSendSkip);
  steps('int-nonmonotonic-send', orderErrors.intNonmonotonicSend);
  skips('poll-skip', orderErrors.pollSkip);
  steps('nonmonotonic-poll', orderErrors.nonmonotonicPoll);
  steps('nonmonotonic-send', orderErrors.nonmonotonicSend);

  const unseen = findUnseen(operations);
  if (unseen !== undefined) {
    if (unseen.firstBelowZero !== undefined) warnings.push(belowZeroText(operations, unseen));
    const byKey = [...unseen.messages].map(([key, values]) => ({ name: keyOf(key), key, values }));
    errors.unseen = {
      time: unseen.timeNanos,
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
  for (const [type, found] of findCycles(operations, orders, reads, wwDeps, budget)) {
    errors[type] =
      found === true ? { count: 1, errs: true } : { count: found.length, errs: found.slice(0, SHOWN) };
  }
  return errors;
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
  error: InternalOrderError | ExternalOrderError,
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
