/**
 * What lives of processes are known to do, so that a life whose beginning is known needs no process until something new
 * happens to it. Runs that differ in one message have most lives in common.
 *
 * A process depends on nothing but what it is given: the calls that it gets (a line, a timer, a look at its state) and
 * the results of the calls that it makes to its host (the time, random numbers, the disk). So its lives form a tree:
 *
 *     start ── prints `a`, sets a timer ─┬─ line 1 ── asks for the time ─┬─ 1 s ── prints `b`
 *                                        │                               └─ 2 s ── prints `c`
 *                                        └─ line 2 ── ...
 *
 * As long as a life follows known branches, its calls to the host are made from the tree. At the first unknown one a
 * process is started and given everything that has happened, with the known results, and from there on the tree grows.
 */
import type { GuestSettings } from '../../guest/bridge.ts';
import { hostOfCalls, isSameCall, type HostCall } from './process/host-calls.ts';
import type { HostParts, SandboxHost } from './process/host-parts.ts';
import type { NodeProgram, Sandbox } from './program/node-program.ts';
import { makeSandboxHost } from './process/sandbox-host.ts';
import type { SourcePositions } from './program/source-positions.ts';

/** Maximum number of known moments, about 100 MB; when there are more, all are forgotten. */
const MOST_MOMENTS = 400_000;
/** This much text of a state that was shown counts as one more moment. */
const MOMENT_CHARACTERS = 250;

/** A program whose processes can be started at any host. */
export interface ProgramAtHost extends Pick<NodeProgram, 'name' | 'positions' | 'close'> {
  openAt(settings: GuestSettings, host: SandboxHost): Sandbox;
}

/** A process that was given the same did something else: it depends on something that outlives it. */
export class UnrepeatableLife extends Error {}

/** A call that a process gets. */
interface Given {
  readonly key: string;
  readonly give: (sandbox: Sandbox) => Answer;
}

/** What a call returns: whether a signal was heard, or the state that a look shows. */
type Answer = boolean | string | void;

/** Between two calls, the process waits. */
class Waiting {
  readonly next = new Map<string, Moment>();
}

/** A moment within a turn; what comes next is either a call to the host or the end. Undefined: not known yet. */
class Moment {
  call: HostCall | undefined;
  ending: Ending | undefined;
  private firstResult: unknown;
  private first: Moment | undefined;
  private others: Map<unknown, Moment> | undefined;

  after(result: unknown): Moment | undefined {
    return this.first !== undefined && Object.is(this.firstResult, result)
      ? this.first
      : this.others?.get(result);
  }

  add(result: unknown, next: Moment): Moment {
    if (this.first === undefined) {
      this.firstResult = result;
      this.first = next;
    } else {
      this.others ??= new Map();
      this.others.set(result, next);
    }
    return next;
  }
}

interface Ending {
  readonly value: Answer;
  readonly waits: Waiting;
}

/** What has happened to a life. */
type Happened = Given | { readonly call: HostCall; readonly result: unknown };

export class KnownLives implements NodeProgram {
  readonly name: string;
  readonly positions?: SourcePositions;
  /** Indexed by what a process is started with. */
  private readonly starts = new Map<string, Waiting>();
  private moments = 0;

  constructor(private readonly program: ProgramAtHost) {
    this.name = program.name;
    if (program.positions !== undefined) this.positions = program.positions;
  }

  open(settings: GuestSettings, parts: HostParts): Sandbox {
    const key = JSON.stringify([settings, parts.startedNanos]);
    let start = this.starts.get(key);
    if (start === undefined) this.starts.set(key, (start = new Waiting()));
    return new KnownLife(start, {
      host: makeSandboxHost(parts),
      open: (host) => this.program.openAt(settings, host),
      newMoment: () => this.newMoment(),
      keeps: (text) => void (this.moments += text.length / MOMENT_CHARACTERS),
    });
  }

  close(): void {
    this.starts.clear();
    this.program.close();
  }

  private newMoment(): Moment {
    if (++this.moments > MOST_MOMENTS) {
      this.starts.clear();
      this.moments = 0;
    }
    return new Moment();
  }
}

interface LifeParts {
  readonly host: SandboxHost;
  readonly open: (host: SandboxHost) => Sandbox;
  readonly newMoment: () => Moment;
  /** Called for a state that is kept. */
  readonly keeps: (text: string) => void;
}

class KnownLife implements Sandbox {
  /** A known life may come from a realm that was used before. */
  readonly isReused = true;
  private real: Sandbox | undefined;
  /** What a process that is started now must go through; `done` counts what it has. */
  private readonly past: Happened[] = [];
  private done = 0;
  /** True while a process is being started that must not go beyond what has happened. */
  private mustWait = false;
  private difference: UnrepeatableLife | undefined;
  /** The place in the tree at which it grows; undefined if it does not any more. */
  private moment: Moment | undefined;
  private isRecorded = true;

  constructor(
    private waits: Waiting,
    private readonly parts: LifeParts,
  ) {}

  start(): void {
    this.give({ key: 'start', give: (sandbox) => sandbox.start() });
  }
  stdin(line: string): void {
    this.give({ key: `line ${line}`, give: (sandbox) => sandbox.stdin(line) });
  }
  endStdin(): void {
    this.give({ key: 'end of stdin', give: (sandbox) => sandbox.endStdin() });
  }
  fireTimer(id: number): void {
    this.give({ key: `timer ${id}`, give: (sandbox) => sandbox.fireTimer(id) });
  }
  signal(name: string): boolean {
    return this.give({ key: `signal ${name}`, give: (sandbox) => sandbox.signal(name) }) === true;
  }
  beforeExit(): void {
    this.give({ key: 'before exit', give: (sandbox) => sandbox.beforeExit() });
  }
  exitDry(): void {
    this.give({ key: 'dry exit', give: (sandbox) => sandbox.exitDry() });
  }

  /** A look is part of the life like a line, since the program's own function may change the process. */
  look(): string | undefined {
    const shown = this.give({ key: 'look', give: (sandbox) => sandbox.look() });
    return typeof shown === 'string' ? shown : undefined;
  }

  close(): void {
    this.real?.close();
  }

  private give(given: Given): Answer {
    if (this.real !== undefined) return this.pass(given);
    const moment = this.waits.next.get(given.key);
    if (moment === undefined) {
      this.begin();
      return this.pass(given);
    }
    this.past.push(given);
    const ending = this.follow(moment);
    if (ending === undefined) return this.ended(this.begin());
    this.waits = ending.waits;
    return ending.value;
  }

  /** Makes the known calls from a moment on. Returns undefined at one after which nothing is known. */
  private follow(from: Moment): Ending | undefined {
    for (let moment = from; ;) {
      const { call, ending } = moment;
      if (ending !== undefined) return ending;
      if (call === undefined) {
        this.moment = moment;
        return undefined;
      }
      const result = call.make(this.parts.host);
      this.past.push({ call, result });
      const next = moment.after(result);
      if (next === undefined) {
        this.moment = moment.add(result, this.parts.newMoment());
        return undefined;
      }
      moment = next;
    }
  }

  /** Starts the process and gives it what has happened. The last call may go beyond that. */
  private begin(): Answer {
    const { past } = this;
    const real = this.parts.open(hostOfCalls(this.parts.host.startedNanos, (call) => this.answer(call)));
    this.real = real;
    this.mustWait = this.moment === undefined;
    let value: Answer = undefined;
    try {
      while (this.done < past.length) {
        const happened = past[this.done++];
        if (happened === undefined || 'call' in happened) this.differ('nothing', happened);
        else value = happened.give(real);
      }
    } catch (error) {
      // What the process made of it does not matter.
      throw this.difference ?? error;
    }
    if (this.difference !== undefined) throw this.difference;
    past.length = this.done = 0;
    this.mustWait = false;
    return value;
  }

  /** A call of the started process. */
  private answer(call: HostCall): unknown {
    if (this.difference !== undefined) throw this.difference;
    const happened = this.past[this.done];
    if (happened === undefined && !this.mustWait) return this.record(call);
    if (happened === undefined || !('call' in happened) || !isSameCall(happened.call, call))
      return this.differ(call.name, happened);
    this.done++;
    return happened.result;
  }

  private differ(call: string, happened: Happened | undefined): never {
    const known = happened !== undefined && 'call' in happened ? happened.call.name : 'nothing';
    this.difference = new UnrepeatableLife(`a process called ${call} where it had called ${known}`);
    throw this.difference;
  }

  private record(call: HostCall): unknown {
    const { moment } = this;
    // Until there is a result: a call that throws is not repeated.
    this.moment = undefined;
    const result = call.make(this.parts.host);
    if (moment === undefined || !this.isRecorded) return result;
    moment.call = call;
    this.moment = moment.add(result, this.parts.newMoment());
    return result;
  }

  /** Gives the process a call of which nothing is known. */
  private pass(given: Given): Answer {
    if (this.isRecorded) {
      this.moment = this.parts.newMoment();
      this.waits.next.set(given.key, this.moment);
    }
    return this.ended(given.give(this.real ?? cannotBe()));
  }

  private ended(value: Answer): Answer {
    const { moment } = this;
    this.moment = undefined;
    if (moment === undefined || !this.isRecorded) {
      this.isRecorded = false;
      return value;
    }
    if (typeof value === 'string') this.parts.keeps(value);
    this.waits = new Waiting();
    moment.ending = { value, waits: this.waits };
    return value;
  }
}

function cannotBe(): never {
  throw new Error('the process was started before');
}
