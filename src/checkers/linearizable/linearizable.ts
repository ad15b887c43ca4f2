/**
 * Linearizability of any object: the built-in registers, queues, mutexes and sets (`models.ts`), and any other object
 * given as a sequential model, `{ name, init, step }`.
 *
 *     p0  |--- write 1 ---|
 *     p1                     |--- read -> nil ---|   fine: a read of nil says nothing
 *     p2                     |--- read -> 0 ---|     the write of 1 had completed: not linearizable
 *
 * An operation that ended in `info`, or never ended, may take effect at any later time or never. With many objects,
 * each with its own key, each is checked separately and the result is upstream's `independent` map.
 */
import type { Op } from '../../history/op.ts';
import { keyedObject } from '../../history/reading/key-field.ts';
import { isJsonArray, jsonEquals, valueText, type Json } from '../../protocol/json.ts';
import { resultOver, malformedResult, type Budget, type Checker, type OneOf } from '../checker.ts';
import { Interner } from '../../columns/interner.ts';
import { refuseUnknown } from '../guards/known-operations.ts';
import { judgeKeys, type KeyedHistory, type KeyedResult } from './independent-keys.ts';
import { ModelObject } from './objects/model-object.ts';
import { guardedModel } from './objects/model-state.ts';
import {
  fifoQueue,
  keyValue,
  OUR_MODELS,
  register,
  set,
  unorderedQueue,
  type SequentialModel,
} from './models.ts';
import {
  MalformedOperation,
  ObjectHistory,
  type ObjectResult,
  type SequentialObject,
} from './object-history.ts';
import { OpenOperations } from './open-operations.ts';
import { FifoQueueObject, UnorderedQueueObject } from './objects/queue-objects.ts';
import { KeyValueObject } from './objects/key-value-object.ts';
import { SetObject } from './objects/set-object.ts';
import { RegisterObject } from './registers/register-object.ts';
import { GuessedTextObject } from './texts/guessed-text-object.ts';
import { TextObject } from './texts/text-object.ts';

export interface LinearizableOptions {
  /** Values are `[key, value]`, and every key is checked separately. Default false. */
  readonly 'independent?'?: boolean;
  /**
   * Returns the key of an operation's object from its invocation. Every key is checked separately; values stay whole.
   */
  readonly key?: (op: Op) => Json;
}

export interface RegisterOptions extends LinearizableOptions {
  /**
   * The value before the first write. If given, a read of nil shows that there is none; by default it says nothing, and
   * the register begins as nil.
   */
  readonly 'initial-value'?: Json;
}

/** The result for one object or, with `independent?` or `key`, for many. */
export type LinearizableResult = OneOf<
  (ObjectResult | KeyedResult) & { readonly warnings?: readonly string[] }
>;

/** Checks a whole history at once. */
export function checkLinearizable(
  model: SequentialModel,
  ops: Iterable<Op>,
  options: LinearizableOptions = {},
  budget?: Budget,
): LinearizableResult {
  return resultOver(new LinearizableChecker(model, options), ops, budget);
}

interface OpenOperation {
  readonly f: string;
  readonly key: Json;
  readonly history: ObjectHistory;
  readonly operation: number;
}

/** Checks objects of one kind. `newObject` creates one per key. */
export class ObjectsChecker implements Checker<LinearizableResult> {
  private readonly inPairs: boolean;
  private readonly keyOf: ((op: Op) => Json) | undefined;
  private readonly keys = new Interner();
  private readonly keyed: KeyedHistory[] = [];
  private readonly open = new OpenOperations<OpenOperation>();
  private problem: string | undefined;
  /** Whether all values so far looked like [key, value]. */
  private allInPairs = true;
  /** Whether all were objects like {"key": "x", "value": 1}. */
  private allHaveKeys = true;

  constructor(
    private readonly newObject: () => SequentialObject,
    options: LinearizableOptions,
    /** Whether to say which options would give another verdict: not where the user cannot give them, in a test. */
    private readonly advises = true,
  ) {
    this.inPairs = options['independent?'] === true;
    this.keyOf = options.key;
  }

  observe(op: Op): void {
    if (typeof op.process !== 'number' || this.problem !== undefined) return;
    try {
      this.problem = op.type === 'invoke' ? this.invoke(op, op.process) : this.complete(op, op.process);
    } catch (error) {
      if (!(error instanceof MalformedOperation)) throw error;
      this.problem = `operation ${op.index} ${error.message}`;
    }
  }

  private invoke(op: Op, process: number): string | undefined {
    if (this.allInPairs && !(isPair(op.value) && op.f !== 'cas'))
      this.allInPairs = op.f === 'cas' && isKeyedCas(op.value);
    this.allHaveKeys &&= keyedObject(op.value) !== undefined;
    const key = this.keyOf?.(op) ?? (this.inPairs ? (pairOf(op)[0] ?? null) : null);
    const history = this.historyOf(key);
    const operation = history.invoke(op, this.innerValue(op));
    return this.open.begin(process, op, { f: op.f, key, history, operation });
  }

  private complete(op: Op, process: number): string | undefined {
    const open = this.open.end(process, op);
    if (typeof open === 'string') return open;
    if (op.type === 'fail') open.history.failed(open.operation);
    if (op.type !== 'ok') return undefined;
    if (this.inPairs && this.keyOf === undefined && !jsonEquals(pairOf(op)[0] ?? null, open.key))
      return `process ${process} invoked ${op.f} on key ${valueText(open.key)} and completed it on key ${valueText(pairOf(op)[0] ?? null)} (index ${op.index})`;
    open.history.succeeded(open.operation, op, this.innerValue(op));
    return undefined;
  }

  private innerValue(op: Op): Json {
    return this.inPairs ? (pairOf(op)[1] ?? null) : op.value;
  }

  private historyOf(key: Json): ObjectHistory {
    const id = this.keys.idOf(key);
    const known = this.keyed[id];
    if (known !== undefined) return known.history;
    const history = new ObjectHistory(this.newObject(), this.inPairs ? (value) => [key, value] : undefined);
    this.keyed.push({ key, history });
    return history;
  }

  get malformed(): string | undefined {
    return this.problem;
  }

  result(budget?: Budget): LinearizableResult {
    if (this.problem !== undefined) return malformedResult(this.problem);
    const isKeyed = this.inPairs || this.keyOf !== undefined;
    const only = this.keyed[0];
    if (only === undefined && !isKeyed) return { 'valid?': true };
    const result =
      only === undefined || isKeyed ? judgeKeys(this.keyed, budget) : only.history.result(budget);
    const warnings = isKeyed ? [] : this.warningsOfKeys();
    for (const { history } of this.advises ? this.keyed : []) {
      const remark = history.remark(result['valid?'] === false);
      if (remark === undefined) continue;
      warnings.push(remark);
      break;
    }
    return warnings.length === 0 ? result : { ...result, warnings };
  }

  /** Of values that seem to have keys, which were not asked for. */
  private warningsOfKeys(): string[] {
    if (this.allInPairs) return [LOOKS_KEYED];
    return this.allHaveKeys ? [LOOKS_LIKE_KEYS] : [];
  }
}

const LOOKS_KEYED =
  'Every value is a pair, and the verdict takes them all for one object. If they are [key, value], with an object for each key, give the option independent? (--independent).';

const LOOKS_LIKE_KEYS =
  'Every value is an object with a key, and the verdict takes them all for one object. To check each key separately, give --independent; a program gives values [key, value] and the option independent?.';

const isPair = (value: Json): boolean => isJsonArray(value) && value.length === 2;
/** A cas is always a pair; with a key it is [key, [from, to]]. */
const isKeyedCas = (value: Json): boolean =>
  isJsonArray(value) && value.length === 2 && isPair(value[1] ?? null);

function pairOf(op: Op): readonly Json[] {
  if (!isJsonArray(op.value) || op.value.length !== 2) {
    throw new MalformedOperation(`has the value ${valueText(op.value)}; expected [key, value]`);
  }
  return op.value;
}

export class LinearizableChecker extends ObjectsChecker {
  private readonly known: ReadonlySet<string> | undefined;

  constructor(
    private readonly model: SequentialModel,
    options: RegisterOptions = {},
  ) {
    const isGiven = !OUR_MODELS.has(model);
    const used = isGiven ? guardedModel(model) : model;
    super(() => objectOf(used, isGiven, options['initial-value']), options);
    this.known = model.operations === undefined ? undefined : new Set(model.operations);
  }

  /** Throws a UserError for an operation that is not among the model's `operations`. */
  override observe(op: Op): void {
    if (this.known !== undefined) refuseUnknown(this.model.name, this.known, op);
    super.observe(op);
  }
}

/** Returns the object for a model. Most built-in models have faster checks than the general search. */
function objectOf(model: SequentialModel, isGiven: boolean, initial: Json | undefined): SequentialObject {
  switch (model) {
    case register:
      return new RegisterObject(initial);
    case fifoQueue:
      return new FifoQueueObject();
    case unorderedQueue:
      return new UnorderedQueueObject();
    case set:
      return new SetObject();
    case keyValue:
      return new KeyValueObject();
    default:
      if (model.text !== undefined) return new TextObject(model, isGiven);
      return isGiven ? new GuessedTextObject(model) : new ModelObject(model);
  }
}
