/**
 * Captures the state of a run at an event: what nodes are doing, what waits for them, and which messages are in flight.
 * To show what a node's last turn changed, it must have seen the node before that turn, so the caller says in advance
 * at which events to look.
 */
import type {
  InFlight,
  LineId,
  Listed,
  MessageView,
  NodeView,
  Position,
  StateChange,
  StateView,
  TimerView,
} from '../../recording/travel-view.ts';
import type { EventIndex } from '../events/event-index.ts';
import { isTurn } from '../events/event-index.ts';
import { isOver, type LiveMessage, type RunEvents } from '../events/run-events.ts';
import { NO_CHANGES, stateChanges } from './state-changes.ts';

const MOST_MESSAGES = 100;
const MOST_TIMERS = 50;
const LONGEST_BODY = 10_000;
/** Maximum length of a body in a list. */
const LONGEST_LISTED = 500;
const LONGEST_STATE = 200_000;

/** The state that a node showed when it was last looked at. */
interface Seen {
  readonly life: number;
  /** Event of its last turn by then. */
  readonly turn: number | undefined;
  readonly state: StateView;
  /** The full state. */
  readonly json: string | undefined;
  readonly changes: Listed<StateChange>;
}

const UNSEEN: Seen = {
  life: 0,
  turn: undefined,
  state: { kind: 'none' },
  json: undefined,
  changes: NO_CHANGES,
};

export class Camera {
  private readonly seen = new Map<string, Seen>();
  private readonly lastTurns = new Map<string, { readonly event: number; readonly life: number }>();

  constructor(
    private readonly line: LineId,
    private readonly index: EventIndex,
  ) {}

  /** Must be called for every event, in order. `isLookedAt` is true when the node's state will be needed. */
  event(event: number, run: RunEvents, isLookedAt: boolean): void {
    if (!isTurn(this.index.kindAt(event))) return;
    const [node = ''] = this.index.concerned(event);
    this.lastTurns.set(node, { event, life: run.lives.get(node)?.life ?? 0 });
    if (isLookedAt) this.look(node, run);
  }

  /** Looks at the state of all nodes that have had a turn since their last look. */
  lookAtAll(run: RunEvents): void {
    for (const [node, { event }] of this.lastTurns)
      if (this.seen.get(node)?.turn !== event) this.look(node, run);
  }

  /** Returns the state of the run just after `event`, which must be the current one. */
  take(event: number, run: RunEvents): Position {
    const { index } = this;
    const { message } = run;
    return {
      ...index.row(event),
      line: this.line,
      events: index.count,
      ...(message === undefined ? {} : { message: this.messageView(message, LONGEST_BODY) }),
      nodes: [...run.lives.keys()].map((name) => this.nodeView(name, event, run)),
      inFlight: this.inFlight(event, run),
      concerns: index.concerned(event),
    };
  }

  private look(node: string, run: RunEvents): void {
    const life = run.lives.get(node)?.life ?? 0;
    const before = this.seen.get(node);
    const known = before?.life === life ? before : UNSEEN;
    const turn = this.lastTurns.get(node)?.event;
    const shown = run.world?.inspect(node);
    if (shown?.kind !== 'state') {
      const state: StateView =
        shown === undefined
          ? { kind: 'none' }
          : { kind: 'problem', message: shortened(shown.message, LONGEST_LISTED) };
      this.seen.set(node, { ...UNSEEN, life, turn, state });
      return;
    }
    const { json } = shown;
    this.seen.set(node, {
      life,
      turn,
      json,
      state: stateView(json),
      changes: stateChanges(known.json, json),
    });
  }

  private nodeView(name: string, event: number, run: RunEvents): NodeView {
    const { life, change } = run.lives.get(name) ?? { life: 0, change: 'ended' };
    const inside = run.world?.insideOf(name);
    const inbox = run.inboxes.get(name) ?? [];
    const last = this.lastTurns.get(name);
    const turn = last?.life === life ? last.event : undefined;
    const seen = this.seen.get(name);
    const isShown = turn !== undefined && seen?.life === life && !isOver(change);
    return {
      name,
      condition: isOver(change) ? change : conditionOf(inside),
      life,
      inbox: listed(inbox, MOST_MESSAGES, (message) => this.messageView(message, LONGEST_LISTED)),
      timers: listed(inside?.timers ?? [], MOST_TIMERS, ({ message, ...timer }): TimerView => ({
        ...timer,
        dueNanos: timer.dueNanos - this.index.zeroNanos,
        ...(message === undefined ? {} : { message }),
      })),
      state: isShown ? seen.state : { kind: 'none' },
      ...(turn === undefined ? {} : { lastTurn: turn }),
      changes: isShown ? seen.changes : NO_CHANGES,
      isTurn: turn === event,
    };
  }

  private inFlight(event: number, run: RunEvents): Listed<InFlight> {
    const first: InFlight[] = [];
    let total = 0;
    for (const message of run.live.values()) {
      if (message.travelling <= 0) continue;
      if (total++ < MOST_MESSAGES) first.push(this.flight(message, event));
    }
    return { first, total };
  }

  private flight(message: LiveMessage, event: number): InFlight {
    const { index } = this;
    const end = index.endAfter(message.id, event);
    return {
      ...this.messageView(message, LONGEST_LISTED),
      ...(end === undefined ? {} : { endsNanos: index.nanosAt(end) }),
      endsLost: end !== undefined && index.row(end).happening.kind === 'lost',
      count: message.travelling,
      canChange: index.isBetweenServers(message.id),
    };
  }

  private messageView({ id, sentNanos, body, bodyBytes }: LiveMessage, longest: number): MessageView {
    const { index } = this;
    return {
      id,
      ...index.message(id),
      sentNanos: sentNanos - index.zeroNanos,
      body: shortened(body, longest),
      bodyBytes,
    };
  }
}

function listed<Item, View>(items: readonly Item[], most: number, view: (item: Item) => View): Listed<View> {
  return { first: items.slice(0, most).map(view), total: items.length };
}

function conditionOf(inside: { readonly isStarting: boolean; readonly isPaused: boolean } | undefined) {
  if (inside === undefined) return 'ended';
  if (inside.isPaused) return 'paused';
  return inside.isStarting ? 'starting' : 'running';
}

const stateView = (json: string): StateView =>
  json.length <= LONGEST_STATE
    ? { kind: 'shown', json }
    : { kind: 'long', beginning: json.slice(0, LONGEST_STATE), characters: json.length };

const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}…`;
