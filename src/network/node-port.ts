/**
 * A node's port: connects its stdout to the network, and the network to its stdin.
 *
 * Every line is checked and scanned as bytes, and its body is passed on as a slice. A line that breaks the protocol is
 * recorded with the node and what was expected, and is not sent.
 */
import { isUtf8 } from 'node:buffer';
import { EnvelopeScanner } from '../protocol/lines/envelope.ts';
import { byteOrderMark, explainLine } from '../protocol/lines/explain-line.ts';
import { shownText } from '../protocol/shown-text.ts';
import type { UserError } from '../protocol/user-error.ts';
import type { Origin } from '../world/cause.ts';
import type {
  BrokenLine,
  MarkedLine,
  NodeEvents,
  NodeExit,
  NodeHandle,
  Packet,
  UnfinishedLine,
} from '../world/world.ts';
import type { Endpoint } from './endpoint.ts';
import type { Network } from './network.ts';
import { saidOrigin } from './said-origin.ts';
import type { ViolationKind } from './violation-kinds.ts';
import type { ViolationLog } from './violations.ts';

export interface NodePortOptions {
  readonly name: string;
  readonly network: Network;
  readonly violations: ViolationLog;
  /** Called when the node ended without being asked to. */
  readonly onExit?: (exit: NodeExit) => void;
  /** Called when the machine could not start it. */
  readonly onRefused?: (problem: UserError) => void;
  /** Called with a line of its stderr, for `--log-stderr`. */
  readonly onStderr?: ((line: string) => void) | undefined;
  /** Called with a line of its stderr that is marked for the harness. */
  readonly onMarked?: ((line: MarkedLine) => void) | undefined;
  /** Maximum number of unread bytes for its stdin; beyond it, messages are dropped. Default: 64 MiB. */
  readonly maxBacklogBytes?: number;
}

const MIB = 1024 * 1024;
/** Space, tab, carriage return. */
const BLANKS: readonly number[] = [0x20, 0x09, 0x0d];

/** The last message that a node was given, truncated. */
export interface GivenMessage {
  readonly src: string;
  readonly beginning: string;
  readonly bytes: number;
  /** The number of messages it was given since it last printed a line. */
  readonly count: number;
}

/** Number of bytes of the message that are kept. */
const KEPT_BYTES = 300;

/** The first message that a node sent in its present life. */
export interface FirstMessage {
  readonly dest: string;
  /** The line, truncated; safe to print. */
  readonly beginning: string;
}

/** Why a well-formed message is not sent. */
type AddressProblem = 'wrong-src' | 'unknown-dest';

export class NodePort implements Endpoint, NodeEvents {
  readonly stderr?: (line: string) => void;
  private readonly scanner = new EnvelopeScanner();
  private readonly maxBacklogBytes: number;
  private handle: NodeHandle | undefined;
  private lines = 0;
  private readonly kept = Buffer.alloc(KEPT_BYTES);
  private readonly given = { src: '', bytes: 0, count: 0 };
  private first: FirstMessage | undefined;

  constructor(private readonly options: NodePortOptions) {
    this.maxBacklogBytes = options.maxBacklogBytes ?? 64 * MIB;
    if (options.onStderr !== undefined) this.stderr = options.onStderr;
  }

  /** Uses that process from now on. Line numbers continue over all the node's lives. */
  connect(handle: NodeHandle): void {
    this.handle = handle;
    this.given.count = 0;
    this.first = undefined;
  }

  get firstMessage(): FirstMessage | undefined {
    return this.first;
  }

  refuses(): boolean {
    if (this.handle === undefined || this.handle.backlogBytes <= this.maxBacklogBytes) return false;
    const { name, violations } = this.options;
    violations.record(name, 'not-reading', 0, () => ({
      message: `${name} does not read its stdin: ${Math.floor(this.maxBacklogBytes / MIB)} MiB of messages are waiting for it. Further messages to it are dropped until it reads again. Expected: a node keeps reading while it writes.`,
      sample: '',
    }));
    return true;
  }

  deliver(packet: Packet): void {
    const { given } = this;
    given.src = packet.src;
    given.bytes = packet.body.length;
    given.count++;
    packet.body.copy(this.kept);
    this.handle?.deliver(packet);
  }

  /** Returns the last message that it was given since it last printed a line, or undefined if none. */
  lastGiven(): GivenMessage | undefined {
    const { src, bytes, count } = this.given;
    if (count === 0) return undefined;
    const beginning = this.kept.toString('utf8', 0, Math.min(bytes, KEPT_BYTES));
    return { src, bytes, count, beginning: bytes > KEPT_BYTES ? `${beginning}...` : beginning };
  }

  line(bytes: Buffer, start: number, end: number): void {
    this.lines++;
    this.given.count = 0;
    const { name, network } = this.options;
    const scanner = this.scanner;
    const verdict = scanner.scan(bytes, start, end);
    if (verdict !== 'ok') return this.refuseLine(verdict, bytes, start, end);
    // A body with invalid UTF-8 would break its receiver. Names are covered by the lookups below.
    if (!isUtf8(bytes.subarray(start, end))) return this.refuseLine('not-utf8', bytes, start, end);
    const { src, dest } = scanner;
    // A client's request that is forwarded in the client's name is answered directly to the client; some programs rely
    // on that. A node never forwards to itself: then `src` and `dest` of a reply were not swapped.
    const forwards = src !== name && dest !== name && network.kindOf(src) === 'client';
    if (src !== name && !forwards) return this.refuseAddress('wrong-src', bytes, start, end);
    const body = bytes.subarray(scanner.bodyStart, scanner.bodyEnd);
    const said =
      scanner.causeEnd > 0 && network.takesOrigins ? this.originSaid(bytes, start, end) : undefined;
    const outcome = forwards
      ? network.forward(name, src, dest, body, said)
      : network.send(name, dest, body, said);
    if (outcome === 'unknown-dest') return this.refuseAddress('unknown-dest', bytes, start, end);
    this.first ??= {
      dest,
      beginning: shownText(bytes.toString('utf8', start, Math.min(end, start + KEPT_BYTES)), 200),
    };
    if (forwards) this.warnOfClientSrc(bytes, start, end);
    if (scanner.extraEnd > 0) this.warnOfExtraField(bytes, start, end);
  }

  brokenLine(problem: BrokenLine): void {
    this.lines++;
    const { name, violations } = this.options;
    const line = this.lines;
    violations.record(name, problem.kind === 'too-long' ? 'line-too-long' : 'line-unfinished', line, () => ({
      message:
        problem.kind === 'too-long'
          ? `Line ${line} of ${name}'s stdout is longer than ${problem.limitBytes} bytes and was skipped. ` +
            `Expected: one message per line, each terminated by a newline.`
          : `${name}'s stdout ended in the middle of line ${line}, after ${problem.bytes} bytes without a newline. ` +
            `Expected: every message ends with a newline, and the output is flushed.`,
      sample: beginningOf(problem),
    }));
  }

  stdoutClosed(): void {
    const { name, violations } = this.options;
    violations.record(name, 'stdout-closed', this.lines, () => ({
      message: `${name} closed its stdout after line ${this.lines} but keeps running; it can no longer send messages. Expected: a node keeps its stdout open as long as it runs.`,
      sample: '',
    }));
  }

  stdinClosed(): void {
    const { name, violations } = this.options;
    violations.record(name, 'stdin-closed', 0, () => ({
      message: `${name} closed its stdin but keeps running; it no longer receives messages. Expected: a node reads its stdin as long as it runs.`,
      sample: '',
    }));
  }

  /** Reports output without a newline that was printed long ago. */
  unfinishedLine({ bytes, beginning }: UnfinishedLine): void {
    this.lines++;
    const { name, violations } = this.options;
    const line = this.lines;
    violations.record(name, 'line-left-open', line, () => ({
      message:
        `Line ${line} of ${name}'s stdout is unfinished: ${bytes} bytes without a newline, so it was not accepted as a message. ` +
        `Expected: every message ends with a newline, and the output is flushed.`,
      sample: beginningOf({ beginning }),
    }));
  }

  exit(exit: NodeExit): void {
    this.options.onExit?.(exit);
  }

  marked(line: MarkedLine): void {
    this.options.onMarked?.(line);
  }

  refused(problem: UserError): void {
    this.options.onRefused?.(problem);
  }

  /** Returns the origin in the field `cause`, or undefined if it is impossible. */
  private originSaid(bytes: Buffer, start: number, end: number): Origin | undefined {
    const { name, network, violations } = this.options;
    const { causeStart, causeEnd } = this.scanner;
    const line = this.lines;
    const said = saidOrigin(bytes, causeStart, causeEnd);
    const isPossible =
      said !== undefined && (said.message === undefined || network.hasReceived(name, said.message));
    if (isPossible) return said;
    violations.record(name, 'unknown-cause', line, () => ({
      message:
        `Line ${line} of ${name}'s stdout has the "cause" ${shownText(bytes.toString('utf8', causeStart, causeEnd), 60)}, ` +
        `${said === undefined ? 'which is not a cause' : `but ${name} has received no message with that id`}. The message was sent without its cause. Expected: the "id" of a message that ${name} received, {"timer": id} or null.`,
      sample: sampleOf(bytes, start, end),
    }));
    return undefined;
  }

  private refuseLine(verdict: ViolationKind, bytes: Buffer, start: number, end: number): void {
    const { name, violations } = this.options;
    const line = this.lines;
    const text = bytes.subarray(start, end);
    const kind = byteOrderMark(text) === undefined ? verdict : 'byte-order-mark';
    if (isBlank(text)) {
      const message = `Line ${line} of ${name}'s stdout is blank; it was skipped. Expected: only messages.`;
      violations.record(name, 'blank-line', line, () => ({ message, sample: '' }));
      return;
    }
    violations.record(name, kind, line, () => {
      const explanation = explainLine(text);
      if (explanation === undefined)
        return { message: `Line ${line} of ${name}'s stdout: ${kind}.`, sample: '' };
      const { seen, problem, expected, hint } = explanation;
      const advice = hint === undefined ? '' : ` ${hint}`;
      return {
        message: `Line ${line} of ${name}'s stdout is not a message: ${problem}. Expected: ${expected}.${advice}`,
        sample: seen,
      };
    });
  }

  private warnOfClientSrc(bytes: Buffer, start: number, end: number): void {
    const { name, violations } = this.options;
    const line = this.lines;
    const { src } = this.scanner;
    violations.record(name, 'client-src', line, () => ({
      message: `Line ${line} of ${name}'s stdout has the "src" ${shownText(JSON.stringify(src), 60)}, which is a client's name. The message was sent unchanged, so the reply goes to that client. Expected: "src" is the sender's own name, "${name}".`,
      sample: sampleOf(bytes, start, end),
    }));
  }

  private warnOfExtraField(bytes: Buffer, start: number, end: number): void {
    const { name, violations } = this.options;
    const line = this.lines;
    const { extraStart, extraEnd } = this.scanner;
    violations.record(name, 'extra-envelope-field', line, () => {
      const field = shownText(bytes.toString('utf8', extraStart, extraEnd), 60);
      return {
        message: `Line ${line} of ${name}'s stdout has the field "${field}" in addition to "src", "dest" and "body". The message was sent without it; the original Maelstrom ignores everything that such a node sends from then on. Expected: all other fields are in the "body".`,
        sample: sampleOf(bytes, start, end),
      };
    });
  }

  private refuseAddress(kind: AddressProblem, bytes: Buffer, start: number, end: number): void {
    const { name, network, violations } = this.options;
    const line = this.lines;
    const { src, dest } = this.scanner;
    violations.record(name, kind, line, () => ({
      message:
        kind === 'wrong-src'
          ? `Line ${line} of ${name}'s stdout claims to come from ${shownText(JSON.stringify(src), 60)}. ` +
            `Expected: "src" is the sender's own name, "${name}". The message was not sent.${srcHint(name, this.scanner, network)}`
          : `Line ${line} of ${name}'s stdout is for ${shownText(JSON.stringify(dest), 60)}, but nothing with that name exists. Expected: "dest" is a node, a client or a service. The message was not sent.`,
      sample: sampleOf(bytes, start, end),
    }));
  }
}

/** Returns the most common reason for this wrong `src`. */
function srcHint(
  name: string,
  { src, dest }: Pick<EnvelopeScanner, 'src' | 'dest'>,
  network: Network,
): string {
  if (dest === name) return ' "src" and "dest" seem to be copied from the request: an answer must swap them.';
  return network.kindOf(src) === 'node' ? ' A node learns its name from "node_id" in `init`.' : '';
}

const SHOWN_CHARACTERS = 200;

/** The beginning of a line, without the length of the whole line. */
const beginningOf = ({ beginning }: { readonly beginning: string }): string =>
  beginning.length > SHOWN_CHARACTERS
    ? `${shownText(beginning.slice(0, SHOWN_CHARACTERS))}...`
    : shownText(beginning);

const sampleOf = (bytes: Buffer, start: number, end: number): string =>
  shownText(bytes.toString('utf8', start, Math.min(end, start + 1000)));

/** True for an empty line or white space, such as the carriage return of a Windows newline. */
function isBlank(line: Buffer): boolean {
  return line.every((byte) => BLANKS.includes(byte));
}
