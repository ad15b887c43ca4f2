/**
 * What is wrong with the links, from `--loss`, `--duplicate`, `--reorder`, `--slow` and `--flap`: how strong the faults of
 * that name are, when `--nemesis` or a fault script names them. A loss or duplication that nobody names is there for the
 * whole run.
 */
import type { FaultStrengths } from '../../nemesis/fault-strengths.ts';
import type { Slowness } from '../../network/link-rules.ts';
import { largestMeanMs, type LatencySpec } from '../../network/latency.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { SteadyConditions } from '../../run/steady-conditions.ts';
import { parseDuration, parseDurationRange } from '../words/parse-duration.ts';

/** The options, as text; undefined where they were not given. */
export interface FaultOptions {
  readonly loss?: string;
  readonly duplicate?: string;
  readonly reorder?: string;
  readonly slow?: string;
  readonly flap?: string;
}

export interface LinkConditions {
  readonly steady?: SteadyConditions;
  readonly faultStrengths?: Partial<FaultStrengths>;
}

const LEAST_PERIOD_MS = 2;
const LARGEST_FACTOR = 1000;

/** `named` are the faults that will happen. */
export function readLinkConditions(
  options: FaultOptions,
  named: readonly string[],
  latency: LatencySpec,
): LinkConditions {
  const { loss, duplicate, reorder, slow, flap } = options;
  const probabilities = {
    ...(loss === undefined ? {} : { loss: parseProbability('--loss', loss) }),
    ...(duplicate === undefined ? {} : { duplicate: parseProbability('--duplicate', duplicate) }),
  };
  const of = (wanted: boolean): SteadyConditions =>
    Object.fromEntries(Object.entries(probabilities).filter(([name]) => named.includes(name) === wanted));
  const steady = of(false);
  const faultStrengths: Partial<FaultStrengths> = {
    ...of(true),
    ...(reorder === undefined
      ? {}
      : { reorder: parseProbability('--reorder', requireFault('reorder', reorder, named)) }),
    ...(slow === undefined ? {} : { slow: parseSlowness(requireFault('slow', slow, named), latency) }),
    ...(flap === undefined ? {} : { flapPeriodMs: parsePeriod(requireFault('flap', flap, named)) }),
  };
  return {
    ...(isEmpty(steady) ? {} : { steady }),
    ...(isEmpty(faultStrengths) ? {} : { faultStrengths }),
  };
}

const isEmpty = (object: object): boolean => Object.keys(object).length === 0;

/** Without the fault, how strong it is would mean nothing. */
function requireFault(name: string, text: string, named: readonly string[]): string {
  if (named.includes(name)) return text;
  const all = [...named, name].join(',');
  throw new UserError(
    `--${name} ${text} says how strong the fault ${name} is, but nothing asks for that fault.`,
    `Add --nemesis ${all}.`,
  );
}

function parseProbability(option: string, text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  const percent = /^(\d+\.?\d*|\.\d+)\s*%?$/.exec(text.trim())?.[1];
  throw new UserError(
    `${option} must be a probability from 0 to 1, but is ${JSON.stringify(text)}.`,
    percent !== undefined && Number(percent) <= 100
      ? `For ${percent} per cent: ${option} ${Number((Number(percent) / 100).toPrecision(12))}`
      : undefined,
  );
}

function parseSlowness(text: string, latency: LatencySpec): Slowness {
  if (text.includes('..')) return { kind: 'range', ...parseDurationRange('--slow', text) };
  const factor = /^(\d+\.?\d*|\.\d+)x$/i.exec(text.trim())?.[1];
  if (factor === undefined) {
    const single = /^[\d.]+\s*m?s$/.test(text.trim())
      ? `Always the same: --slow ${text}..${text}`
      : undefined;
    throw new UserError(
      `--slow must be a factor such as 20x, or a range of times such as 50ms..2s, but is ${JSON.stringify(text)}.`,
      single,
    );
  }
  if (Number(factor) < 1 || Number(factor) > LARGEST_FACTOR) {
    throw new UserError(`--slow must be a factor from 1x to ${LARGEST_FACTOR}x, but is ${text}.`);
  }
  if (largestMeanMs(latency) === 0) {
    throw new UserError(
      `--slow ${text} makes nothing slower: messages take no time at all, and ${text} of that is nothing.`,
      'Give a latency as well, such as --latency 10, or a range of times, such as --slow 50ms..2s.',
    );
  }
  return { kind: 'factor', factor: Number(factor) };
}

function parsePeriod(text: string): number {
  const periodMs = parseDuration('--flap', text);
  if (periodMs >= LEAST_PERIOD_MS) return periodMs;
  throw new UserError(`--flap must be a time of at least ${LEAST_PERIOD_MS}ms, but is ${text}.`);
}
