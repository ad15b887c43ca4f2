/**
 * Linearizability of registers with read, write and cas (the lin-kv workload), after Knossos' `cas-register` model.
 *
 *     p0  |--- write 1 ---|
 *     p1                     |--- read -> nil ---|   fine: a read of nil says nothing
 *     p2                     |--- read -> 0 ---|     the write of 1 was over: not linearizable
 *
 * A register begins as nil; cas [a b] needs the value a. An operation that ended in `info`, or never ended, may take
 * effect at any later time or never. With `independent?` every value is a `[key, value]` pair and each key is a register
 * of its own; the result is then upstream's `independent` map.
 */
import type { Op } from '../../history/op.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';
import {
  malformedResult,
  mergeValidity,
  type Budget,
  type Checker,
  type CheckResult,
  type ResultValue,
} from '../checker.ts';
import { resultKeys } from '../result-keys.ts';
import { Interner } from '../interner.ts';
import { MalformedOperation, ObjectHistory } from './object-history.ts';
import { OpenOperations } from './open-operations.ts';
import { RegisterObject } from './register-object.ts';

export interface CasRegisterOptions {
  /** Values are `[key, value]` and every key is judged by itself. Default false. */
  readonly 'independent?'?: boolean;
}

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

interface OpenOperation {
  readonly f: string;
  readonly history: ObjectHistory;
  readonly operation: number;
}

export class CasRegisterChecker implements Checker {
  private readonly independent: boolean;
  private readonly keys = new Interner();
  private readonly histories: ObjectHistory[] = [];
  private readonly open = new OpenOperations<OpenOperation>();
  private problem: string | undefined;

  constructor(options: CasRegisterOptions = {}) {
    this.independent = options['independent?'] === true;
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
    const history = this.historyOf(op);
    const operation = history.invoke(op, this.innerValue(op));
    return this.open.begin(process, op, { f: op.f, history, operation });
  }

  private complete(op: Op, process: number): string | undefined {
    const open = this.open.end(process, op);
    if (typeof open === 'string') return open;
    if (op.type === 'fail') open.history.failed(open.operation);
    if (op.type === 'ok') open.history.succeeded(open.operation, op, this.innerValue(op));
    return undefined;
  }

  private innerValue(op: Op): Json {
    return this.independent ? (this.pairOf(op)[1] ?? null) : op.value;
  }

  private pairOf(op: Op): readonly Json[] {
    if (!Array.isArray(op.value) || op.value.length !== 2) {
      throw new MalformedOperation(`has the value ${stringifyJson(op.value)}; expected [key, value]`);
    }
    return op.value as readonly Json[];
  }

  private historyOf(op: Op): ObjectHistory {
    const key = this.independent ? (this.pairOf(op)[0] ?? null) : null;
    const id = this.keys.idOf(key);
    const known = this.histories[id];
    if (known !== undefined) return known;
    const history = new ObjectHistory(
      new RegisterObject(),
      this.independent ? (value) => [key, value] : undefined,
    );
    this.histories.push(history);
    return history;
  }

  get malformed(): string | undefined {
    return this.problem;
  }

  result(budget?: Budget): CheckResult {
    if (this.problem !== undefined) return malformedResult(this.problem);
    if (!this.independent) return this.histories[0]?.result(budget) ?? { 'valid?': true };
    const verdicts = this.histories.map((history) => history.result(budget));
    const results: { readonly [key: string]: ResultValue } = resultKeys(
      verdicts.map((verdict, id) => [this.keys.valueOf(id), verdict]),
    );
    const failures = verdicts.flatMap((verdict, id) =>
      verdict['valid?'] === false ? [this.keys.valueOf(id)] : [],
    );
    return { 'valid?': mergeValidity(verdicts.map((verdict) => verdict['valid?'])), results, failures };
  }
}
