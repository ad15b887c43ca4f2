/**
 * What the results say went wrong, and which operations show it. Results hold operations as objects with `index`, or
 * (Elle) transactions; whatever has an index is a place to look at.
 */

export interface Suspect {
  /** Where it stands in the results: `workload.lost`. */
  readonly path: string;
  readonly title: string;
  /** Positions in the history, in order. */
  readonly operations: readonly number[];
}

const MOST_SUSPECTS = 200;
const MOST_OPERATIONS = 400;
/** Parts of results that describe rather than show what is wrong. */
const NOT_FAULTS = new Set([
  'worst-stale',
  'by-f',
  'stats',
  'perf',
  'timeline',
  'exceptions',
  'net',
  'availability',
]);

export function suspectsIn(results: unknown): Suspect[] {
  const suspects: Suspect[] = [];
  walk(results, '', suspects);
  return suspects;
}

function walk(value: unknown, path: string, suspects: Suspect[]): void {
  if (!isMap(value) || value['valid?'] === true) return;
  for (const [key, part] of Object.entries(value)) {
    if (suspects.length >= MOST_SUSPECTS) return;
    if (NOT_FAULTS.has(key) || key === 'valid?') continue;
    const here = path === '' ? key : `${path}.${key}`;
    if (isMap(part) && 'valid?' in part) walk(part, here, suspects);
    else if (isMap(part) && key === 'anomalies') {
      for (const [name, found] of Object.entries(part)) addEach(name, found, `${here}.${name}`, suspects);
    } else if (isMap(part) && /^(results|failures|subhistories)$/.test(key))
      walk({ ...part }, here, suspects);
    else addEach(key, part, here, suspects);
  }
}

/** A list of things that each show something: one for each; otherwise one for all. */
function addEach(name: string, value: unknown, path: string, suspects: Suspect[]): void {
  const items = Array.isArray(value) && value.every((item) => !isOperation(item)) ? value : [value];
  for (const [number, item] of items.entries()) {
    const operations = operationsIn(item);
    if (operations.length === 0) continue;
    if (suspects.length >= MOST_SUSPECTS) return;
    const title = items.length > 1 ? `${name} ${number + 1} of ${items.length}` : name;
    suspects.push({
      path: items.length > 1 ? `${path}[${number}]` : path,
      title: title + about(item, name),
      operations,
    });
  }
}

/** A word or two on what it is about: an element, a key, a message. */
function about(item: unknown, name: string): string {
  if (!isMap(item)) return '';
  for (const key of ['message', 'element', 'key', 'value', 'type', 'f']) {
    const value = item[key];
    if (value === name) continue;
    if (typeof value === 'string' || typeof value === 'number')
      return `: ${key} ${String(value).slice(0, 120)}`;
  }
  return '';
}

function operationsIn(value: unknown, found = new Set<number>(), depth = 0): number[] {
  if (depth > 12 || found.size >= MOST_OPERATIONS) return [...found];
  if (Array.isArray(value)) for (const item of value) operationsIn(item, found, depth + 1);
  else if (isMap(value)) {
    if (isOperation(value)) found.add(Number(value['index']));
    else for (const item of Object.values(value)) operationsIn(item, found, depth + 1);
  }
  return [...found].toSorted((a, b) => a - b);
}

function isOperation(value: unknown): boolean {
  return isMap(value) && Number.isInteger(value['index']) && 'process' in value;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
