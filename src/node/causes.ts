/**
 * Tracks what a node is working on, so that each message can report which one it follows from (docs/protocol.md,
 * "Causes"). Maelstrom asks for this by the environment variable MAELSTROM_CAUSES, in the real world only: the
 * simulated world knows it by itself.
 *
 * A handler may wait while others run, so an AsyncLocalStorage identifies the work in progress. It does not say what
 * resumed the work. A reply or a timeout of `rpc` does so within one turn of the event loop:
 *
 *     request 7 ── rpc to n2 ............ reply 9 ── reply to 7          follows from 9
 *               └─ setTimeout .................... gossip                a timer set while handling 7
 *               └─ waits for what another handler resolves ── answer     unknown: nothing is reported
 */
import type { Json } from './message.ts';

/** The part of AsyncLocalStorage that is used. */
export interface WorkContext {
  run<R>(work: Work, task: () => R): R;
  getStore(): Work | undefined;
}

/** What a message follows from. */
interface Origin {
  /** Its id in the network; undefined if no message caused it. */
  readonly message: number | undefined;
  readonly byTimer: boolean;
}

interface Wakening extends Origin {
  /** The turn of the event loop in which it happened. */
  readonly turn: number;
}

/** The handling of a message or timer, until its end. */
export interface Work extends Wakening {
  /** The last reply or timeout that resumed it. */
  woken?: Wakening;
}

export class CauseTracker {
  private turn = 0;
  private isTurnEnding = false;
  private hasReceived = false;

  /** `afterTurn` calls its task once everything that this turn has triggered is done. */
  constructor(
    private readonly context: WorkContext,
    private readonly afterTurn: (task: () => void) => void,
  ) {}

  /** The current work, for `wake` later. */
  get work(): Work | undefined {
    return this.context.getStore();
  }

  handling<R>(message: number | undefined, task: () => R): R {
    this.beginTurn();
    this.hasReceived = true;
    return this.context.run({ message, byTimer: false, turn: this.turn }, task);
  }

  /** Wraps a task for a timer that is being set. */
  onTimer(task: () => void): () => void {
    const { message } = this.origin() ?? this.context.getStore() ?? { message: undefined };
    return () => {
      this.beginTurn();
      this.context.run({ message, byTimer: true, turn: this.turn }, task);
    };
  }

  /** Notes that the work is resumed by a reply, or without one by the timer that limited the wait. */
  wake(work: Work | undefined, reply?: number): void {
    this.beginTurn();
    if (reply !== undefined) this.hasReceived = true;
    if (work === undefined) return;
    work.woken = { message: reply ?? work.message, byTimer: reply === undefined, turn: this.turn };
  }

  /** Returns the value of `cause` for a message sent now; undefined if unknown. */
  said(): Json | undefined {
    const origin = this.origin();
    if (origin === undefined) return undefined;
    return origin.byTimer ? { timer: origin.message ?? null } : (origin.message ?? null);
  }

  private origin(): Origin | undefined {
    const work = this.context.getStore();
    if (work === undefined) return undefined;
    if (work.woken?.turn === this.turn) return work.woken;
    if (work.turn === this.turn) return work;
    // Something else has resumed it: another handler, perhaps, or a timer of its own.
    return this.hasReceived ? undefined : { message: work.message, byTimer: true };
  }

  private beginTurn(): void {
    if (this.isTurnEnding) return;
    this.isTurnEnding = true;
    this.afterTurn(() => {
      this.turn++;
      this.isTurnEnding = false;
      this.hasReceived = false;
    });
  }
}

/** The host features that are used, which Node, Deno and Bun have. */
interface Host {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly getBuiltinModule?: (name: string) => { readonly AsyncLocalStorage?: new () => WorkContext };
}

/** Returns undefined when causes are not requested or cannot be tracked. */
export function hostCauses(): CauseTracker | undefined {
  const { process: host, setImmediate: later } = globalThis as {
    readonly process?: Host;
    readonly setImmediate?: (task: () => void) => unknown;
  };
  if (host?.env?.['MAELSTROM_CAUSES'] !== '1' || later === undefined) return undefined;
  const { AsyncLocalStorage } = host.getBuiltinModule?.('node:async_hooks') ?? {};
  return AsyncLocalStorage === undefined ? undefined : new CauseTracker(new AsyncLocalStorage(), later);
}
