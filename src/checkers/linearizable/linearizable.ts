/**
 * Linearizability of any object given as a sequential model, `{ name, init, step }`: mutex, queues and set come in
 * `models.ts`. States and operations are interned, transitions remembered, and the frontier does the rest.
 */
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { malformedResult, type Budget, type Checker, type CheckResult } from '../checker.ts';
import { Int32Column } from '../column.ts';
import { Interner } from '../interner.ts';
import type { SequentialModel } from './models.ts';
import { ObjectHistory, type SequentialObject } from './object-history.ts';
import { OpenOperations } from './open-operations.ts';

/** Judges a whole history at once. */
export function checkLinearizable(model: SequentialModel, ops: Iterable<Op>, budget?: Budget): CheckResult {
  const checker = new LinearizableChecker(model);
  for (const op of ops) checker.observe(op);
  return checker.result(budget);
}

export class LinearizableChecker implements Checker {
  private readonly history: ObjectHistory;
  private readonly open = new OpenOperations<{ readonly f: string; readonly operation: number }>();
  private problem: string | undefined;

  constructor(model: SequentialModel) {
    this.history = new ObjectHistory(new ModelObject(model));
  }

  observe(op: Op): void {
    if (typeof op.process !== 'number' || this.problem !== undefined) return;
    if (op.type === 'invoke') {
      this.problem = this.open.begin(op.process, op, {
        f: op.f,
        operation: this.history.invoke(op, op.value),
      });
      return;
    }
    const open = this.open.end(op.process, op);
    if (typeof open === 'string') this.problem = open;
    else if (op.type === 'fail') this.history.failed(open.operation);
    else if (op.type === 'ok') this.history.succeeded(open.operation, op, op.value);
  }

  get malformed(): string | undefined {
    return this.problem;
  }

  result(budget?: Budget): CheckResult {
    if (this.problem !== undefined) return malformedResult(this.problem);
    return this.history.result(budget);
  }
}

const UNASKED = -2;
const IMPOSSIBLE = -1;

class ModelObject implements SequentialObject {
  private readonly states = new Interner();
  private readonly kinds = new Interner();
  private readonly readOnly: boolean[] = [];
  /** Per state: the transition of each kind asked so far. */
  private readonly table: Int32Column[] = [];

  constructor(private readonly model: SequentialModel) {
    this.states.idOf(model.init);
  }

  /** Every step may make a new one. */
  readonly stateCount = undefined;

  get kindCount(): number {
    return this.kinds.size;
  }

  kindFor(f: string, value: Json): number {
    const kind = this.kinds.idOf([f, value]);
    if (kind === this.readOnly.length) this.readOnly.push(this.model.isReadOnly?.(f) ?? false);
    return kind;
  }

  transition(state: number, kind: number): number {
    let row = this.table[state];
    if (row === undefined) {
      row = new Int32Column(8);
      this.table[state] = row;
    }
    while (row.length <= kind) row.push(UNASKED);
    const known = row.at(kind);
    if (known !== UNASKED) return known;
    const after = this.model.step(this.states.valueOf(state), this.fOf(kind), this.valueOf(kind));
    const id = after === undefined ? IMPOSSIBLE : this.states.idOf(after);
    row.set(kind, id);
    return id;
  }

  isReadOnly(kind: number): boolean {
    return this.readOnly[kind] === true;
  }

  isOverwrite(): boolean {
    return false;
  }

  isSilent(): boolean {
    return false;
  }

  fOf(kind: number): string {
    // Kinds are interned as [f, value] by kindFor.
    return (this.kinds.valueOf(kind) as readonly [string, Json])[0];
  }

  valueOf(kind: number): Json {
    return (this.kinds.valueOf(kind) as readonly [string, Json])[1];
  }

  stateOf(state: number): Json {
    return this.states.valueOf(state);
  }
}
