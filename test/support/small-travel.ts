/**
 * A run of a few events that can be stepped through without a program: two nodes that pass a number back and forth. It
 * answers as recording/travel-view.ts describes, and can imitate special states of a server: its process is ended, or a
 * run is not ready at once.
 */
import type {
  Branch,
  BranchRequest,
  EventList,
  EventRow,
  EventsRequest,
  Happening,
  Line,
  LineId,
  Position,
  SavedBranch,
  SeekRequest,
  SeekTarget,
  TravelState,
} from '../../src/recording/travel-view.ts';

/** A refusal like the server's, with a status and a message. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface SmallTravelOptions {
  readonly rounds?: number;
  /** How often it reports that it is not ready. */
  readonly preparing?: number;
  /** Text that is inserted into names, messages, sentences and commands. */
  readonly text?: string;
}

const ROUND: readonly Happening['kind'][] = ['sent', 'received', 'turn'];

export class SmallTravel {
  /** All requests received, as `seek {"to":...}`. */
  readonly asked: string[] = [];
  private branches: Branch[] = [];
  private isHeld = false;
  private made = 0;
  private preparing: number;
  private readonly rounds: number;
  private readonly text: string;

  constructor({ rounds = 40, preparing = 0, text = '' }: SmallTravelOptions = {}) {
    this.rounds = rounds;
    this.preparing = preparing;
    this.text = text;
  }

  /** Imitates a node that never yields: branches are gone, and the next request is refused. */
  endProcess(): void {
    this.isHeld = false;
    this.branches = [];
    // Ids start elsewhere, so that an old one belongs to another branch, or to none.
    this.made = 10;
  }

  answer(route: string, request: unknown): unknown {
    this.asked.push(`${route} ${JSON.stringify(request)}`);
    switch (route) {
      case 'open':
        return this.open();
      case 'seek':
        return this.seek(request as SeekRequest);
      case 'events':
        return this.events(request as EventsRequest);
      case 'branch':
        return this.branch(request as BranchRequest);
      case 'save':
        return this.save();
      default:
        throw new Refusal(404, `There is no route ${route}.`);
    }
  }

  private open(): TravelState {
    if (this.preparing > 0) {
      this.preparing--;
      return { kind: 'preparing', messages: 10, ofMessages: 40 };
    }
    this.isHeld = true;
    return {
      kind: 'ready',
      line: this.lineOf('recorded'),
      program: '/programs/small.ts',
      remarks: this.text === '' ? [] : [this.text],
      branches: this.branches,
    };
  }

  private seek({ line = 'recorded', to }: SeekRequest): Position {
    const { events } = this.held(line);
    const event = Math.max(0, Math.min(events - 1, this.eventOf(to)));
    const { nanos, happening } = this.row(line, event);
    const round = Math.floor(event / ROUND.length);
    const isOnWay = event % ROUND.length === 0;
    const message = this.messageOf(round);
    return {
      line,
      event,
      events,
      nanos,
      happening,
      message,
      concerns: happening.kind === 'turn' ? [happening.node] : [message.to],
      nodes: [0, 1].map((at) => this.node(at, event)),
      inFlight: {
        first: isOnWay
          ? [{ ...message, endsNanos: nanos + 1e6, endsLost: false, count: 1, canChange: true }]
          : [],
        total: isOnWay ? 1 : 0,
      },
    };
  }

  private events({ line = 'recorded', from, count }: EventsRequest): EventList {
    const { events } = this.held(line);
    const rows = Array.from({ length: Math.max(0, Math.min(count, events - from)) }, (_, at) =>
      this.row(line, from + at),
    );
    return from + count < events ? { rows, next: from + count } : { rows };
  }

  private branch({ line = 'recorded', at, change }: BranchRequest): Branch {
    this.held(line);
    if (change.kind === 'drop' && change.message >= this.rounds)
      throw new Refusal(400, `There is no message ${change.message}.`);
    const id: LineId = `branch-${++this.made}`;
    const branch: Branch = {
      line: { ...this.lineOf(id), verdict: 'valid', signature: [] },
      of: line,
      at,
      change,
      sentence: `Everything is right. ${this.text}`,
      story: this.text === '' ? [] : [this.text],
      difference: { event: at + 1, original: this.row(line, at + 1), branch: this.row(id, at + 1) },
    };
    this.branches = [...this.branches, branch];
    return branch;
  }

  private save(): SavedBranch {
    return {
      run: 'broadcast/20261121T033319.799Z',
      folder: '/store/broadcast/20261121T033319.799Z',
      scenario: '/store/broadcast/20261121T033319.799Z/scenario.json',
      command: `maelstrom test --scenario scenario.json ${this.text}`,
    };
  }

  private held(line: LineId): Line {
    if (!this.isHeld) {
      this.isHeld = true;
      throw new Refusal(410, 'The process that held the run was ended.');
    }
    if (line !== 'recorded' && !this.branches.some((branch) => branch.line.id === line))
      throw new Refusal(404, `There is no line ${line}.`);
    return this.lineOf(line);
  }

  private lineOf(id: LineId): Line {
    const events = this.rounds * ROUND.length;
    return {
      id,
      events,
      messages: this.rounds,
      startNanos: 0,
      endNanos: events * 1e6,
      nodes: [0, 1].map((at) => this.name(at)),
      verdict: 'invalid',
      signature: ['lost'],
    };
  }

  private eventOf(to: SeekTarget): number {
    switch (to.kind) {
      case 'event':
        return to.event;
      case 'time':
        return Math.floor(to.nanos / 1e6);
      case 'message':
        return to.id * ROUND.length + (to.what === 'sent' ? 0 : to.what === 'handled' ? 2 : 1);
      case 'operation':
        throw new Refusal(400, `The history has no entry ${to.index}.`);
      case 'step':
        // A node takes a turn in every second round, and takes part in each message.
        return to.from + to.by * (to.node === undefined ? 1 : ROUND.length);
    }
  }

  private row(line: LineId, event: number): EventRow {
    const round = Math.floor(event / ROUND.length);
    const { id, from, to, type } = this.messageOf(round);
    const kind = ROUND[event % ROUND.length];
    const message = { message: id, from, to, type: line === 'recorded' ? type : `${type}-${line}` };
    const nanos = event * 1e6;
    if (kind === 'turn')
      return { event, nanos, happening: { kind, node: to, of: { kind: 'message', ...message } } };
    return { event, nanos, happening: { kind: kind === 'received' ? kind : 'sent', ...message } };
  }

  private messageOf(round: number) {
    const body = JSON.stringify({ type: `pass${this.text}`, value: round });
    return {
      id: round,
      from: this.name(round % 2),
      to: this.name((round + 1) % 2),
      type: `pass${this.text}`,
      sentNanos: round * ROUND.length * 1e6,
      body,
      bodyBytes: body.length,
    };
  }

  private node(at: number, event: number): Position['nodes'][number] {
    const round = Math.floor(event / ROUND.length);
    const isTurn = event % ROUND.length === 2 && (round + 1) % 2 === at;
    const seen = Math.floor((round + (event % ROUND.length === 2 ? 1 : 0) + 1 - at) / 2);
    return {
      name: this.name(at),
      condition: 'running',
      life: 1,
      inbox: {
        first: event % ROUND.length === 1 && (round + 1) % 2 === at ? [this.messageOf(round)] : [],
        total: event % ROUND.length === 1 && (round + 1) % 2 === at ? 1 : 0,
      },
      timers: {
        first: [{ dueNanos: (event + 5) * 1e6, isDue: false, delayNanos: 1e7, isAgain: true }],
        total: 1,
      },
      state: { kind: 'shown', json: JSON.stringify({ [`seen${this.text}`]: seen, peers: ['n1', 'n2'] }) },
      lastTurn: event,
      changes: isTurn
        ? { first: [{ path: [`seen${this.text}`], before: String(seen - 1), after: String(seen) }], total: 1 }
        : { first: [], total: 0 },
      isTurn,
    };
  }

  private name(at: number): string {
    return `n${at + 1}${this.text}`;
  }
}
