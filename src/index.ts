/**
 * Maelstrom from a program: run a test, look at what came of it, or define a workload of your own.
 *
 *     import { runTest } from 'maelstrom';
 *
 *     const { results, folder } = await runTest({ workload: 'echo', bin: 'echo.ts', timeLimitSeconds: 5 });
 *     if (results['valid?'] !== true) throw new Error(`see ${folder}`);
 *
 * The SDK for nodes is `maelstrom/node`, the checkers are `maelstrom/checkers`.
 */

// Run tests.
export { runTest } from './harness/run-test.ts';
export type { RunTestOptions } from './harness/check-settings.ts';
export type { TestSettings } from './harness/spec-defaults.ts';
export type { StoredResults } from './harness/running-test.ts';
export type { TestSpec } from './run/test-spec.ts';
export type { LatencySpec, RegionalLatency } from './network/latency.ts';
export type { SteadyConditions } from './run/steady-conditions.ts';
export type { ClusterView, NodeCondition } from './run/cluster-view.ts';
export type { Invariant, Situation } from './run/invariant-watch.ts';
export type { FaultStrengths } from './nemesis/fault-strengths.ts';
export type { TestResults } from './run/analysis.ts';
export { UserError } from './protocol/user-error.ts';

// Read stored runs: const { results } = openRun('store/latest').
export { openRun, type StoredRun } from './store/open-run.ts';
export type { TestFile } from './store/test-file.ts';
export type { HistoryReading } from './history/read-history.ts';
export type { Op, OpType, Process } from './history/op.ts';
export type { Journal, JournalEvent, JournalReader } from './network/journal.ts';

// Define a workload: an object of type Workload, given to runTest as `workload`.
export { WORKLOADS } from './workloads/index.ts';
export type { NodeActivity } from './network/node-activity.ts';
export type {
  Client,
  ClientLink,
  Completion,
  Invocation,
  PreparedWorkload,
  Reply,
  Workload,
  WorkloadOptions,
} from './workloads/workload.ts';
export {
  anyJson,
  defineRpc,
  integer,
  type ReplyOf,
  type RequestOf,
  type RpcDefinition,
} from './protocol/rpc.ts';
export type { Json, JsonObject } from './protocol/json.ts';
export type { Checker, CheckResult, ResultValue, Validity } from './checkers/checker.ts';
