/**
 * How strong faults are, from `--loss`, `--duplicate`, `--reorder`, `--slow`, `--flap` and `--skew`, when `--nemesis` or a
 * fault script names the fault of that name. A loss or duplication that nobody names is there for the whole run.
 */
import type { FaultStrengths } from '../../nemesis/fault-strengths.ts';
import {
  readPeriod,
  readProbability,
  readSkewSize,
  readSlowness,
  type StrengthWords,
} from '../../nemesis/strength-words.ts';
import type { LatencySpec } from '../../network/latency.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { SteadyConditions } from '../../run/steady-conditions.ts';

/** The options, as text; undefined where they were not given. */
export interface FaultOptions {
  readonly loss?: string;
  readonly duplicate?: string;
  readonly reorder?: string;
  readonly slow?: string;
  readonly flap?: string;
  readonly skew?: string;
}

export interface FaultConditions {
  readonly steady?: SteadyConditions;
  readonly faultStrengths?: Partial<FaultStrengths>;
}

/** `named` are the faults that will happen. */
export function readFaultConditions(
  options: FaultOptions,
  named: readonly string[],
  latency: LatencySpec,
): FaultConditions {
  const { loss, duplicate, reorder, slow, flap, skew } = options;
  const probabilities = {
    ...(loss === undefined ? {} : { loss: readProbability(option('loss', loss)) }),
    ...(duplicate === undefined ? {} : { duplicate: readProbability(option('duplicate', duplicate)) }),
  };
  const of = (wanted: boolean): SteadyConditions =>
    Object.fromEntries(Object.entries(probabilities).filter(([name]) => named.includes(name) === wanted));
  const steady = of(false);
  const ofFault = (name: string, text: string): StrengthWords =>
    option(name, requireFault(name, text, named));
  const faultStrengths: Partial<FaultStrengths> = {
    ...of(true),
    ...(reorder === undefined ? {} : { reorder: readProbability(ofFault('reorder', reorder)) }),
    ...(slow === undefined ? {} : { slow: readSlowness(ofFault('slow', slow), latency) }),
    ...(flap === undefined ? {} : { flapPeriodMs: readPeriod(ofFault('flap', flap)) }),
    ...(skew === undefined ? {} : { skew: readSkewSize(ofFault('skew', skew)) }),
  };
  return {
    ...(isEmpty(steady) ? {} : { steady }),
    ...(isEmpty(faultStrengths) ? {} : { faultStrengths }),
  };
}

/** The words behind an option. */
const option = (name: string, text: string): StrengthWords => ({
  text,
  subject: `--${name}`,
  write: (other) => `--${name} ${other}`,
});

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
