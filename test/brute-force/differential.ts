/**
 * Generates small histories of a model, runs its checker and its definition, and stops at the first difference, which
 * is then shrunk.
 */
import { check, type HistoryOp } from '../../src/checkers/check.ts';
import type { CheckResult } from '../../src/checkers/checker.ts';
import type { ModelName } from '../../src/checkers/models/model-table.ts';
import { resultsToEdn } from '../../src/store/results/result-shapes.ts';
import { refusedByClojure } from '../support/clojure-reader.ts';
import { stringifyJson, type Json } from '../../src/protocol/json.ts';
import { Dice, seedOf } from './dice.ts';
import { ednLines, readEdnLines } from './edn-histories.ts';
import { hasCertificates, unproved } from './proofs.ts';
import type { Differential, Judgement, Sample } from './differential-types.ts';
import { differentialOf, modelOf, type Compared } from './models.ts';

/** Share of histories that are written as EDN and read back. */
const EDN_SHARE = 0.1;
/** Share of the sequential histories of one process that are given as completions without processes. */
const COMPLETIONS_SHARE = 0.5;

/** Of the verdicts that must have a certificate, every n-th is also looked at as EDN, which takes as long as a check. */
const RESULTS_SHARE = 4;

export interface Tally {
  readonly right: number;
  readonly wrong: number;
  /** Number of verdicts that should have been proved but have no certificate. */
  readonly unproved: number;
}

export interface Batch {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** Every n-th verdict must have a certificate, if the model has any. */
  readonly provedEach: number;
}

/** Throws at the first history for which the checker and the definition differ. */
export function compare(model: Compared, { seed, first, count, provedEach }: Batch): Tally {
  const differential = differentialOf(model);
  let right = 0;
  let withoutProof = 0;
  for (let number = first; number < first + count; number++) {
    const dice = new Dice(seedOf(seed, model, number));
    const isEdn = dice.chance(EDN_SHARE);
    const drawn = differential.draw(dice);
    const sample: Sample = {
      completionsOnly: !isEdn && dice.chance(COMPLETIONS_SHARE),
      ...drawn,
      ...(isEdn && { ednSeed: seedOf(seed, 'edn', number) }),
      inResults: number % (provedEach * RESULTS_SHARE) === 0,
    };
    const { isRight, disagreement } = judge(model, differential, sample);
    if (isRight) right++;
    if (hasCertificates(modelOf(model)) && number % provedEach === 0) {
      if (unproved(modelOf(model), checkedOps(differential, sample), sample.options, isRight) !== undefined)
        withoutProof++;
    }
    if (disagreement !== undefined) throw new Error(report(model, sample, { seed, number }));
  }
  return { right, wrong: count - right, unproved: withoutProof };
}

function judge(model: Compared, differential: Differential, sample: Sample): Judgement {
  try {
    const result = check(modelOf(model), checkedOps(differential, sample), sample.options);
    const judgement = differential.judge(asWritten(sample), result);
    const fault = sample.inResults === true ? faultInEdn(modelOf(model), result) : undefined;
    return { ...judgement, disagreement: judgement.disagreement ?? fault };
  } catch (error) {
    return {
      isRight: true,
      disagreement: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

/** Returns what is wrong with the result as results.edn has it: an undeclared type, or a key twice. */
function faultInEdn(model: ModelName, result: CheckResult): string | undefined {
  const undeclared: string[] = [];
  const twice = refusedByClojure(resultsToEdn(result, model, undeclared));
  if (undeclared.length === 0 && twice.length === 0) return undefined;
  return `as EDN, ${[...undeclared, ...twice.map((key) => `${key} twice`)].join(', ')}`;
}

/** Returns the history as the checker gets it. */
function checkedOps(differential: Differential, sample: Sample): readonly HistoryOp[] {
  const lines = inEdn(differential, sample);
  if (lines !== undefined) return readEdnLines(lines);
  return sample.completionsOnly === true ? completionsOf(sample.ops) : sample.ops;
}

/** Adjusts a sample to its written form: with completions only, an operation began no earlier than it completed. */
function asWritten(sample: Sample): Sample {
  if (sample.completionsOnly !== true || completionsOf(sample.ops) === sample.ops) return sample;
  const ops = sample.ops.map((op, at) => {
    const time = sample.ops[at + 1]?.time;
    return op.type === 'invoke' && time !== undefined ? { ...op, time } : op;
  });
  return { ...sample, ops };
}

/** Returns only the completions if they contain everything, otherwise the history unchanged. */
function completionsOf(ops: readonly HistoryOp[]): readonly HistoryOp[] {
  const isAlternating =
    ops.length % 2 === 0 && ops.every(({ type }, at) => (type === 'invoke') === (at % 2 === 0));
  const isOfOne = ops.every(({ type, process }) => type !== 'info' && process === ops[0]?.process);
  if (!isAlternating || !isOfOne) return ops;
  return ops.filter(({ type }) => type !== 'invoke').map(({ process: _process, ...op }) => op);
}

function inEdn(differential: Differential, sample: Sample): readonly string[] | undefined {
  const valueInEdn = differential.inEdn?.(sample);
  if (sample.ednSeed === undefined || valueInEdn === undefined) return undefined;
  return ednLines(sample.ops, valueInEdn, new Dice(sample.ednSeed));
}

function report(
  model: Compared,
  sample: Sample,
  { seed, number }: { readonly seed: number; readonly number: number },
): string {
  const differential = differentialOf(model);
  const smallest = shrunk(sample, (other) => judge(model, differential, other).disagreement !== undefined);
  const lines =
    inEdn(differential, smallest) ??
    checkedOps(differential, smallest).map((op) => stringifyJson(op as unknown as Json)); // made of JSON
  return [
    `${model} differs from its definition (seed ${seed}, history ${number}): ${judge(model, differential, smallest).disagreement ?? ''}`,
    `  options ${stringifyJson(smallest.options)}`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}

/** Returns the smallest failing sample, found by removing one thing at a time. */
function shrunk(sample: Sample, fails: (sample: Sample) => boolean): Sample {
  for (const ops of smaller(sample.ops))
    if (fails({ ...sample, ops })) return shrunk({ ...sample, ops }, fails);
  return sample;
}

function* smaller(ops: readonly HistoryOp[]): Generator<readonly HistoryOp[]> {
  for (let at = 0; at < ops.length; at++) {
    const op = ops[at];
    if (op?.type !== 'invoke') {
      if (op?.process === 'nemesis') yield ops.toSpliced(at, 1);
      continue;
    }
    const end = ops.findIndex((other, place) => place > at && other.process === op.process);
    yield ops.filter((_, place) => place !== at && place !== end);
    if (end < 0) continue;
    const [asked, answered] = [op.value, ops[end]?.value];
    if (
      !Array.isArray(asked) ||
      !Array.isArray(answered) ||
      !Array.isArray(asked[0]) ||
      asked.length !== answered.length
    )
      continue;
    for (let mop = 0; mop < asked.length && asked.length > 1; mop++) {
      yield ops
        .with(at, { ...op, value: asked.toSpliced(mop, 1) as Json[] })
        .with(end, { ...(ops[end] as HistoryOp), value: answered.toSpliced(mop, 1) as Json[] });
    }
  }
  const has = (name: 'index' | 'time'): boolean => ops.some((op) => op[name] !== undefined);
  if (has('index')) yield ops.map(({ index: _index, ...rest }) => rest);
  if (has('time')) yield ops.map(({ time: _time, ...rest }) => rest);
}
