/**
 * The EDN types of results: for each checker the type of each key, as upstream has it, and our own additions. A new key of a
 * result is declared in shapes/; `test/conformance/result-types.test.ts` finds missing ones.
 */
import { boundedResult } from '../../checkers/bounded-result.ts';
import type { CheckResult } from '../../checkers/checker.ts';
import type { Edn } from '../../edn/edn-value.ts';
import type { Form } from './result-form.ts';
import { loose, type Shape } from './shaped-edn.ts';
import { boundedCounter, counter } from './shapes/counter-shapes.ts';
import { bank, comments, longFork, sequential } from './shapes/isolation-shapes.ts';
import { kafka } from './shapes/kafka-shapes.ts';
import { casRegister, keyResult, linKv, linearizable } from './shapes/linearizable-shapes.ts';
import { echo, uniqueIds } from './shapes/reply-shapes.ts';
import { run, stats } from './shapes/run-shapes.ts';
import { lastReadSet, setFull, totalQueue } from './shapes/set-shapes.ts';
import { listAppend, rwRegister } from './shapes/transaction-shapes.ts';

/** Indexed by name of the workload or of the model. */
const CHECKERS: ReadonlyMap<string, Shape> = new Map([
  ['echo', echo],
  ['unique-ids', uniqueIds],
  ['broadcast', setFull],
  ['g-set', setFull],
  ['set-full', setFull],
  ['set', lastReadSet],
  ['g-counter', counter],
  ['pn-counter', counter],
  ['counter', boundedCounter],
  ['kafka', kafka],
  ['lin-kv', linKv],
  ['txn-list-append', listAppend],
  ['list-append', listAppend],
  ['txn-rw-register', rwRegister],
  ['rw-register', rwRegister],
  ['cas-register', casRegister],
  ['stats', stats],
  ['total-queue', totalQueue],
  ['bank', bank],
  ['long-fork', longFork],
  ['comments', comments],
  ['sequential', sequential],
  ...['mutex', 'register', 'kv', 'fifo-queue', 'unordered-queue', 'linearizable-set'].map(
    (name) => [name, casRegister] as const,
  ),
]);

/** Returns the form of a whole run's results, without the workload's. */
export const runForm = (): Form => run(loose).form;

/** Returns the forms declared above, indexed by name of the workload or of the model. */
export const resultForms = (): ReadonlyMap<string, Form> =>
  new Map([...CHECKERS].map(([name, { form }]) => [name, form]));

/**
 * Converts a result to EDN: of a run of that workload (with a part `workload`), or of a checker of that name. If the
 * checker is unknown, keys become keywords and values stay as they are. Appends deviations from the declared shape to
 * `odd`.
 */
export function resultsToEdn(results: CheckResult, checker = '', odd: string[] = []): Edn {
  const shape = CHECKERS.get(checker) ?? loose;
  return ('workload' in results ? run(shape) : shape)(boundedResult(results), { path: [], odd });
}

/**
 * Converts the result for one of the keys that a workload judges separately, or the whole result if there are no keys.
 */
export function keyResultToEdn(results: CheckResult): Edn {
  return ('linearizable' in results ? keyResult : linearizable)(results, { path: [], odd: [] });
}
