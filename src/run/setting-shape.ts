/** What a setting of a test may be: as much of its type as can be checked while the program runs. */
import type { FaultScriptEntry } from '../nemesis/fault-script.ts';
import type { FaultStrengths, SkewSize, SkewSpan } from '../nemesis/fault-strengths.ts';
import type { LatencySpec, RegionalLatency } from '../network/latency.ts';
import type { NumberRange } from '../protocol/number-range.ts';
import type { SteadyConditions } from './steady-conditions.ts';

export type Shape =
  | { readonly kind: 'any' | 'text' | 'flag' | 'function' }
  | NumberShape
  | { readonly kind: 'word'; readonly of: readonly string[] }
  | { readonly kind: 'list' | 'map'; readonly of: Shape }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Shape>> };

export interface NumberShape {
  readonly kind: 'number';
  readonly range: NumberRange;
}

/** Every field of a type: one that is added to the type and not here is reported by the compiler. */
type FieldsOf<T> = Readonly<Record<keyof Required<T>, Shape>>;

export const ANY = { kind: 'any' } as const;
export const TEXT = { kind: 'text' } as const;
export const FLAG = { kind: 'flag' } as const;
export const FUNCTION = { kind: 'function' } as const;
export const number = (range: NumberRange): NumberShape => ({ kind: 'number', range });
export const listOf = (of: Shape): Shape => ({ kind: 'list', of });
export const oneOf = (of: readonly string[]): Shape => ({ kind: 'word', of });
export const object = <T>(fields: FieldsOf<T>): Shape => ({ kind: 'object', fields });
const mapOf = (of: Shape): Shape => ({ kind: 'map', of });

const NUMBER = number({});
const NOT_NEGATIVE = number({ min: 0 });
export const FRACTION = number({ min: 0, max: 1 });
export const COUNT = number({ min: 1, integer: true });
export const SECONDS = number({ min: 0, unit: 'seconds' });
export const SOME_SECONDS = number({ min: 0, minExcluded: true, unit: 'seconds' });

export const LATENCY = object<LatencySpec>({
  distribution: TEXT,
  meanMs: number({ min: 0, unit: 'milliseconds' }),
  valuesMs: listOf(NOT_NEGATIVE),
  regions: object<RegionalLatency>({ regions: mapOf(listOf(TEXT)), latency: mapOf(NOT_NEGATIVE) }),
});

export const STEADY = object<SteadyConditions>({ loss: FRACTION, duplicate: FRACTION });

const SPAN = object<SkewSpan>({ from: NUMBER, to: NUMBER, sign: NUMBER });

export const STRENGTHS = object<FaultStrengths>({
  loss: FRACTION,
  duplicate: FRACTION,
  reorder: FRACTION,
  // One of several kinds, each with fields of its own.
  slow: ANY,
  flapPeriodMs: NUMBER,
  skew: object<SkewSize>({ jumpMs: SPAN, drift: SPAN }),
});

export const FAULT_SCRIPT = listOf(
  object<FaultScriptEntry>({ at: NUMBER, fault: TEXT, target: ANY, for: NUMBER, strengths: STRENGTHS }),
);
