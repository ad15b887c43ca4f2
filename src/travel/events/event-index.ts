/**
 * The events of a run as columns: what is known of each without running again. Two runs of one spec and seed have the
 * same columns, because names and texts are numbered in order of appearance; so the columns show whether and where two
 * runs diverge.
 */
import { Float64Column, Int32Column, Uint8Column } from '../../columns/column.ts';
import { addTo } from '../../columns/groups.ts';
import type { Op } from '../../history/op.ts';
import { stringifyJson } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { partitionText } from '../../recording/fault-bands.ts';
import type { EventRow, Happening } from '../../recording/travel-view.ts';
import type { Cause } from '../../world/cause.ts';
import type { LifeChange, TurnKind } from '../../world/simulated/observer.ts';
import type { FatalTurn } from '../../world/simulated/turn/turn-record.ts';
import { Texts } from './texts.ts';

const LIFE_CHANGES: readonly LifeChange[] = ['started', 'paused', 'resumed', 'ended', 'killed', 'stopped'];
const TURN_KINDS: readonly TurnKind[] = ['start', 'message', 'timer', 'signal', 'end'];

/** An event as numbers; the meaning of `subject` and `detail` depends on the kind. */
export interface RawEvent {
  readonly kind: number;
  /** Time on the world's clock. */
  readonly nanos: number;
  readonly subject: number;
  readonly detail: number;
  /** Hash of everything else that must agree when two events are the same. */
  readonly check: number;
}

/** Numbers of the kinds. `turn` is followed by one number for each kind of turn. */
export const KIND = {
  /** Subject: a message; `check`: its body. */
  sent: 0,
  received: 1,
  /** Subject: a message; detail: a text, the reason. */
  lost: 2,
  /** Subject: a message; detail: number of copies. */
  duplicated: 3,
  /** Subject: a name; detail: an index into LIFE_CHANGES. */
  life: 4,
  /** Subject: an index of the history; `check`: the operation. */
  operation: 5,
  /** Subject: a text. */
  phase: 6,
  /** Subject: a name; detail: the message that is handled or in whose handling the timer was set, -1 if none. */
  turn: 7,
} as const;

export const NO_MESSAGE = -1;
const NEVER = -1;
const MESSAGE_TURN = KIND.turn + TURN_KINDS.indexOf('message');
const LONGEST_VALUE = 300;

export class EventIndex {
  readonly names = new Texts();
  /** Message types, reasons and phases. */
  readonly texts = new Texts();
  /** Time on the world's clock at which the run's times begin; known when the run has ended. */
  zeroNanos = 0;
  /** Turns of nodes that did not yield. */
  readonly fatalTurns: FatalTurn[] = [];
  /** The history. */
  readonly ops: Op[] = [];
  readonly clients = new Set<string>();
  private readonly kinds = new Uint8Column();
  private readonly nanos = new Float64Column();
  private readonly subjects = new Int32Column();
  private readonly details = new Int32Column();
  private readonly checks = new Int32Column();
  // Columns indexed by message id.
  private readonly froms = new Int32Column();
  private readonly tos = new Int32Column();
  private readonly types = new Int32Column();
  private readonly causes = new Float64Column();
  private readonly sendings = new Int32Column();
  /** First event at which it arrives or is lost; NEVER if there is none. */
  private readonly firstEnds = new Int32Column();
  /** Further such events of duplicated messages, indexed by id. */
  private readonly laterEnds = new Map<number, number[]>();
  /** First turn that handled it; NEVER if there is none. */
  private readonly handlings = new Int32Column();

  constructor(private readonly firstMembers: readonly string[]) {}

  get count(): number {
    return this.kinds.length;
  }

  get messageCount(): number {
    return this.froms.length;
  }

  add({ kind, nanos, subject, detail, check }: RawEvent): void {
    const event = this.kinds.push(kind);
    if (kind === KIND.received || kind === KIND.lost) {
      if (this.firstEnds.at(subject) === NEVER) this.firstEnds.set(subject, event);
      else addTo(this.laterEnds, subject, event);
    } else if (kind === MESSAGE_TURN && this.handlings.at(detail) === NEVER) {
      this.handlings.set(detail, event);
    }
    this.nanos.push(nanos);
    this.subjects.push(subject);
    this.details.push(detail);
    this.checks.push(check);
  }

  addMessage(from: string, to: string, type: string, cause: Cause | undefined): void {
    this.froms.push(this.names.idOf(from));
    this.tos.push(this.names.idOf(to));
    this.types.push(this.texts.idOf(type));
    this.causes.push(cause ?? -1);
    this.sendings.push(this.count);
    this.firstEnds.push(NEVER);
    this.handlings.push(NEVER);
  }

  isSame(event: number, other: RawEvent): boolean {
    return (
      event < this.count &&
      this.kinds.at(event) === other.kind &&
      this.nanos.at(event) === other.nanos &&
      this.subjects.at(event) === other.subject &&
      this.details.at(event) === other.detail &&
      this.checks.at(event) === other.check
    );
  }

  raw(event: number): RawEvent {
    return {
      kind: this.kinds.at(event),
      nanos: this.nanos.at(event),
      subject: this.subjects.at(event),
      detail: this.details.at(event),
      check: this.checks.at(event),
    };
  }

  kindAt(event: number): number {
    return this.kinds.at(event);
  }

  /** Returns the time of the event in the run's time. */
  nanosAt(event: number): number {
    return this.nanos.at(event) - this.zeroNanos;
  }

  message(id: number): { readonly from: string; readonly to: string; readonly type: string } {
    return {
      from: this.names.textOf(this.froms.at(id)),
      to: this.names.textOf(this.tos.at(id)),
      type: this.texts.textOf(this.types.at(id)),
    };
  }

  sentAt(id: number): number {
    return this.sendings.at(id);
  }

  /** Returns the first turn that handled it; undefined if none did. */
  handledAt(id: number): number | undefined {
    const event = this.handlings.at(id);
    return event === NEVER ? undefined : event;
  }

  /** Returns the first event after `event` at which the message, or a copy of it, arrives or is lost. */
  endAfter(id: number, event: number): number | undefined {
    const first = this.firstEnds.at(id);
    if (first === NEVER || first > event) return first === NEVER ? undefined : first;
    return this.laterEnds.get(id)?.find((end) => end > event);
  }

  causeOf(id: number): Cause | undefined {
    const cause = this.causes.at(id);
    return cause < 0 ? undefined : cause;
  }

  /** Only messages between servers can be lost, delayed or duplicated. */
  isBetweenServers(id: number): boolean {
    const { from, to } = this.message(id);
    return !this.clients.has(from) && !this.clients.has(to);
  }

  /** Returns its number, from 0, among the messages of its type on the same link. Linear in `id`. */
  nth(id: number): number {
    let count = 0;
    for (let other = 0; other < id; other++) {
      if (
        this.froms.at(other) === this.froms.at(id) &&
        this.tos.at(other) === this.tos.at(id) &&
        this.types.at(other) === this.types.at(id)
      )
        count++;
    }
    return count;
  }

  /** Returns all nodes that ever ran, in the order of their first start. */
  nodes(): readonly string[] {
    const found = new Set<string>();
    for (let event = 0; event < this.count; event++)
      if (this.kinds.at(event) === KIND.life) found.add(this.names.textOf(this.subjects.at(event)));
    return [...found];
  }

  row(event: number): EventRow {
    return { event, nanos: this.nanosAt(event), happening: this.happening(event) };
  }

  /** True when the event concerns the endpoint: it sent or received, had a turn, or its life changed. */
  concerns(event: number, name: string): boolean {
    const id = this.names.known(name);
    if (id === undefined) return false;
    const kind = this.kinds.at(event);
    const subject = this.subjects.at(event);
    switch (kind) {
      case KIND.operation:
      case KIND.phase:
        return false;
      case KIND.sent:
      case KIND.duplicated:
        return this.froms.at(subject) === id;
      case KIND.received:
        return this.tos.at(subject) === id;
      case KIND.lost:
        return this.froms.at(subject) === id || this.tos.at(subject) === id;
      default:
        return subject === id;
    }
  }

  /** Returns the names for which `concerns` is true. */
  concerned(event: number): readonly string[] {
    const kind = this.kinds.at(event);
    const subject = this.subjects.at(event);
    if (kind === KIND.operation || kind === KIND.phase) return [];
    if (kind > KIND.duplicated) return [this.names.textOf(subject)];
    const { from, to } = this.message(subject);
    return kind === KIND.received ? [to] : kind === KIND.lost ? [from, to] : [from];
  }

  private happening(event: number): Happening {
    const { kind, subject, detail } = this.raw(event);
    switch (kind) {
      case KIND.sent:
        return { kind: 'sent', message: subject, ...this.message(subject) };
      case KIND.received:
        return { kind: 'received', message: subject, ...this.message(subject) };
      case KIND.lost:
        return {
          kind: 'lost',
          message: subject,
          ...this.message(subject),
          reason: this.texts.textOf(detail),
        };
      case KIND.duplicated:
        return { kind: 'duplicated', message: subject, ...this.message(subject), copies: detail };
      case KIND.life:
        return {
          kind: 'life',
          node: this.names.textOf(subject),
          what: LIFE_CHANGES[detail] ?? 'ended',
        };
      case KIND.operation:
        return this.operation(subject);
      case KIND.phase:
        return { kind: 'phase', phase: this.texts.textOf(subject) };
      default:
        return this.turn(kind - KIND.turn, this.names.textOf(subject), detail);
    }
  }

  private operation(index: number): Happening {
    const op = this.ops[index];
    if (op === undefined) throw new RangeError(`the history has no entry ${index}`);
    const { process, type, f, value } = op;
    return {
      kind: 'operation',
      index,
      process,
      type,
      f,
      value: shownText(this.partitionText(op, index) ?? stringifyJson(value), LONGEST_VALUE),
    };
  }

  /** Who hears whom, for people; undefined if the operation is no partition. */
  private partitionText({ process }: Op, index: number): string | undefined {
    if (process !== 'nemesis') return undefined;
    const until = this.ops.slice(0, index + 1).filter((op) => op.process === 'nemesis');
    return partitionText(until, this.firstMembers);
  }

  private turn(number: number, node: string, message: number): Happening {
    const kind = TURN_KINDS[number] ?? 'end';
    if (kind === 'message') {
      const { from, type } = this.message(message);
      return { kind: 'turn', node, of: { kind, message, from, type } };
    }
    if (kind !== 'timer') return { kind: 'turn', node, of: { kind } };
    return { kind: 'turn', node, of: message === NO_MESSAGE ? { kind } : { kind, message } };
  }
}

export const turnKindNumber = (kind: TurnKind): number => KIND.turn + TURN_KINDS.indexOf(kind);
export const lifeNumber = (change: LifeChange): number => LIFE_CHANGES.indexOf(change);
export const isTurn = (kind: number): boolean => kind >= KIND.turn;
