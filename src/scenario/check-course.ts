/**
 * Checks that the threads, operations, nodes, faults and fault targets of a course exist. Scenarios are written to be
 * edited, so mistakes are reported before anything runs.
 */
import { ADD_MEMBER, faultOf, MEMBERSHIP, operationsOf, REMOVE_MEMBER } from '../nemesis/fault-operations.ts';
import { FAULT_KINDS } from '../nemesis/fault-registry.ts';
import type { FaultKind } from '../nemesis/fault.ts';
import { TARGETED_SHAPES } from '../nemesis/faults/one-way-cut.ts';
import { isListOfNodes, NODE_TARGET } from '../nemesis/script-target.ts';
import { TARGET_WORDS } from '../nemesis/targets.ts';
import type { Json } from '../protocol/json.ts';
import { didYouMean } from '../protocol/nearest.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import type { Course, FaultOp } from '../run/course.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';

/**
 * Checks the course of `spec`. Throws a UserError that begins with `source` and names the entry, its value and what is
 * expected.
 */
export function checkCourse(spec: TestSpec, workload: Workload, source: string): void {
  const { course } = spec;
  if (course === undefined) return;
  checkThreads(spec, course, source);
  checkOperations(workload, course, source);
  const faults = [...(course.faults ?? []), ...(course.healing ?? [])];
  const own = spec.faultFiles?.map(({ name }) => name) ?? [];
  // When nodes may join, their names are known only during the run.
  const nodes = faults.some(({ f }) => kindOf(f)?.name === MEMBERSHIP) ? undefined : spec.nodes;
  for (const list of ['faults', 'healing'] as const) {
    for (const [at, op] of (course[list] ?? []).entries())
      checkFault(op, { nodes, own }, `${source}: ${list}[${at}]`);
  }
}

function checkThreads({ concurrency, nodes }: TestSpec, course: Course, source: string): void {
  for (const list of ['ops', 'finalOps'] as const) {
    for (const [at, { thread }] of course[list].entries()) {
      if (typeof thread === 'number' && thread < concurrency) continue;
      throw new UserError(
        `${source}: ${list}[${at}].thread is ${thread}, but there are ${concurrency} clients, from 0 to ${concurrency - 1}.`,
        'To have more clients, raise the setting concurrency.',
      );
    }
  }
  const unknown = course.threads?.find((node) => !nodes.includes(node));
  if (unknown === undefined || course.faults?.some(({ f }) => kindOf(f)?.name === MEMBERSHIP) === true)
    return;
  throw new UserError(
    `${source}: threads names ${shown(unknown)}, which is not a node.${didYouMean(unknown, nodes)}`,
    `The nodes are ${nodes.join(', ')}.`,
  );
}

function checkOperations({ name, operations }: Workload, course: Course, source: string): void {
  if (operations === undefined) return;
  const known = operations.map(({ f }) => f);
  for (const list of ['ops', 'finalOps'] as const) {
    for (const [at, { f, value }] of course[list].entries()) {
      const place = `${source}: ${list}[${at}]`;
      const form = operations.find((one) => one.f === f);
      if (form === undefined) {
        throw new UserError(
          `${place}.f is ${shown(f)}, which is not an operation of ${name}.${didYouMean(f, known)}`,
          `There are: ${known.join(', ')}.`,
        );
      }
      if (form.accepts(value)) continue;
      throw new UserError(`${place}.value is ${shown(value)}; expected for ${f} ${form.expected}.`);
    }
  }
}

const kindOf = (f: string): FaultKind | undefined => FAULT_KINDS.find(({ name }) => name === faultOf(f));

interface Known {
  /** Undefined if nodes may join. */
  readonly nodes: readonly string[] | undefined;
  /** Names of the user's own faults. */
  readonly own: readonly string[];
}

function checkFault({ f, value }: FaultOp, { nodes, own }: Known, place: string): void {
  const operations = own.map(operationsOf);
  const there = nodes ?? namesIn(value);
  if (operations.some(({ stop }) => stop === f)) return;
  if (operations.some(({ start }) => start === f)) {
    if (NODE_TARGET.accepts(value, there) || isDrawn(value, there)) return;
    throw new UserError(
      `${place}.value is ${shown(value)}; expected for ${faultOf(f)} ${NODE_TARGET.expected}.`,
    );
  }
  const kind = kindOf(f);
  if (kind === undefined || !operationsOfKind(kind).includes(f)) {
    const known = [
      ...FAULT_KINDS.flatMap(operationsOfKind),
      ...operations.flatMap(({ start, stop }) => [start, stop]),
    ];
    throw new UserError(
      `${place}.f is ${shown(f)}, which is not an operation of any fault.${didYouMean(f, known)}`,
      `There are: ${known.join(', ')}.`,
    );
  }
  if (kind.kind === 'change' || f === operationsOf(kind.name).stop) return;
  if (kind.scriptTarget.accepts(value, there) || isDrawn(value, there)) return;
  const which = nodes === undefined ? '' : ` The nodes are ${nodes.join(', ')}.`;
  throw new UserError(
    `${place}.value is ${shown(value)}; expected for ${kind.name} ${kind.scriptTarget.expected}.${which}`,
  );
}

function operationsOfKind({ kind, name }: FaultKind): readonly string[] {
  if (kind === 'change') return [ADD_MEMBER, REMOVE_MEMBER];
  const { start, stop } = operationsOf(name);
  return [start, stop];
}

/**
 * True for a target that the fault can resolve itself: null for any nodes, a word for nodes, a list of nodes, or a
 * shape with one of these.
 */
function isDrawn(value: Json, nodes: readonly string[]): boolean {
  if (value === null || TARGET_WORDS.some((word) => word === value) || isListOfNodes(value, nodes))
    return true;
  if (!Array.isArray(value)) return false;
  const [shape, target = null, ...others] = value;
  return (
    typeof shape === 'string' &&
    others.length === 0 &&
    ['link', ...TARGETED_SHAPES].includes(shape) &&
    isDrawn(target, nodes)
  );
}

/** Returns all strings within a value, keys included. */
function namesIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap(namesIn)
    : [...Object.keys(value), ...Object.values(value).flatMap(namesIn)];
}

const shown = (value: Json): string => shownText(JSON.stringify(value), 200);
