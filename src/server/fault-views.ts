/**
 * The stretches of time in which something was broken, read off the nemesis's operations: from `start-partition`, `kill`,
 * `pause` and the like to what ends them. What was done to whom stands in the values of the operations.
 */
import type { NemesisOp } from './history-columns.ts';
import type { FaultView } from './view-types.ts';

/** Pairs whose names do not say by themselves that they belong together. */
const ENDS_OF = new Map([
  ['kill', 'start'],
  ['pause', 'resume'],
]);

interface OpenFault {
  readonly name: string;
  from: number;
  about: string;
  nodes: readonly string[];
}

export function faultViews(ops: readonly NemesisOp[], nodes: readonly string[]): FaultView[] {
  const faults: FaultView[] = [];
  const open = new Map<string, OpenFault>();
  const close = (stop: string, time: number): void => {
    const fault = open.get(stop);
    if (fault === undefined) return;
    open.delete(stop);
    faults.push({ name: fault.name, from: fault.from, to: time, about: fault.about, nodes: fault.nodes });
  };
  for (const { f, time, value } of ops) {
    const stop = stopOf(f);
    if (stop === undefined) {
      close(f, time);
      continue;
    }
    const known = open.get(stop);
    const described = describe(value, nodes);
    // An operation appears twice: as it is asked for, and with what came of it.
    if (known !== undefined && (known.about === '' || described.about === '')) {
      known.about ||= described.about;
      if (known.nodes.length === 0) known.nodes = described.nodes;
      continue;
    }
    if (known !== undefined && known.from === time) {
      known.about = described.about;
      known.nodes = described.nodes;
      continue;
    }
    close(stop, time);
    open.set(stop, { name: f.replace(/^start-/, ''), from: time, ...described });
  }
  for (const { name, from, about, nodes: touched } of open.values())
    faults.push({ name, from, to: null, about, nodes: touched });
  return faults.toSorted((a, b) => a.from - b.from);
}

/** The operation that ends what `f` begins; undefined when it begins nothing. */
function stopOf(f: string): string | undefined {
  if (f.startsWith('start-')) return `stop-${f.slice(6)}`;
  return ENDS_OF.get(f);
}

/** What a value says: the parts of a partition, or the nodes it names. */
function describe(
  value: unknown,
  nodes: readonly string[],
): { readonly about: string; readonly nodes: readonly string[] } {
  if (Array.isArray(value) && value[0] === 'isolated' && isMap(value[1])) {
    const grudge = new Map(Object.entries(value[1]));
    const hears = (node: string): string =>
      nodes.filter((other) => !listOf(grudge.get(node)).includes(other)).join(' ');
    const parts = [...new Set(nodes.map(hears))];
    const isPartition = parts.reduce((count, part) => count + part.split(' ').length, 0) === nodes.length;
    const touched = nodes.filter((node) => grudge.has(node));
    return {
      about: isPartition ? parts.join(' | ') : nodes.map((node) => `${node} hears ${hears(node)}`).join('; '),
      nodes: touched,
    };
  }
  const named = namesIn(value, new Set(nodes));
  const touched = nodes.filter((node) => named.has(node));
  return { about: touched.join(' '), nodes: touched };
}

function namesIn(value: unknown, nodes: ReadonlySet<string>, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value === 'string' && nodes.has(value)) found.add(value);
  else if (Array.isArray(value)) for (const each of value) namesIn(each, nodes, found);
  else if (isMap(value)) for (const key of Object.keys(value)) namesIn(key, nodes, found);
  return found;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
