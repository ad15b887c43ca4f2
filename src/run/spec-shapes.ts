/** The shapes of those settings of a test that are objects, field by field. */
import type { FaultScriptEntry } from '../nemesis/fault-script.ts';
import type { FaultStrengths, SkewSize, SkewSpan } from '../nemesis/fault-strengths.ts';
import { DISTRIBUTIONS, type LatencySpec, type RegionalLatency } from '../network/rules/latency.ts';
import {
  ANY,
  FLAG,
  FRACTION,
  listOf,
  mapOf,
  number,
  object,
  oneOf,
  TEXT,
  variants,
  type ObjectShape,
} from '../protocol/settings/setting-shape.ts';
import type { Slowness } from '../network/rules/link-rules.ts';
import type { Course, FaultOp, ScriptedOp } from './course.ts';
import type { SteadyConditions } from './cluster/steady-conditions.ts';

const NUMBER = number({});
const NOT_NEGATIVE = number({ min: 0 });

export const LATENCY = object<LatencySpec>({
  distribution: oneOf(DISTRIBUTIONS),
  meanMs: number({ min: 0, unit: 'milliseconds' }),
  valuesMs: listOf(NOT_NEGATIVE),
  regions: object<RegionalLatency>({ regions: mapOf(listOf(TEXT)), latency: mapOf(NOT_NEGATIVE) }),
});

export const STEADY = object<SteadyConditions>({ loss: FRACTION, duplicate: FRACTION });

const SPAN = object<SkewSpan>({ from: NUMBER, to: NUMBER, sign: NUMBER }, ['from', 'to']);

type SlownessOf<Kind extends Slowness['kind']> = Omit<Extract<Slowness, { readonly kind: Kind }>, 'kind'>;
const SLOWNESS = variants('kind', {
  factor: object<SlownessOf<'factor'>>({ factor: NOT_NEGATIVE }, ['factor']),
  range: object<SlownessOf<'range'>>({ fromMs: NOT_NEGATIVE, toMs: NOT_NEGATIVE }, ['fromMs', 'toMs']),
} satisfies Record<Slowness['kind'], ObjectShape>);

export const STRENGTHS = object<FaultStrengths>({
  loss: FRACTION,
  duplicate: FRACTION,
  reorder: FRACTION,
  slow: SLOWNESS,
  flapPeriodMs: NUMBER,
  skew: object<SkewSize>({ jumpMs: SPAN, drift: SPAN }),
});

const FAULT_OP = object<FaultOp>({ label: NUMBER, atNanos: NUMBER, f: TEXT, value: ANY, after: NUMBER }, [
  'label',
  'atNanos',
  'f',
  'value',
]);

/** A future is made from a run and never stored. */
export const COURSE = object<Omit<Course, 'future'>>({
  ops: listOf(
    object<ScriptedOp>({
      label: NUMBER,
      thread: NUMBER,
      atNanos: NUMBER,
      f: TEXT,
      value: ANY,
      final: FLAG,
    }),
  ),
  finalOps: ANY,
  faults: listOf(FAULT_OP),
  healing: listOf(FAULT_OP),
  chance: oneOf(['seeded', 'calm'] satisfies Course['chance'][]),
  messages: ANY,
  threads: listOf(TEXT),
});

export const FAULT_SCRIPT = listOf(
  object<FaultScriptEntry>({
    at: NUMBER,
    fault: TEXT,
    target: ANY,
    for: NUMBER,
    strengths: STRENGTHS,
    labels: listOf(NUMBER),
  }),
);
