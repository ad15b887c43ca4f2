/**
 * A node under test over all its lives: started, initialised, killed, started again, paused, resumed.
 *
 *     down -> running -> killed -> running -> ...
 *                 \-> crashed                     exited by itself, permanent
 *                 \-> removed                     no longer a member of the cluster
 *
 * Its name and its port stay the same; each life is a separate process, initialised by a new client.
 */
import type { NodeActionResult } from '../../nemesis/node-control.ts';
import type { Network } from '../../network/network.ts';
import { NodePort, type FirstMessage, type GivenMessage } from '../../network/node-port.ts';
import { violationWords, type ViolationKind } from '../../network/violation-kinds.ts';
import type { ViolationLog } from '../../network/violations.ts';
import { initRpc } from '../../protocol/rpcs/init.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { NANOS_PER_SECOND, type Clock } from '../../world/clock.ts';
import { BROKEN_ANSWER, type ClientLink, type Reply } from '../../workloads/workload.ts';
import type { MarkedLine, NodeExit, NodeHandle } from '../../world/world.ts';
import { InitPatience, type Waited } from './init-patience.ts';
import { lastWords } from './last-words.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** A client's connection that its user owns and must close. */
export type OwnLink = ClientLink & { close(): void };

export interface ClusterNodeOptions {
  readonly name: string;
  readonly network: Network;
  readonly violations: ViolationLog;
  /** Starts a process for the node. Throws a UserError if it cannot be started. */
  readonly launch: (port: NodePort) => NodeHandle;
  /** Opens a client's connection bound to the node. */
  readonly connect: () => OwnLink;
  /** The names that its `init` lists. */
  readonly nodeIds: () => readonly string[];
  /**
   * Called when the process exits by itself; `given` is the last message it received, if it wrote nothing to stdout
   * afterwards.
   */
  readonly onCrash: (exit: NodeExit, given: GivenMessage | undefined) => void;
  /** Called when the machine cannot start the process. */
  readonly onRefused: (problem: UserError) => void;
  readonly clock: Clock;
  /** True while other nodes still wait to be started. */
  readonly othersStart: () => boolean;
  /** Timeout for `init`; if undefined, the default applies, which is extended while the node is busy starting. */
  readonly initTimeoutSeconds?: number | undefined;
  readonly onStderr?: ((line: string) => void) | undefined;
  /** Called with a marked line of its stderr: an assertion or a state. */
  readonly onMarked?: ((line: MarkedLine) => void) | undefined;
  /** Called when a process of the node starts (true) or has ended (false). */
  readonly onLife?: ((isRunning: boolean) => void) | undefined;
}

/** A node that reads its stdin consumes some of the waiting input within this time. */
const STUCK_AFTER_NANOS = 2 * NANOS_PER_SECOND;
/** A node that is still writing a line adds something to it within this time. */
const UNFINISHED_AFTER_NANOS = NANOS_PER_SECOND;

/**
 * A node that stopped reading: the input waiting beyond what its full pipe holds, and since when, on the world's clock.
 */
export type UnreadInput = {
  readonly node: string;
  readonly messages: number;
  readonly bytes: number;
  readonly since: number;
};

export const UNREAD_MEANINGS = {
  node: 'the node',
  messages: 'number of messages that it has not read',
  bytes: { unit: 'bytes', meaning: 'the total length of these messages' },
  since: { unit: 'ns', meaning: 'when it stopped reading, in run time' },
} as const satisfies Meanings<UnreadInput>;

/** How a start ended: initialised, failed with a problem in words, or superseded by the end of the process. */
export type StartOutcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'ended' };

export class ClusterNode {
  readonly name: string;
  private readonly port: NodePort;
  private handle: NodeHandle | undefined;
  private state: 'down' | 'running' | 'killed' | 'crashed' | 'removed' = 'down';
  private paused = false;
  /** When it was last resumed. */
  private resumedNanos = 0;
  /** The client that initialised this life. It stays open to notice a second answer. */
  private initLink: OwnLink | undefined;
  /** Set while its `init_ok` is awaited. */
  private patience: InitPatience | undefined;
  /** Called if the node ends while its `init_ok` is awaited. */
  private endStart: (() => void) | undefined;

  constructor(private readonly options: ClusterNodeOptions) {
    const { name, network, violations, onStderr, onMarked } = options;
    this.name = name;
    this.port = new NodePort({
      name,
      network,
      violations,
      onExit: (exit) => this.crashed(exit),
      onRefused: (problem) => {
        options.onRefused(problem);
        this.endStart?.();
      },
      onMarked,
      onStderr,
    });
    // Attached before any node starts, since the first one may send to the others at once.
    network.attach(name, 'node', this.port);
    network.hold(name);
  }

  /** True while its `init_ok` is awaited and it uses the processor. */
  get isBusyStarting(): boolean {
    return this.patience?.isBusy === true;
  }

  /** True when it is running and not paused. */
  get isResponsive(): boolean {
    return this.state === 'running' && !this.paused;
  }

  /** Its current condition; `down` until it is first started. */
  get condition(): 'running' | 'paused' | 'killed' | 'crashed' | 'removed' | 'down' {
    return this.state === 'running' && this.paused ? 'paused' : this.state;
  }

  /** Announces a node that will join later: messages to it are dropped until it is started. */
  announce(): void {
    this.state = 'killed';
    this.options.network.detach(this.name);
  }

  /** Returns its unread input if it is running but has read nothing for a while, else undefined. */
  unread(): UnreadInput | undefined {
    const unread = this.handle?.unread;
    if (unread === undefined || !this.isResponsive) return undefined;
    const since = Math.max(unread.sinceNanos, this.resumedNanos);
    if (this.options.clock.nowNanos() - since < STUCK_AFTER_NANOS) return undefined;
    return { node: this.name, messages: unread.packets, bytes: unread.bytes, since };
  }

  /**
   * Returns the stderr lines that look like the cause of a crash although the process is running; empty if there are
   * none.
   */
  crashLines(): readonly string[] {
    return this.isResponsive ? (this.handle?.lastStderr?.().cause ?? []) : [];
  }

  /** Reports a line that the node began and never terminated with a newline. */
  reportUnfinishedLine(): void {
    const line = this.handle?.unfinishedLine;
    if (line === undefined || !this.isResponsive) return;
    const since = Math.max(line.sinceNanos, this.resumedNanos);
    if (this.options.clock.nowNanos() - since >= UNFINISHED_AFTER_NANOS) this.port.unfinishedLine(line);
  }

  /** Ends it permanently. */
  remove(): void {
    this.kill();
    this.state = 'removed';
  }

  /** Starts its first or next life. Throws a UserError if no process can be started. */
  start(done: (outcome: StartOutcome) => void): void {
    const { network, launch } = this.options;
    if (this.state === 'killed') {
      network.attach(this.name, 'node', this.port);
      network.hold(this.name);
    }
    this.options.onLife?.(true);
    try {
      this.handle = launch(this.port);
    } catch (error) {
      network.detach(this.name);
      this.state = 'killed';
      throw error;
    }
    this.port.connect(this.handle);
    this.state = 'running';
    this.paused = false;
    this.initialise(done);
  }

  /** Starts a killed node again for the nemesis; `onProblem` receives the reason if that fails. */
  restart(done: (result: NodeActionResult) => void, onProblem: (message: string) => void): void {
    if (this.state !== 'killed') return done(this.state === 'running' ? 'running' : this.noEffectReason());
    const ended = (outcome: StartOutcome): void => {
      if (outcome.kind === 'problem') onProblem(outcome.message);
      done(outcome.kind === 'ready' ? 'started' : 'failed');
    };
    try {
      this.start(ended);
    } catch (error) {
      // The program existed when the run began, so this is a problem of the node, not of the user.
      if (!(error instanceof UserError)) throw error;
      ended({ kind: 'problem', message: `${this.name} could not be restarted: ${error.message}` });
    }
  }

  kill(): NodeActionResult {
    if (this.state === 'killed') return 'already-killed';
    if (this.state !== 'running') return this.noEffectReason();
    this.state = 'killed';
    this.paused = false;
    this.handle?.kill();
    this.options.onLife?.(false);
    this.options.network.detach(this.name);
    this.endStart?.();
    return 'killed';
  }

  pause(): NodeActionResult {
    if (this.state !== 'running') return 'not-running';
    if (this.paused) return 'already-paused';
    this.paused = true;
    this.handle?.pause();
    return 'paused';
  }

  resume(): NodeActionResult {
    if (this.state !== 'running') return 'not-running';
    if (!this.paused) return 'running';
    this.paused = false;
    this.resumedNanos = this.options.clock.nowNanos();
    this.handle?.resume();
    return 'resumed';
  }

  /** Ends it; resolves when no process of it is left. */
  async stop(): Promise<void> {
    await this.handle?.stop();
  }

  private noEffectReason(): NodeActionResult {
    return this.state === 'crashed' ? 'crashed' : 'not-running';
  }

  private crashed(exit: NodeExit): void {
    this.state = 'crashed';
    this.options.onLife?.(false);
    this.options.network.detach(this.name);
    this.options.onCrash(exit, this.port.lastGiven());
    this.endStart?.();
  }

  private firstViolation(): ViolationKind | undefined {
    return this.options.violations.list().find(({ node }) => node === this.name)?.kind;
  }

  private initialise(done: (outcome: StartOutcome) => void): void {
    const link = this.options.connect();
    this.initLink?.close();
    this.initLink = link;
    this.options.network.hold(this.name, link.name);
    const end = (outcome: StartOutcome): void => {
      this.endStart = undefined;
      this.patience = undefined;
      patience.stop();
      if (outcome.kind !== 'ready') link.close();
      this.options.network.release(this.name);
      done(outcome);
    };
    this.endStart = () => end({ kind: 'ended' });
    const patience = new InitPatience({
      clock: this.options.clock,
      seconds: this.options.initTimeoutSeconds,
      cpuNanos: () => this.handle?.cpuNanos?.(),
      othersStart: this.options.othersStart,
      onEnd: (waited) => this.explainSilence(link, waited, (message) => end({ kind: 'problem', message })),
    });
    this.patience = patience;
    const fields = { node_id: this.name, node_ids: this.options.nodeIds() };
    link.rpc(initRpc, this.name, fields, (reply) => end(initOutcome(link, reply)), patience.longestMs);
  }

  /** A node that printed nothing is asked for what it prints at the end of its stdin, which shows whether it had an answer. */
  private explainSilence(link: ClientLink, waited: Waited, explained: (message: string) => void): void {
    const { handle } = this;
    const wrote = this.firstViolation();
    // While its processes run.
    const flushing = handle?.flushAdvice?.();
    const explain = (atEnd: string | undefined): void =>
      explained(noAnswer(link, waited, { handle, wrote, atEnd, flushing, first: this.port.firstMessage }));
    const printing = wrote === undefined && !waited.isBusy ? handle?.printsAtEnd?.() : undefined;
    if (printing === undefined) explain(undefined);
    else void printing.then(explain);
  }
}

function unflushed(advice: string | undefined): string {
  const how =
    advice ?? 'in Python by print(..., flush=True), in Ruby by $stdout.sync = true, in C by fflush(stdout)';
  return `Its output is kept in a buffer: flush stdout after each line, ${how}. Or it reads all of its stdin before it answers: read line by line.`;
}

interface Silence {
  readonly handle: NodeHandle | undefined;
  readonly wrote: ViolationKind | undefined;
  readonly first: FirstMessage | undefined;
  /** What it printed once its stdin was closed. */
  readonly atEnd: string | undefined;
  /** How its language flushes stdout, if known. */
  readonly flushing: string | undefined;
}

function initOutcome({ node }: ClientLink, reply: Reply): StartOutcome {
  if (reply.kind === 'reply') return { kind: 'ready' };
  if (reply.kind === 'error') {
    // The error code of a malformed reply is one of ours, so it is not shown.
    const code = reply.text.startsWith(BROKEN_ANSWER) ? '' : ` (error ${reply.code})`;
    const message = `${node} did not accept \`init\`: ${shownText(reply.text)}${code}.`;
    return { kind: 'problem', message };
  }
  return { kind: 'problem', message: `${node} did not answer \`init\`.` };
}

function noAnswer(
  { node, name }: ClientLink,
  { seconds, isBusy }: Waited,
  { handle, wrote, first, atEnd, flushing }: Silence,
): string {
  const unfinished = handle?.unfinishedLine;
  const said = handle?.lastStderr?.();
  const expected = `{"src": "${node}", "dest": "${name}", "body": {"type": "init_ok", "in_reply_to": 1}}`;
  const advice =
    unfinished !== undefined
      ? `It wrote ${unfinished.bytes} bytes without a newline, which is not a complete line.`
      : wrote !== undefined
        ? `It wrote instead: ${violationWords(wrote)}.`
        : first !== undefined
          ? `Its first message went to ${first.dest}: ${first.beginning}. An answer goes to the \`src\` of its request, here ${name}.`
          : isBusy
            ? `It was using the CPU, or waiting for it, all that time: it may still be starting, or be stuck in a loop. To wait longer: --init-timeout ${Math.ceil(seconds * 2)}`
            : atEnd?.includes('"init_ok"') === true
              ? `It printed that only when its stdin was closed. ${unflushed(flushing)}`
              : `Does it read its stdin line by line, answer \`init\`, end the line with a newline, and flush${flushing === undefined ? '? With the SDK: does every `onInit` return?' : `, ${flushing}?`}`;
  return (
    `${node} did not answer \`init\` within ${seconds} seconds. ` +
    `Expected one line on its stdout: ${expected}. ${advice}` +
    (said === undefined || said.lastStderr.length === 0 ? '' : ` ${lastWords(said)}`)
  );
}
