/**
 * Maelstrom as a library: run a test, read its results, or define your own workloads, faults and services.
 *
 *     import { runTest } from 'maelstrom';
 *
 *     const { results, folder } = await runTest({ workload: 'echo', bin: 'echo.ts', timeLimitSeconds: 5 });
 *     if (results['valid?'] !== true) throw new Error(`see ${folder}`);
 *
 * The SDK for nodes is `maelstrom/node`, the checkers are `maelstrom/checkers`.
 */

// Run tests.
export { runTest } from './harness/one-test/run-test.ts';
export type { RunTestOptions } from './harness/settings/check-settings.ts';
export type { TestSettings } from './harness/settings/spec-defaults.ts';
export type { StoredResults } from './harness/one-test/running-test.ts';
export type { TestSpec } from './run/test-spec.ts';
export type { LatencySpec, RegionalLatency } from './network/rules/latency.ts';
export type { SteadyConditions } from './run/cluster/steady-conditions.ts';
export type { ClusterView, NodeCondition } from './run/cluster/cluster-view.ts';
export type { Invariant, Situation } from './run/invariants/invariant-watch.ts';
export type { FaultStrengths } from './nemesis/fault-strengths.ts';
export type { TestResults } from './run/verdict/analysis.ts';

// Read stored runs: const { results } = openRun('store/latest').
export { openRun, type StoredRun } from './store/open-run.ts';
export type { TestFile } from './store/test-file.ts';
export type { HistoryReading } from './history/reading/read-history.ts';
export type { Op, OpType, Process } from './history/op.ts';
export type { Journal, JournalEvent, JournalReader } from './network/journal/journal.ts';

// Define your own workloads, faults, services and topologies. docs/your-own.md has examples.
export {
  defineWorkload,
  optional,
  nextOperations,
  onOps,
  linearizable,
  defineFault,
  defineService,
  serviceError,
  any,
  flipFlop,
  mix,
  prefer,
  nothing,
  one,
  repeatedly,
  unfold,
  concat,
  cycle,
  limit,
  once,
  phases,
  repeat,
  sequence,
  delay,
  sleep,
  stagger,
  timeLimit,
  eachThread,
  onThreads,
  processLimit,
  reserve,
  keyedGroups,
  completionOf,
  readOf,
  WRITE,
  WORKLOADS,
  busiest,
  anyJson,
  defineRpc,
  integer,
  UserError,
} from './own/index.ts';
export type {
  OwnOperation,
  OwnWorkload,
  Example,
  Examples,
  Like,
  Ended,
  IdleClient,
  Operation,
  Wrong,
  Model,
  Judge,
  DefinedFault,
  Fate,
  FaultControl,
  FaultScope,
  OwnFault,
  SentMessage,
  Consistency,
  DefinedService,
  OwnService,
  ServiceReply,
  ServiceRequest,
  OwnTopology,
  OpTemplate,
  Generator,
  GeneratorContext,
  CompletionRule,
  Client,
  ClientLink,
  Completion,
  Invocation,
  PreparedWorkload,
  Reply,
  Workload,
  WorkloadOptions,
  NodeActivity,
  ReplyOf,
  RequestOf,
  RpcDefinition,
  Json,
  JsonObject,
  Checker,
  CheckResult,
  ResultValue,
  Validity,
  Evidence,
} from './own/index.ts';
