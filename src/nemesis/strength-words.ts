/**
 * Parses the strength of a fault as written in options and fault scripts: `0.3`, `20x`, `50ms..2s`, `+1s,0%..5%`.
 *
 * Every parser throws a UserError that says where the text is, what was expected, and what was seen.
 */
import type { Slowness } from '../network/rules/link-rules.ts';
import { largestMeanMs, type LatencySpec } from '../network/rules/latency.ts';
import { UserError } from '../protocol/user-error.ts';
import type { SkewSize, SkewSpan } from './fault-strengths.ts';
import { parseDuration, parseDurationRange } from './parse-duration.ts';

export interface StrengthWords {
  readonly text: string;
  /** Begins a sentence about it: `--slow`, or `story.json: entry 2: the strength of slow`. */
  readonly subject: string;
  /** Returns how another strength would be written in its place: `--slow 20x`. */
  readonly write: (text: string) => string;
}

const LEAST_PERIOD_MS = 2;
const LARGEST_FACTOR = 1000;
const LEAST_JUMP_MS = 1;
/** In per cent. */
const LARGEST_DRIFT = 50;

export function readProbability({ text, subject, write }: StrengthWords): number {
  const value = /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  const percent = /^(\d+\.?\d*|\.\d+)\s*%?$/.exec(text.trim())?.[1];
  throw new UserError(
    `${subject} must be a probability from 0 to 1, but is ${JSON.stringify(text)}.`,
    percent !== undefined && Number(percent) <= 100
      ? `For ${percent} percent: ${write(String(Number((Number(percent) / 100).toPrecision(12))))}`
      : undefined,
  );
}

export function readSlowness(words: StrengthWords, latency: LatencySpec): Slowness {
  const { text, subject, write } = words;
  if (text.includes('..')) return { kind: 'range', ...parseDurationRange(subject, text) };
  const factor = /^(\d+\.?\d*|\.\d+)x$/i.exec(text.trim())?.[1];
  if (factor === undefined) {
    const single = /^[\d.]+\s*m?s$/.test(text.trim())
      ? `For a fixed value: ${write(`${text}..${text}`)}`
      : undefined;
    throw new UserError(
      `${subject} must be a factor such as 20x, or a range of times such as 50ms..2s, but is ${JSON.stringify(text)}.`,
      single,
    );
  }
  if (Number(factor) < 1 || Number(factor) > LARGEST_FACTOR) {
    throw new UserError(`${subject} must be a factor from 1x to ${LARGEST_FACTOR}x, but is ${text}.`);
  }
  if (largestMeanMs(latency) === 0) {
    throw new UserError(
      `${subject} ${text} slows nothing down: messages have no latency, and ${text} of that is still zero.`,
      `Add a latency, such as --latency 10, or give a range of times, such as ${write('50ms..2s')}.`,
    );
  }
  return { kind: 'factor', factor: Number(factor) };
}

/** Returns milliseconds. */
export function readPeriod({ text, subject }: StrengthWords): number {
  const periodMs = parseDuration(subject, text);
  if (periodMs >= LEAST_PERIOD_MS) return periodMs;
  throw new UserError(`${subject} must be a time of at least ${LEAST_PERIOD_MS}ms, but is ${text}.`);
}

/** Parses `500ms`, `-10ms..2s`, `+1%`, `0%..5%`, or a jump and a drift, as in `1s,2%`. */
export function readSkewSize({ text, subject }: StrengthWords): SkewSize {
  const parts = text.split(',').map((part) => part.trim());
  const drifts = parts.filter((part) => part.includes('%'));
  const jumps = parts.filter((part) => !part.includes('%'));
  if (drifts.length > 1 || jumps.length > 1) {
    throw new UserError(
      `${subject} must be one jump, one drift, or one of each, but is ${JSON.stringify(text)}.`,
      'For example 500ms, 10ms..2s, 1%, 0%..5%, or 1s,2%.',
    );
  }
  const [jump] = jumps;
  const [drift] = drifts;
  return {
    ...(jump === undefined ? {} : { jumpMs: readJump(subject, jump) }),
    ...(drift === undefined ? {} : { drift: readDrift(subject, drift) }),
  };
}

function readJump(subject: string, text: string): SkewSpan {
  const { size, sign } = splitSign(text);
  const range = size.includes('..')
    ? parseDurationRange(subject, size)
    : { fromMs: parseDuration(subject, size), toMs: parseDuration(subject, size) };
  if (range.fromMs < LEAST_JUMP_MS) {
    throw new UserError(`${subject} must be a jump of at least ${LEAST_JUMP_MS}ms, but is ${text}.`);
  }
  return { from: range.fromMs, to: range.toMs, ...sign };
}

function readDrift(subject: string, text: string): SkewSpan {
  const { size, sign } = splitSign(text);
  const ends = size.split('..').map((end) => /^(\d+\.?\d*|\.\d+)\s*%$/.exec(end.trim())?.[1] ?? Number.NaN);
  const [from = 0, to = from] = ends.map(Number);
  if (ends.length > 2 || !(from >= 0 && to <= LARGEST_DRIFT && to > 0)) {
    throw new UserError(
      `${subject} must be a drift of up to ${LARGEST_DRIFT}%, such as 1% or 0%..5%, but is ${JSON.stringify(text)}.`,
    );
  }
  if (from > to) {
    throw new UserError(
      `${subject}: the range ${text} is reversed.`,
      `Did you mean ${size.split('..').toReversed().join('..')}?`,
    );
  }
  return { from: from / 100, to: to / 100, ...sign };
}

/** A sign gives the direction; without one it is random. */
function splitSign(text: string): { readonly size: string; readonly sign: { readonly sign?: 1 | -1 } } {
  if (text.startsWith('+')) return { size: text.slice(1), sign: { sign: 1 } };
  if (text.startsWith('-')) return { size: text.slice(1), sign: { sign: -1 } };
  return { size: text, sign: {} };
}
