/** The figures of a run that assignments limit. */
import type { TestResults } from '../../run/verdict/test-results.ts';
import { LIMIT_NAMES, type Limits } from './assignment.ts';

/** The measured figures; absent if not measured. */
export type Figures = Limits;

export function figuresOf({ net, workload }: TestResults): Figures {
  const messagesPerOperation = net?.servers['msgs-per-op'];
  const latencies = fieldOf(workload, 'stable-latencies');
  const medianMs = numberOf(latencies, '0.5');
  const maximumMs = numberOf(latencies, '1');
  return {
    ...(typeof messagesPerOperation === 'number' ? { messagesPerOperation } : {}),
    ...(medianMs === undefined ? {} : { medianMs }),
    ...(maximumMs === undefined ? {} : { maximumMs }),
  };
}

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

function numberOf(value: unknown, key: string): number | undefined {
  const field = fieldOf(value, key);
  return typeof field === 'number' ? field : undefined;
}

/** Returns the maximum of each figure: a program is graded by its worst run. */
export function worstOf(all: readonly Figures[]): Figures {
  return Object.fromEntries(
    LIMIT_NAMES.flatMap((name) => {
      const values = all.flatMap((figures) => figures[name] ?? []);
      return values.length === 0 ? [] : [[name, Math.max(...values)]];
    }),
  );
}

/** Describes each figure that is not below its limit, or was not measured. */
export function beyondLimits(figures: Figures, limits: Limits): readonly string[] {
  return LIMIT_NAMES.flatMap((name) => {
    const limit = limits[name];
    const value = figures[name];
    if (limit === undefined || (value !== undefined && value < limit)) return [];
    const seen = value === undefined ? 'not measured' : textOf(name, value);
    return [`${NAMES[name]}: ${seen}, to be below ${textOf(name, limit)}`];
  });
}

/** Whether a latency is beyond its limit. */
export const isTooSlow = (figures: Figures, limits: Limits): boolean =>
  (['medianMs', 'maximumMs'] as const).some((name) => (figures[name] ?? 0) >= (limits[name] ?? Infinity));

/** Returns a cell such as `24.1 < 30` for each limited figure, and '' for the others. */
export function figureCells(figures: Figures, limits: Limits): readonly string[] {
  return LIMIT_NAMES.map((name) => {
    const limit = limits[name];
    const value = figures[name];
    if (limit === undefined) return '';
    if (value === undefined) return `- < ${textOf(name, limit)}`;
    return `${textOf(name, value)} ${value < limit ? '<' : '>='} ${textOf(name, limit)}`;
  });
}

const NAMES: Readonly<Record<keyof Limits, string>> = {
  messagesPerOperation: 'messages between nodes per operation',
  medianMs: 'median latency',
  maximumMs: 'maximum latency',
};

function textOf(name: keyof Limits, value: number): string {
  if (name === 'messagesPerOperation') return Number.isInteger(value) ? String(value) : value.toFixed(1);
  return `${Math.round(value)} ms`;
}
