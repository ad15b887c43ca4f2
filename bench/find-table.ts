/** The table of bench/find.ts, from its results. */
import type { HuntedExample } from '../test/support/hunted-examples.ts';

/** A line of the file of results. */
export interface Found {
  readonly program: string;
  /** Number of the hunt, or `explore`. */
  readonly hunt: string;
  /** Number of runs up to and including the first failure. */
  readonly runs: number;
  /** CPU time of the whole process until then, including its start. */
  readonly cpuSeconds?: number;
  /** Empty if no run failed. */
  readonly signature: readonly string[];
  readonly operations?: number;
  readonly messages?: number;
  readonly small?: SmallRun;
}

interface SmallRun {
  readonly operations: number;
  readonly faults: number;
  readonly exceptions: number;
  readonly nodes: number;
  /** Messages between servers. */
  readonly serverMessages: number;
  readonly steps: number;
  /** Number of its steps about messages between servers. */
  readonly told: number;
  /** Number of runs that shrinking took. */
  readonly runs: number;
  readonly cpuSeconds: number;
}

const HEAD = `| program | hunts | runs until found | CPU until found | found: operations, messages | story: operations | faults | lost, late, doubled | messages between servers | steps of the story with messages | steps | to make it small: CPU | explore |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |`;

/** Returns the name of a program in results: that of its file, and whether it has invariants. */
export function nameOf({ program, settings }: HuntedExample): string {
  const name = program.replace('broken/', '').replace('.ts', '');
  return settings?.invariants === undefined ? name : `${name}, with invariants`;
}

/** Returns the table: medians, with maxima in brackets. */
export function findTable(names: readonly string[], all: readonly Found[]): string {
  const rows = names.flatMap((name) => {
    const lines = all.filter(({ program }) => program === name);
    return lines.length === 0 ? [] : [row(name, lines)];
  });
  return [HEAD, ...rows].join('\n');
}

function row(name: string, lines: readonly Found[]): string {
  const hunts = lines.filter(({ hunt }) => hunt !== 'explore');
  const found = hunts.filter(({ signature }) => signature.length > 0);
  const small = found.flatMap((line) => line.small ?? []);
  const seconds = (values: readonly number[]): string => cell(values, (value) => `${value.toFixed(1)} s`);
  const explored = lines.find(({ hunt }) => hunt === 'explore');
  const cells = [
    name,
    found.length === hunts.length ? String(hunts.length) : `${found.length} of ${hunts.length}`,
    cell(found.map(({ runs }) => runs)),
    seconds(found.flatMap(({ cpuSeconds }) => cpuSeconds ?? [])),
    `${cell(found.map(({ operations = 0 }) => operations))}, ${cell(found.map(({ messages = 0 }) => messages))}`,
    cell(small.map(({ operations }) => operations)),
    cell(small.map(({ faults }) => faults)),
    cell(small.map(({ exceptions }) => exceptions)),
    cell(small.map(({ serverMessages }) => serverMessages)),
    cell(small.map(({ told }) => told)),
    cell(small.map(({ steps }) => steps)),
    seconds(small.map(({ cpuSeconds }) => cpuSeconds)),
    explored === undefined ? '' : exploredCell(explored),
  ];
  return `| ${cells.join(' | ')} |`;
}

const exploredCell = ({ signature, runs }: Found): string =>
  signature.length === 0 ? `not within ${runs}` : String(runs);

function cell(values: readonly number[], text: (value: number) => string = String): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [middle, most] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)];
  if (middle === undefined || most === undefined) return '';
  return middle === most ? text(most) : `${text(middle)} (${text(most)})`;
}
