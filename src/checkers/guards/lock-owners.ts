/**
 * Wraps the checker of `mutex`, refuses completions that say `false`, and notices releases by a process that held nothing. The model, like Knossos', does not check
 * who releases a lock, so a valid verdict must say so:
 *
 *     p0  acquire |--| ok
 *     p1                    release |--| ok      valid, with a warning
 */
import { counted } from '../../protocol/count-text.ts';
import type { Op } from '../../history/op.ts';
import { canonicalJson, elementsOf, type Json } from '../../protocol/json.ts';
import { malformedResult, type Budget, type Checker } from '../checker.ts';
import type { LinearizableOptions, LinearizableResult } from '../linearizable/linearizable.ts';

export class LockOwners implements Checker<LinearizableResult> {
  readonly #checker: Checker<LinearizableResult>;
  readonly #options: LinearizableOptions;
  /** By process and lock: how often it may have acquired the lock without releasing it. */
  readonly #held = new Map<string, number>();
  /** By process: the lock of its open operation. */
  readonly #open = new Map<number, string>();
  #foreign = 0;
  #problem: string | undefined;
  #first: Op | undefined;

  constructor(checker: Checker<LinearizableResult>, options: LinearizableOptions) {
    this.#checker = checker;
    this.#options = options;
  }

  observe(op: Op): void {
    if (op.type === 'ok' && typeof op.process === 'number' && this.#saysNo(op.value))
      this.#problem ??= `operation ${op.index} completes ${op.f} as ok with false; one that did not happen is of type fail`;
    this.#checker.observe(op);
    const { process, type, f } = op;
    if (typeof process !== 'number') return;
    if (type === 'invoke') {
      this.#open.set(process, this.#lockOf(op));
      return;
    }
    const lock = this.#open.get(process);
    this.#open.delete(process);
    if (lock === undefined || type === 'fail') return;
    const holder = `${process} ${lock}`;
    const held = this.#held.get(holder) ?? 0;
    if (f === 'acquire') this.#held.set(holder, held + 1);
    else if (type !== 'ok') return;
    else if (held > 0) this.#held.set(holder, held - 1);
    else {
      this.#foreign++;
      this.#first ??= op;
    }
  }

  #saysNo(value: Json): boolean {
    const isKeyed = this.#options['independent?'] === true;
    return (isKeyed ? elementsOf(value)?.[1] : value) === false;
  }

  #lockOf(op: Op): string {
    const { key, 'independent?': isKeyed } = this.#options;
    if (key !== undefined) return canonicalJson(key(op));
    return isKeyed === true ? canonicalJson(elementsOf(op.value)?.[0] ?? null) : '';
  }

  get malformed(): string | undefined {
    return this.#problem ?? this.#checker.malformed;
  }

  result(budget?: Budget): LinearizableResult {
    if (this.#problem !== undefined) return malformedResult(this.#problem);
    const result = this.#checker.result(budget);
    const first = this.#first;
    if (first === undefined || result['valid?'] !== true) return result;
    const warning =
      `${counted(this.#foreign, 'release was', 'releases were')} by a process that had not acquired the lock, first that of ` +
      `process ${first.process} (index ${first.index}). The model mutex, like Knossos', does not check who releases a lock.`;
    return { ...result, warnings: [...(result.warnings ?? []), warning] };
  }
}
