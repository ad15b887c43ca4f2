/**
 * Certificates of small histories, mutated at random, or paired with a mutated history: what the verifier accepts must
 * hold by the definition, and what it rejects must be rejected with its own errors.
 */
import { certify } from '../../src/certificate/certify.ts';
import { check, type HistoryOp } from '../../src/checkers/check.ts';
import type { ModelName } from '../../src/checkers/models/model-table.ts';
import type { Op } from '../../src/history/op.ts';
import { parseJson, stringifyJson, type Json, type JsonObject } from '../../src/protocol/json.ts';
import { UserError } from '../../src/protocol/user-error.ts';
import { ProofError, type Certificate } from '../../src/verify/certificate.ts';
import { certificateIn } from '../../src/verify/read-certificate.ts';
import { verify } from '../../src/verify/verify.ts';
import { Dice, seedOf } from './dice.ts';
import type { Options, Sample } from './differential-types.ts';
import { COMPARED, differentialOf, modelOf, type Compared } from './models.ts';
import { hasCertificates, namedByLine } from './proofs.ts';
import { LEVELS } from './transactions.ts';
import { WEAK_LEVELS } from './weak-levels.ts';

/** Comparisons whose verdicts have certificates. */
export const CERTIFIED: readonly Compared[] = COMPARED.filter((name) => hasCertificates(modelOf(name)));

export interface MutantTally {
  /** Certificates that differ from the original, or are paired with another history. */
  readonly tried: number;
  /** Certificates that the verifier still accepts, because what they claim holds. */
  readonly stillProved: number;
}

export interface MutantBatch {
  readonly seed: number;
  readonly histories: number;
  readonly mutants: number;
}

/**
 * Throws at the first mutant that is accepted although its claim is false, or that fails with anything but a rejection.
 */
export function compareMutants(model: Compared, { seed, histories, mutants }: MutantBatch): MutantTally {
  let [tried, stillProved] = [0, 0];
  for (let number = 0; number < histories; number++) {
    const dice = new Dice(seedOf(seed, model, number));
    const sample = differentialOf(model).draw(dice);
    const ops = namedByLine(sample.ops);
    const certificate = ops === undefined ? undefined : certificateOf(model, sample, ops);
    if (ops === undefined || certificate === undefined) continue;
    if (!isAccepted(certificate, ops)) throw new Error(report('The certificate itself is refused', { model, certificate, ops })); // prettier-ignore
    for (let mutant = 0; mutant < mutants; mutant++) {
      const isOfHistory = dice.chance(0.4);
      const changed = isOfHistory ? certificate : mutated(certificate, ops, dice);
      const others = isOfHistory ? otherHistory(ops, model, dice) : ops;
      tried++;
      const tryThis = { model, certificate: changed, ops: others };
      let accepted: Certificate | undefined;
      try {
        accepted = isAccepted(changed, others);
      } catch (error) {
        throw new Error(report(`It is no refusal: ${(error as Error).stack ?? ''}`, tryThis), {
          cause: error,
        });
      }
      if (accepted === undefined) continue;
      stillProved++;
      if (isSo(model, accepted, others) === false)
        throw new Error(report('What was accepted is not so', tryThis));
    }
  }
  return { tried, stillProved };
}

function certificateOf(model: Compared, { options }: Sample, ops: readonly Op[]): Json | undefined {
  const result = check(modelOf(model), ops, options);
  const { certificate } = certify({ model: modelOf(model), options, result }, ops);
  return certificate === undefined ? undefined : parseJson(stringifyJson(certificate));
}

/** Returns the certificate as read from its file if the verifier accepts it. */
function isAccepted(certificate: Json, ops: readonly Op[]): Certificate | undefined {
  try {
    const read = certificateIn(parseJson(stringifyJson(certificate)), 'a file');
    verify(read, ops);
    return read;
  } catch (error) {
    if (error instanceof ProofError || error instanceof UserError || error instanceof SyntaxError)
      return undefined;
    throw error;
  }
}

/** Whether the definition confirms the certificate's verdict; undefined if the definitions do not cover it. */
function isSo(drawn: Compared, certificate: Certificate, ops: readonly HistoryOp[]): boolean | undefined {
  const { model, options } = certificate;
  // Names of anomalies that the checker refuses are no claim.
  const { anomalies: _anomalies, ...claimed } = options;
  if (isRefused(model, ops, claimed as Options)) return false;
  if (model !== modelOf(drawn)) return undefined;
  const given: { [name: string]: Json } = { ...options };
  if (model === 'list-append' || model === 'rw-register') delete given['initial-value'];
  if (
    given['independent?'] === true &&
    !ops.every(({ process, value }) => process === 'nemesis' || isPair(value))
  )
    return undefined;
  if ('mismatched-completions' in check(modelOf(drawn), ops, claimed as Options))
    return !certificate['valid?'];
  let judge: Compared = model;
  if (model === 'list-append' || model === 'rw-register') {
    if (given['anomalies'] !== undefined) return undefined;
    const asked = given['consistency-models'] ?? 'strict-serializable';
    const levels = typeof asked === 'string' ? [asked] : (asked as readonly string[]);
    const [level = ''] = levels;
    if (levels.length !== 1 || !(LEVELS.has(level) || WEAK_LEVELS.has(level))) return undefined;
    // At read committed the definition assumes nothing about the use of keys.
    const assumes = ['wfr-keys?', 'sequential-keys?', 'linearizable-keys?'].some(
      (name) => given[name] === true,
    );
    if (assumes && !isDrawnWith(level, given)) return undefined;
    given['consistency-models'] = [level];
    if (WEAK_LEVELS.has(level)) judge = `${model} levels`;
  }
  const { isRight } = differentialOf(judge).judge(
    { ops, options: given as Options },
    { 'valid?': 'unknown' },
  );
  return isRight === certificate['valid?'];
}

/** Whether the checker refuses the history, so that nothing can be proved about it. */
function isRefused(model: string, ops: readonly HistoryOp[], options: Options): boolean {
  try {
    const { error } = check(model as ModelName, ops, options);
    return typeof error === 'string' && error.startsWith('The history is malformed');
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

/** Whether a level guarantees the assumptions about keys. */
function isDrawnWith(level: string, options: JsonObject): boolean {
  if (level === 'read-committed' || WEAK_LEVELS.has(level)) return false;
  if (options['linearizable-keys?'] === true && level !== 'strict-serializable') return false;
  return options['sequential-keys?'] !== true || level === 'strong-session-serializable';
}

const HOSTILE: readonly Json[] = [
  null, true, false, 0, -1, 1, 2, 3, 1e9, 2 ** 53 - 1, -(2 ** 53), 2n ** 70n, 0.5, '', 'none', 'process', 'realtime', 'serial', 'snapshot',
  'prefix', 'causal', 'atomic', 'view', 'commits', 'cycle', 'cases', 'core', 'linearization', 'anomaly', 'ww', 'wr', 'rw', 'x', '~', '~0', '~2', '~-1', '~1e1', '__proto__', 'constructor',
  'toString', 'G1a', 'G1b', 'internal', 'lost-update', 'incompatible-order', 'cyclic-versions', 'duplicate-elements', 'garbage-read',
  'future-read', 'own-write-missed', [], {}, [[]], { toString: 1 }, { __proto__: null, constructor: {} }, [null], ['~'], [0, 0],
]; // prettier-ignore
const LEVEL_NAMES = [
  ...LEVELS.keys(),
  ...WEAK_LEVELS.keys(),
  'read-uncommitted',
  'parallel-snapshot-isolation',
  'nothing',
];

/** Returns a certificate with one to three changes. */
function mutated(certificate: Json, ops: readonly Op[], dice: Dice): Json {
  let changed = certificate;
  for (let change = 0; change <= dice.int(3); change++)
    changed = dice.chance(0.15) ? withOtherOptions(changed, dice) : withChange(changed, ops, dice);
  return dice.chance(0.05) ? replaced(changed, ['model'], modelOf(dice.pick(CERTIFIED) ?? 'kv')) : changed;
}

function withOtherOptions(certificate: Json, dice: Dice): Json {
  const { options = {}, ...rest } = certificate as JsonObject;
  const value = dice.pick<Json>([true, false, dice.pick(HOSTILE) ?? null]);
  const name = dice.pick(['independent?', 'wfr-keys?', 'sequential-keys?', 'linearizable-keys?', 'initial-value', 'anomalies', 'consistency-models']); // prettier-ignore
  const level = dice.pick(LEVEL_NAMES) ?? '';
  const asked: Json =
    name === 'consistency-models' && dice.chance(0.8) ? (dice.chance(0.5) ? level : [level]) : value;
  return { ...rest, options: { ...(options as JsonObject), [name]: asked } };
}

type Path = readonly (string | number)[];

function* pathsIn(value: Json, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value) as [string, Json][])
    yield* pathsIn(inner, [...path, Array.isArray(value) ? Number(name) : name]);
}

function withChange(certificate: Json, ops: readonly Op[], dice: Dice): Json {
  const paths = [...pathsIn(certificate)];
  const inProof = paths.filter(([first]) => first === 'proof');
  const path = dice.pick(dice.chance(0.9) ? inProof : paths);
  if (path === undefined) return certificate;
  const at = (from: Json, names: Path): Json =>
    names.reduce<Json>((value, name) => (value as JsonObject)[name] ?? null, from);
  const line = (): number => dice.int(ops.length);
  const old = at(certificate, path);
  switch (dice.int(8)) {
    case 0:
      return replaced(certificate, path, dice.pick(HOSTILE) ?? null);
    case 1:
      return replaced(certificate, path, undefined);
    case 2:
      // A value from elsewhere in the proof.
      return replaced(certificate, path, at(certificate, dice.pick(inProof) ?? path));
    case 3:
      return replaced(certificate, path, deeper(old, dice.pick([1, 10, 950])));
    case 4:
      return replaced(certificate, path, dice.pick<Json>([line(), `~${line()}`, line()]));
    default: {
      const lists = paths.filter((one) => Array.isArray(at(certificate, one)));
      const list = dice.pick(lists) ?? path;
      const entries = at(certificate, list);
      return Array.isArray(entries)
        ? replaced(certificate, list, otherList(entries as readonly Json[], line, dice))
        : replaced(certificate, path, line());
    }
  }
}

function otherList(list: readonly Json[], line: () => number, dice: Dice): readonly Json[] {
  const [one, other] = [dice.int(list.length + 1), dice.int(list.length + 1)];
  switch (dice.int(7)) {
    case 0:
      return list.toSpliced(one, 1);
    case 1:
      return list.toSpliced(one, 0, list[other] ?? line());
    case 2:
      return dice.some(list, list.length);
    case 3:
      return list.toReversed();
    case 4:
      return list.toSpliced(one, 0, dice.pick<Json>([line(), `~${line()}`]));
    case 5:
      return list.toSpliced(one, 1).toSpliced(other, 0, ...list.slice(one, one + 1));
    default:
      return dice.some(list, dice.int(list.length + 1));
  }
}

/** Wraps a value in that many arrays or objects. */
function deeper(value: Json, levels: number): Json {
  let around = value;
  for (let level = 0; level < levels; level++) around = level % 2 === 0 ? [around] : { before: around };
  return around;
}

/** Returns a copy with another value at that path, or without that path. */
function replaced(value: Json, [name, ...rest]: Path, by: Json | undefined): Json {
  if (name === undefined) return by ?? null;
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    const inner = rest.length === 0 ? by : replaced(list[Number(name)] ?? null, rest, by);
    return inner === undefined ? list.toSpliced(Number(name), 1) : list.with(Number(name), inner);
  }
  const { [name]: old = null, ...others } = value as JsonObject;
  const inner = rest.length === 0 ? by : replaced(old, rest, by);
  return inner === undefined ? others : { ...others, [name]: inner };
}

/** Returns a history with one change, with lines as indexes. */
function otherHistory(ops: readonly Op[], model: Compared, dice: Dice): readonly Op[] {
  const line = dice.int(ops.length);
  const other = dice.int(ops.length);
  const op = ops[line] as Op;
  let changed: readonly Op[];
  switch (dice.int(7)) {
    case 0:
      changed = ops.toSpliced(line, 1);
      break;
    case 1:
      changed = ops.toSpliced(line, 1).toSpliced(other, 0, op);
      break;
    case 2:
      changed = ops.with(line, {
        ...op,
        type: op.type === 'invoke' ? 'invoke' : dice.pick(['ok', 'fail', 'info']),
      });
      break;
    case 3:
      changed = ops.toSpliced(other, 0, op);
      break;
    case 4:
      changed = ops.with(line, { ...op, process: dice.int(4) });
      break;
    default:
      changed = ops.with(line, { ...op, value: otherValue(op, ops[other] as Op, model, dice) });
  }
  return wellFormed(changed);
}

function otherValue(op: Op, other: Op, model: Compared, dice: Dice): Json {
  if (!model.startsWith('list-append') && !model.startsWith('rw-register'))
    return op.f === other.f ? other.value : op.value;
  // Another micro-operation, or another value in one.
  const [mine, its] = [op.value, other.value] as (readonly (readonly [string, Json, Json])[])[];
  if (!Array.isArray(mine) || !Array.isArray(its) || mine.length === 0) return op.value;
  const place = dice.int(mine.length);
  const from = its[dice.int(its.length)];
  const old = mine[place];
  if (from === undefined || old === undefined) return op.value;
  return dice.chance(0.5) || from[0] !== old[0]
    ? mine.with(place, from)
    : mine.with(place, [old[0], old[1], from[2]]);
}

/**
 * Makes invocations and completions match: completions do what was asked for, a process has at most one open operation,
 * and operations in doubt show the invocation's value.
 */
function wellFormed(ops: readonly Op[]): readonly Op[] {
  const open = new Map<unknown, Op>();
  const kept: Op[] = [];
  for (const op of ops) {
    const asked = open.get(op.process);
    if (typeof op.process === 'number') {
      if ((op.type === 'invoke') === (asked !== undefined) || op.f !== (asked ?? op).f) continue;
    }
    if (op.type === 'invoke') open.set(op.process, op);
    else open.delete(op.process);
    kept.push({ ...op, value: asked === undefined ? op.value : answerOf(op, asked), index: kept.length });
  }
  // An invocation asks for what its completion shows as written.
  return kept.map((op, at) => {
    if (op.type !== 'invoke') return op;
    const end = kept.slice(at + 1).find(({ process }) => process === op.process);
    if (end?.type !== 'ok' || !isOfMicroOps(end.value)) return op;
    const value = end.value.map((mop) => (mop[0] === 'r' ? ['r', mop[1], null] : mop));
    return { ...op, value };
  });
}

function answerOf({ type, f, value }: Op, asked: Op): Json {
  if (type !== 'ok') return asked.value;
  if (isOfMicroOps(value) || value === null) return value;
  if (f !== 'read' && f !== 'dequeue') return asked.value;
  return isPair(asked.value) && isPair(value) ? [asked.value[0], value[1]] : value;
}

const isPair = (value: Json | undefined): value is readonly [Json, Json] =>
  Array.isArray(value) && value.length === 2;

const isOfMicroOps = (value: Json): value is readonly (readonly [string, Json, Json])[] =>
  Array.isArray(value) && value.length > 0 && value.every((mop) => Array.isArray(mop) && ['r', 'w', 'append'].includes(mop[0] as string) && mop.length === 3); // prettier-ignore

function report(
  what: string,
  {
    model,
    certificate,
    ops,
  }: { readonly model: Compared; readonly certificate: Json; readonly ops: readonly Op[] },
): string {
  return [
    `${model}: ${what}`,
    stringifyJson(certificate).slice(0, 3000),
    ...ops.map((op) => stringifyJson(op as unknown as Json)), // made of JSON
  ].join('\n');
}
