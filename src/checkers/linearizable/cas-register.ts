/**
 * Linearizability of registers with read, write and cas (the lin-kv workload), after Knossos' `cas-register` model.
 *
 *     p0  |--- write 1 ---|
 *     p1                     |--- read -> nil ... anything may be nil: "unknown"
 *     p2                     |--- read -> 0 ---|     the write of 1 was over: not linearizable
 *
 * A register begins as nil. A read of nil always succeeds; cas [a b] needs the value a. An operation that ended in
 * `info`, or never ended, may take effect at any later time or never. With `independent?` every value is a `[key, value]`
 * pair and each key is a register of its own; the result is then upstream's `independent` map.
 */
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { mergeValidity, type Budget, type Checker, type CheckResult, type ResultValue } from '../checker.ts';
import { Float64Column, Int32Column } from '../column.ts';
import { Interner } from '../interner.ts';
import {
  CAS,
  checkRegisterFrontier,
  READ,
  WRITE,
  type Configuration,
  type RegisterHistory,
} from './register-frontier.ts';

export interface CasRegisterOptions {
  /** Values are `[key, value]` and every key is judged by itself. Default false. */
  readonly 'independent?'?: boolean;
}

const NIL = 0;

/** Judges a whole history at once. */
export function checkCasRegister(
  ops: Iterable<Op>,
  options: CasRegisterOptions = {},
  budget?: Budget,
): CheckResult {
  const checker = new CasRegisterChecker(options);
  for (const op of ops) checker.observe(op);
  return checker.result(budget);
}

export class CasRegisterChecker implements Checker {
  private readonly independent: boolean;
  private readonly registers: Register[] = [];
  private readonly keys = new Interner();
  private readonly open = new Map<
    number,
    { readonly register: Register; readonly operation: number; readonly f: string }
  >();
  private problem: string | undefined;

  constructor(options: CasRegisterOptions = {}) {
    this.independent = options['independent?'] === true;
  }

  observe(op: Op): void {
    if (typeof op.process !== 'number' || this.problem !== undefined) return;
    if (op.type === 'invoke') this.invoke(op, op.process);
    else this.complete(op, op.process);
  }

  private invoke(op: Op, process: number): void {
    if (this.open.has(process)) {
      this.problem = `process ${process} invoked ${op.f} (index ${op.index}) while its previous operation was still open`;
      return;
    }
    const split = this.split(op);
    if (split === undefined) return;
    const operation = split.register.invoke(op, split.value);
    this.open.set(process, { register: split.register, operation, f: op.f });
  }

  private complete(op: Op, process: number): void {
    const open = this.open.get(process);
    if (open === undefined) {
      this.problem = `process ${process} completed ${op.f} (index ${op.index}) without having invoked it`;
      return;
    }
    this.open.delete(process);
    if (op.type === 'info') return;
    if (op.type === 'fail') {
      open.register.failed(open.operation);
      return;
    }
    const split = this.split(op);
    if (split === undefined) return;
    const problem = open.register.succeeded(open.operation, op, split.value);
    if (problem !== undefined) this.problem = problem;
  }

  private split(op: Op): { readonly register: Register; readonly value: Json } | undefined {
    let key: Json = null;
    let value = op.value;
    if (this.independent) {
      if (!Array.isArray(op.value) || op.value.length !== 2) {
        this.problem = `operation ${op.index} has the value ${JSON.stringify(op.value)}; expected [key, value]`;
        return undefined;
      }
      // Array.isArray narrows a readonly array to any[]; the elements are Json.
      const pair = op.value as readonly Json[];
      key = pair[0] ?? null;
      value = pair[1] ?? null;
    }
    const id = this.keys.idOf(key);
    let register = this.registers[id];
    if (register === undefined) {
      register = new Register(key, this.independent);
      this.registers.push(register);
    }
    return { register, value };
  }

  result(budget?: Budget): CheckResult {
    if (this.problem !== undefined)
      return { 'valid?': 'unknown', error: `The history is malformed: ${this.problem}.` };
    if (!this.independent) return this.registers[0]?.result(budget) ?? { 'valid?': true };
    // One entry a key; keys of any JSON type are shown by their text, as JSON object keys must be.
    const results: { [key: string]: ResultValue } = {};
    const failures: Json[] = [];
    const verdicts: CheckResult[] = [];
    for (const register of this.registers) {
      const result = register.result(budget);
      verdicts.push(result);
      Object.defineProperty(results, textOf(register.key), {
        value: result,
        enumerable: true,
        configurable: true,
        writable: true,
      });
      if (result['valid?'] === false) failures.push(register.key);
    }
    return { 'valid?': mergeValidity(verdicts.map((verdict) => verdict['valid?'])), results, failures };
  }
}

const textOf = (key: Json): string => (typeof key === 'string' ? key : JSON.stringify(key));

const PENDING = 0;
const OK = 1;
const FAILED = 2;
const F_NAMES = ['read', 'write', 'cas'] as const;

/** One register's history, in columns. */
class Register {
  private readonly values = new Interner();
  private readonly kinds = new Map<number, number>();
  private readonly kindF = new Int32Column();
  private readonly kindA = new Int32Column();
  private readonly kindB = new Int32Column();
  private readonly events = new Int32Column();
  private readonly kindOf = new Int32Column();
  private readonly outcome = new Int32Column();
  private readonly process = new Int32Column();
  private readonly index = new Float64Column();
  private readonly time = new Float64Column();
  private readonly okIndex = new Float64Column();
  private readonly okTime = new Float64Column();
  private problem: string | undefined;

  constructor(
    readonly key: Json,
    private readonly keyed: boolean,
  ) {
    this.values.idOf(null);
  }

  invoke(op: Op, value: Json): number {
    const operation = this.kindOf.push(this.kindFor(op, value));
    this.outcome.push(PENDING);
    this.process.push(typeof op.process === 'number' ? op.process : -1);
    this.index.push(op.index);
    this.time.push(op.time);
    this.okIndex.push(-1);
    this.okTime.push(-1);
    this.events.push(operation * 2);
    return operation;
  }

  failed(operation: number): void {
    this.outcome.set(operation, FAILED);
  }

  /** Takes the completion's arguments over; returns what is wrong with it, if anything. */
  succeeded(operation: number, op: Op, value: Json): string | undefined {
    const invoked = F_NAMES[this.kindF.at(this.kindOf.at(operation))];
    if (this.problem === undefined && op.f !== invoked) {
      return `process ${String(op.process)} invoked ${invoked} and completed ${op.f} (index ${op.index})`;
    }
    this.kindOf.set(operation, this.kindFor(op, value));
    this.outcome.set(operation, OK);
    this.okIndex.values[operation] = op.index;
    this.okTime.values[operation] = op.time;
    this.events.push(operation * 2 + 1);
    return undefined;
  }

  private kindFor(op: Op, value: Json): number {
    switch (op.f) {
      case 'read':
        return this.kind(READ, this.values.idOf(value), NIL);
      case 'write':
        return this.kind(WRITE, this.values.idOf(value), NIL);
      case 'cas': {
        if (Array.isArray(value) && value.length === 2) {
          const pair = value as readonly Json[];
          return this.kind(CAS, this.values.idOf(pair[0] ?? null), this.values.idOf(pair[1] ?? null));
        }
        this.problem ??= `operation ${op.index} is a cas of ${JSON.stringify(value)}; expected [from, to]`;
        return this.kind(CAS, NIL, NIL);
      }
      default:
        this.problem ??= `operation ${op.index} has f "${op.f}"; a register knows read, write and cas`;
        return this.kind(READ, NIL, NIL);
    }
  }

  private kind(f: number, a: number, b: number): number {
    // Value ids stay far below 2^24 in any history that fits in memory; the product stays exact.
    const name = (a * 0x1000000 + b) * 3 + f;
    const known = this.kinds.get(name);
    if (known !== undefined) return known;
    this.kindF.push(f);
    this.kindA.push(a);
    const kind = this.kindB.push(b);
    this.kinds.set(name, kind);
    return kind;
  }

  result(budget?: Budget): CheckResult {
    if (this.problem !== undefined)
      return { 'valid?': 'unknown', error: `The history is malformed: ${this.problem}.` };
    const outcome = checkRegisterFrontier(this.columns(), budget);
    if (outcome.valid === true) return { 'valid?': true };
    if (outcome.valid === 'unknown') return { 'valid?': 'unknown', error: outcome.reason };
    const op = this.completionOf(outcome.operation);
    const previous = this.okBefore(outcome.operation);
    return {
      'valid?': false,
      analyzer: 'linear',
      op,
      'previous-ok': previous === undefined ? undefined : this.completionOf(previous),
      configs: outcome.configurations.map((configuration) => this.showConfiguration(configuration)),
      'final-paths': outcome.configurations.map((configuration) => [
        {
          op: previous === undefined ? undefined : this.completionOf(previous),
          model: this.values.valueOf(configuration.value),
        },
        { op, model: { msg: this.contradiction(outcome.operation, configuration) } },
      ]),
    };
  }

  /** What takes no part is left out: failed operations, reads that crashed, reads of nil. */
  private columns(): RegisterHistory {
    const events = new Int32Array(this.events.length);
    let count = 0;
    for (let i = 0; i < this.events.length; i++) {
      const event = this.events.values[i] as number;
      const operation = event >> 1;
      const outcome = this.outcome.values[operation] as number;
      if (outcome === FAILED) continue;
      const kind = this.kindOf.values[operation] as number;
      if (this.kindF.values[kind] === READ && (outcome === PENDING || this.kindA.values[kind] === NIL))
        continue;
      events[count++] = event;
    }
    const crashed = new Uint8Array(this.outcome.length);
    for (let i = 0; i < crashed.length; i++) crashed[i] = this.outcome.values[i] === PENDING ? 1 : 0;
    return {
      events,
      eventCount: count,
      kindOf: this.kindOf.values,
      crashed,
      operationCount: this.kindOf.length,
      kindF: this.kindF.values,
      kindA: this.kindA.values,
      kindB: this.kindB.values,
      kindCount: this.kindF.length,
      valueCount: this.values.size,
    };
  }

  private argumentsOf(operation: number): Json {
    const kind = this.kindOf.at(operation);
    const a = this.values.valueOf(this.kindA.at(kind));
    const value = this.kindF.at(kind) === CAS ? [a, this.values.valueOf(this.kindB.at(kind))] : a;
    return this.keyed ? [this.key, value] : value;
  }

  private fOf(operation: number): string {
    return F_NAMES[this.kindF.at(this.kindOf.at(operation))] ?? 'read';
  }

  private completionOf(operation: number): Op {
    return {
      index: this.okIndex.at(operation),
      time: this.okTime.at(operation),
      type: 'ok',
      process: this.process.at(operation),
      f: this.fOf(operation),
      value: this.argumentsOf(operation),
    };
  }

  private invocationOf(operation: number): Op {
    return {
      index: this.index.at(operation),
      time: this.time.at(operation),
      type: 'invoke',
      process: this.process.at(operation),
      f: this.fOf(operation),
      value: this.argumentsOf(operation),
    };
  }

  /** The last ok operation that completed before this one did. */
  private okBefore(operation: number): number | undefined {
    let last: number | undefined;
    for (let i = 0; i < this.events.length; i++) {
      const event = this.events.at(i);
      if (event === operation * 2 + 1) return last;
      const kind = this.kindOf.at(event >> 1);
      const silent = this.kindF.at(kind) === READ && this.kindA.at(kind) === NIL;
      if ((event & 1) === 1 && !silent) last = event >> 1;
    }
    return last;
  }

  private showConfiguration(configuration: Configuration): ResultValue {
    return {
      model: this.values.valueOf(configuration.value),
      pending: configuration.pending.map((operation) => this.invocationOf(operation)),
    };
  }

  private contradiction(operation: number, configuration: Configuration): string {
    const kind = this.kindOf.at(operation);
    const value = JSON.stringify(this.values.valueOf(configuration.value));
    const a = JSON.stringify(this.values.valueOf(this.kindA.at(kind)));
    switch (this.kindF.at(kind)) {
      case READ:
        return `the value is ${value}, and nothing pending leads from it to a read of ${a}`;
      case CAS:
        return `the value is ${value}, and nothing pending makes it ${a}, which the cas expects`;
      default:
        return `the value is ${value}, and no order of the pending operations fits`;
    }
  }
}
