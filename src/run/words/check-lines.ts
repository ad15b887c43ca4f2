/** One line for each check of a run: its name, its verdict, and a figure. For terminals and pages. */
import type { Validity } from '../../checkers/checker.ts';
import { availabilityFigure } from '../../checkers/outcomes/availability.ts';
import { withoutNote } from '../../checkers/bounded-result.ts';
import { outcomeCounts } from '../../checkers/outcomes/stats.ts';
import { counted } from '../../protocol/count-text.ts';
import { KEPT_WORDS } from './own-words.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { ShownViolation } from '../records/protocol-record.ts';
import type { TestResults } from '../verdict/test-results.ts';
import type { TestSpec } from '../test-spec.ts';

export interface CheckLine {
  /** The key of its result. */
  readonly name: string;
  readonly verdict: Validity;
  /** Such as `29 of 96 elements lost`; empty if there is none. */
  readonly figure: string;
}

/**
 * Returns the lines: the workload first, then the checks that every run has, then the optional ones. `workload` is
 * required if it is defined by the user.
 */
export function checkLines(
  spec: TestSpec,
  results: TestResults,
  workload: Pick<Workload, 'figure'> | undefined = WORKLOADS.get(spec.workload) ?? KEPT_WORDS,
): readonly CheckLine[] {
  const figures: readonly (readonly [keyof TestResults & string, string])[] = [
    ['workload', workloadFigure(results, workload)],
    ['stats', statsFigure(results)],
    ...(spec.availability === undefined ? [] : [['availability', availabilityOf(results)] as const]),
    ['protocol', protocolFigure(results)],
    ['nodes', nodesFigure(results)],
    ['assertions', assertionsFigure(results)],
    ['invariants', invariantsFigure(results)],
    ['liveness', ''],
  ];
  return figures.flatMap(([name, figure]) => {
    const part: unknown = results[name];
    return isJudged(part) ? [{ name, verdict: part['valid?'], figure }] : [];
  });
}

/** Returns the number of messages in words; undefined if unknown. */
export function messagesFigure({ net }: TestResults): string | undefined {
  if (net === undefined) return undefined;
  const { all, servers } = net;
  const perOperation = servers['msgs-per-op'] ?? 0;
  const each = servers['msg-count'] === 0 ? '' : `, ${digits(perOperation)} per operation`;
  return `${counted(all['msg-count'], 'message')}, ${servers['msg-count']} between servers${each}`;
}

const digits = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

const isJudged = (part: unknown): part is { readonly 'valid?': Validity } =>
  typeof part === 'object' && part !== null && 'valid?' in part;

function workloadFigure(
  { workload: result, stats }: TestResults,
  workload: Pick<Workload, 'figure'> | undefined,
): string {
  if (result === undefined) return '';
  if (typeof result['error'] === 'string') return 'no verdict';
  // A history without a successful operation violates nothing, and proves nothing.
  if (result['valid?'] !== false && stats?.['ok-count'] === 0) return 'nothing to judge';
  return workload?.figure?.(result) ?? '';
}

function statsFigure({ stats }: TestResults): string {
  if (stats?.count === undefined) return '';
  const { count, inDoubt, ok, failed } = outcomeCounts(stats);
  const rest = [
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(inDoubt === 0 ? [] : [`${inDoubt} in doubt`]),
  ];
  return [`${ok} of ${counted(count, 'operation')} succeeded`, ...rest].join(', ');
}

const availabilityOf = ({ availability }: TestResults): string =>
  (availability && availabilityFigure(availability)) ?? '';

function protocolFigure({ protocol }: TestResults): string {
  return [
    ...timesOf(protocol?.violations ?? [], 'violation'),
    ...timesOf(protocol?.warnings ?? [], 'warning'),
  ].join(', ');
}

/** `14 violations`, or `14 violations of 2 kinds`. Kinds are counted over all nodes, since they run the same program. */
function timesOf(list: readonly ShownViolation[], noun: string): readonly string[] {
  const entries = withoutNote(list);
  if (entries.length === 0) return [];
  const kinds = new Set(entries.map(({ kind }) => kind)).size;
  const times = entries.reduce((sum, { count }) => sum + count, 0);
  return [`${counted(times, noun)}${kinds === 1 ? '' : ` of ${kinds} kinds`}`];
}

function nodesFigure({ nodes }: TestResults): string {
  const problems = withoutNote(nodes?.problems ?? []);
  return problems.length === 0 ? '' : counted(problems.length, 'problem');
}

function assertionsFigure({ assertions }: TestResults): string {
  const all = assertions?.assertions ?? [];
  const came = all.filter(({ count }) => count > 0).length;
  return `${came} of ${all.length} came`;
}

function invariantsFigure({ invariants }: TestResults): string {
  if (invariants === undefined) return '';
  const { failures, checks } = invariants;
  return failures.length > 0 ? `${failures.length} broken` : `asked ${counted(checks, 'time')}`;
}
