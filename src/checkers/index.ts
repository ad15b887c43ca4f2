/**
 * `maelstrom/checkers`: checks histories, in Node or in a browser. No I/O, no clock, no dependencies.
 *
 *     import { check } from 'maelstrom/checkers';
 *
 *     const result = check('list-append', ops, { 'consistency-models': ['serializable'] });
 *     if (result['valid?'] === false) console.log(result['anomaly-types'], result.not);
 *
 * `check` takes the operations of a history, in order. Every model also has a function of its own (`checkListAppend`,
 * ...) and a class that does the same while the history grows: `observe(op)` for each operation, then `result()`.
 */

// Any model by name.
export { check, checkerFor, explain, type CheckLimits, type HistoryOp } from './check.ts';
export { MODEL_NAMES, type ModelName, type OptionsByModel } from './models/model-table.ts';
export { guessModel, type Guess } from './models/guess-model.ts';
export { within, type Gauges, type Limits } from './budget/limits.ts';

// Input and output types.
export { mergeValidity } from './checker.ts';
export type {
  Budget,
  Checker,
  CheckResult,
  NodeOf,
  NoVerdict,
  OneOf,
  OrNoVerdict,
  ResultValue,
  Validity,
} from './checker.ts';
export type { Anomaly, Evidence, JudgedKey, SuspectElement } from './evidence.ts';
export type { Op, OpType, Process } from '../history/op.ts';
export { UserError } from '../protocol/user-error.ts';

// For any history.
export {
  AvailabilityChecker,
  checkAvailability,
  type AvailabilityOptions,
  type AvailabilityResult,
} from './outcomes/availability.ts';
export { checkStats, StatsChecker, type StatsOptions, type StatsResult } from './outcomes/stats.ts';

// Transactions.
export {
  checkListAppend,
  ListAppendChecker,
  type ListAppendOptions,
} from './elle/list-append/list-append.ts';
export {
  checkRwRegister,
  RwRegisterChecker,
  type RwRegisterOptions,
  type RwRegisterResult,
} from './elle/rw-register/rw-register.ts';
export type { TransactionsResult } from './elle/result.ts';

// Echo, unique ids, sets, counters.
export { checkEcho, EchoChecker, type EchoResult } from './replies/echo.ts';
export { checkUniqueIds, UniqueIdsChecker, type UniqueIdsResult } from './replies/unique-ids.ts';
export { checkSetFull, SetFullChecker, type SetFullOptions, type SetFullResult } from './sets/set-full.ts';
export { checkCounter, CounterChecker, type CounterResult } from './counters/counter.ts';
export { checkPnCounter, PnCounterChecker, type PnCounterResult } from './counters/pn-counter.ts';

// Models of elle-cli and of Jepsen's other tests.
export { BankChecker, type BankOptions, type BankResult } from './isolation/bank.ts';
export { CommentsChecker, type CommentsResult } from './isolation/comments.ts';
export { TotalQueueChecker, type TotalQueueResult } from './sets/total-queue.ts';
export { LastReadSetChecker, type LastReadSetResult } from './sets/last-read-set.ts';
export { LongForkChecker, type LongForkOptions, type LongForkResult } from './isolation/long-fork.ts';
export { SequentialChecker, type SequentialResult } from './isolation/sequential.ts';

// Linearizability: registers with compare-and-set, and any sequential model.
export {
  CasRegisterChecker,
  checkCasRegister,
  type CasRegisterOptions,
} from './linearizable/cas-register.ts';
export {
  checkLinearizable,
  LinearizableChecker,
  type LinearizableResult,
} from './linearizable/linearizable.ts';
export {
  fifoQueue,
  mutex,
  register,
  set,
  unorderedQueue,
  type SequentialModel,
  type TextRole,
} from './linearizable/models.ts';

// Logs.
export { checkKafka, KafkaChecker, type KafkaOptions } from './kafka/kafka.ts';
export type { KafkaResult } from './kafka/result.ts';

// The consistency models, and the anomalies that violate them.
export {
  canonicalModelName,
  consistencyModelNames,
  impossibleModels,
  prohibitedAnomalies,
} from './elle/levels/consistency-models.ts';
