/**
 * What `maelstrom` exports for definitions of one's own: a workload, a fault, a service. The user's files that take
 * part in a run import them under that name.
 */

// A workload: operations, what clients do next, how the history is judged.
export { defineWorkload, type OwnOperation, type OwnWorkload } from './define-workload.ts';
export { optional, type Example, type Examples, type Like } from './examples.ts';
export { nextOperations, type Ended, type IdleClient } from './next-operations.ts';
export { onOps, type Operation, type Wrong } from './on-ops.ts';
export { linearizable, type Model } from './linearizable.ts';
export type { Judge } from './judge.ts';

// A fault, a service, a topology.
export {
  defineFault,
  type DefinedFault,
  type Fate,
  type FaultControl,
  type FaultScope,
  type OwnFault,
  type SentMessage,
} from './define-fault.ts';
export {
  defineService,
  serviceError,
  type Consistency,
  type DefinedService,
  type OwnService,
  type ServiceReply,
  type ServiceRequest,
} from './define-service.ts';
export type { OwnTopology } from './own-topology.ts';

// What clients do, composed of parts; see generator.ts.
export { any, flipFlop, mix, prefer } from '../generator/choosing.ts';
export { nothing, one, repeatedly, unfold, type OpTemplate } from '../generator/operations.ts';
export { concat, cycle, limit, once, phases, repeat, sequence } from '../generator/ordering.ts';
export { delay, sleep, stagger, timeLimit } from '../generator/pacing.ts';
export { eachThread, onThreads, processLimit, reserve } from '../generator/threads.ts';
export { keyedGroups } from '../generator/keyed-groups.ts';
export type { Generator, GeneratorContext } from '../generator/generator.ts';

// A workload down to its messages: an object of type Workload.
export { completionOf, readOf, WRITE, type CompletionRule } from '../workloads/completion.ts';
export { WORKLOADS } from '../workloads/index.ts';
export type {
  Client,
  ClientLink,
  Completion,
  Invocation,
  PreparedWorkload,
  Reply,
  Workload,
  WorkloadOptions,
} from '../workloads/workload.ts';
export { busiest } from '../workloads/primary.ts';
export type { NodeActivity } from '../network/node-activity.ts';
export {
  anyJson,
  defineRpc,
  integer,
  type ReplyOf,
  type RequestOf,
  type RpcDefinition,
} from '../protocol/rpc/rpc.ts';
export type { Json, JsonObject } from '../protocol/json.ts';
export type { Checker, CheckResult, ResultValue, Validity } from '../checkers/checker.ts';
export type { Evidence } from '../checkers/evidence.ts';
export { UserError } from '../protocol/user-error.ts';
