/**
 * `maelstrom/checkers`: judge histories, here or in a browser. No I/O, no clock, no dependencies.
 *
 *     import { checkSetFull } from 'maelstrom/checkers';
 *
 *     const result = checkSetFull(ops);
 *     if (result['valid?'] === false) console.log(result.lost);
 *
 * Every `check...` function takes the operations of a history, in order of index. The classes do the same while the
 * history grows: `observe(op)` for each, then `result()`.
 */

// What goes in and what comes out.
export { mergeValidity } from './checker.ts';
export type { Budget, Checker, CheckResult, ResultValue, Validity } from './checker.ts';
export type { Op, OpType, Process } from '../history/op.ts';

// Any history.
export { AvailabilityChecker, checkAvailability, type AvailabilityOptions } from './availability.ts';
export { checkStats, StatsChecker, type StatsOptions } from './stats.ts';

// Echo, unique ids, sets, counters.
export { checkEcho, EchoChecker } from './echo.ts';
export { checkUniqueIds, UniqueIdsChecker } from './unique-ids.ts';
export { checkSetFull, SetFullChecker, type SetFullOptions } from './set-full.ts';
export { checkCounter, CounterChecker } from './counter.ts';
export { checkPnCounter, PnCounterChecker } from './pn-counter.ts';

// Linearizability: registers with compare-and-set, and any sequential model.
export {
  CasRegisterChecker,
  checkCasRegister,
  type CasRegisterOptions,
} from './linearizable/cas-register.ts';
export { checkLinearizable, LinearizableChecker } from './linearizable/linearizable.ts';
export {
  fifoQueue,
  mutex,
  register,
  set,
  unorderedQueue,
  type SequentialModel,
} from './linearizable/models.ts';

// Logs.
export { checkKafka, KafkaChecker, type KafkaOptions } from './kafka/kafka.ts';

// Which consistency models there are, and which anomalies break them.
export {
  canonicalModelName,
  consistencyModelNames,
  impossibleModels,
  prohibitedAnomalies,
} from './elle/consistency-models.ts';
