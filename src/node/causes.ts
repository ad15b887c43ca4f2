/**
 * What a node is working on, so that each message can say which one it follows from (docs/protocol.md, "Causes"). Maelstrom
 * asks for it by the environment variable MAELSTROM_CAUSES, in the real world only; a simulated world knows it by itself.
 *
 * A handler may wait, and meanwhile others run: an AsyncLocalStorage keeps apart whose work goes on. It does not say what woke
 * the work up. A reply or a timeout of `rpc` does so within one turn of the event loop:
 *
 *     request 7 ── rpc to n2 ............ reply 9 ── reply to 7          follows from 9
 *               └─ setTimeout .................... gossip                a timer set while handling 7
 *               └─ waits for what another handler resolves ── answer     unknown: nothing is said
 */
import type { Json } from './message.ts';

/** The part of AsyncLocalStorage that is needed. */
export interface WorkContext {
  run<R>(work: Work, task: () => R): R;
  getStore(): Work | undefined;
}

/** What a message follows from. */
interface Origin {
  /** Its id in the network; undefined where there is none. */
  readonly message: number | undefined;
  readonly byTimer: boolean;
}

interface Wakening extends Origin {
  /** In which turn of the event loop. */
  readonly turn: number;
}

/** The handling of a message or timer, to its end. */
export interface Work extends Wakening {
  /** The reply or timeout that it last waited for. */
  woken?: Wakening;
}

export class CauseTracker {
  private turn = 0;
  private isTurnEnding = false;
  private hasReceived = false;

  /** `afterTurn` calls once what this turn has set off is done. */
  constructor(
    private readonly context: WorkContext,
    private readonly afterTurn: (task: () => void) => void,
  ) {}

  /** What is being worked on, for `wake` later. */
  get work(): Work | undefined {
    return this.context.getStore();
  }

  handling<R>(message: number | undefined, task: () => R): R {
    this.beginTurn();
    this.hasReceived = true;
    return this.context.run({ message, byTimer: false, turn: this.turn }, task);
  }

  /** A task for a timer that is set now. */
  onTimer(task: () => void): () => void {
    const { message } = this.origin() ?? this.context.getStore() ?? { message: undefined };
    return () => {
      this.beginTurn();
      this.context.run({ message, byTimer: true, turn: this.turn }, task);
    };
  }

  /** That work goes on because of a reply, or without one because of the timer that awaited it. */
  wake(work: Work | undefined, reply?: number): void {
    this.beginTurn();
    if (reply !== undefined) this.hasReceived = true;
    if (work === undefined) return;
    work.woken = { message: reply ?? work.message, byTimer: reply === undefined, turn: this.turn };
  }

  /** For the envelope of a message that is sent now; undefined where it is unknown. */
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
    // Something else has woken it: another handler, perhaps, or a timer of its own.
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

/** What of the host is needed, where it has it: Node, Deno and Bun do. */
interface Host {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly getBuiltinModule?: (name: string) => { readonly AsyncLocalStorage?: new () => WorkContext };
}

/** Undefined where causes are not wanted, or cannot be known. */
export function hostCauses(): CauseTracker | undefined {
  const { process: host, setImmediate: later } = globalThis as {
    readonly process?: Host;
    readonly setImmediate?: (task: () => void) => unknown;
  };
  if (host?.env?.['MAELSTROM_CAUSES'] !== '1' || later === undefined) return undefined;
  const { AsyncLocalStorage } = host.getBuiltinModule?.('node:async_hooks') ?? {};
  return AsyncLocalStorage === undefined ? undefined : new CauseTracker(new AsyncLocalStorage(), later);
}
