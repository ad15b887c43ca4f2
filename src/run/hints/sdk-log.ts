/**
 * What the SDK logs of mistakes that no client hears of (`node/node.ts`): a message between nodes is no request, so
 * nothing comes back when its receiver fails, and a timer has no caller.
 *
 *     n1 has no handler for "gosip"; it handles "broadcast", "gossip". n2 sent one.
 *     The handler of "gossip" failed: TypeError: values is not iterable
 *         at node.ts:7:50
 *     A timer failed: TypeError: node.peer is not iterable
 *         at node.ts:5:40
 */
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import { isLibraryFrame } from '../../world/stderr/crash-cause.ts';
import { namesInWords } from '../words/protocol-sentences.ts';

const UNHANDLED = /has no handler for "(.+)"; it handles (.+)\. (\S+) sent one\.$/;
const FAILED = /^(?:The handler of "(.+?)"|A timer) failed: (.*)$/;
const FRAME = /^\s+at .*?([^/\\():\s]+:\d+):\d+\)?$/;
/** Maximum number of types and of failures kept and shown. */
const MOST = 3;

interface Unhandled {
  readonly nodes: Set<string>;
  readonly handled: string;
}

interface Failure {
  /** The type of the handler's messages; undefined for a timer. */
  readonly type: string | undefined;
  readonly error: string;
  readonly nodes: Set<string>;
  count: number;
  /** File and line in the program. */
  place: string | undefined;
}

export class SdkLog {
  private readonly unhandled = new Map<string, Unhandled>();
  private readonly failures = new Map<string, Failure>();
  /** By node, the failure whose stack is being printed. */
  private readonly last = new Map<string, Failure>();

  constructor(private readonly kindOf: (name: string) => EndpointKind | undefined) {}

  read(node: string, line: string): void {
    const [, place] = FRAME.exec(line) ?? [];
    if (place !== undefined) return this.noteFrame(node, line, place);
    const [, type, handled = '', sender = ''] = UNHANDLED.exec(line) ?? [];
    if (type !== undefined) return this.noteUnhandled(node, type, handled, sender);
    this.last.delete(node);
    const failed = FAILED.exec(line);
    if (failed !== null) this.noteFailure(node, failed[1], failed[2] ?? '');
  }

  /** Returns what went wrong, except in handlers of these types, whose failures clients were answered with. */
  sentences(answered: ReadonlySet<string>): readonly string[] {
    return [
      ...[...this.unhandled].map(unhandledSentence),
      ...[...this.failures.values()]
        .filter(({ type }) => type === undefined || !answered.has(type))
        .map(failureSentence)
        .slice(0, MOST),
    ];
  }

  private noteFrame(node: string, line: string, place: string): void {
    const failure = this.last.get(node);
    if (failure !== undefined && !isLibraryFrame(line)) failure.place ??= place;
  }

  private noteUnhandled(node: string, type: string, handled: string, sender: string): void {
    // A client's request is answered by an error, which is reported as its reason.
    if (this.kindOf(sender) !== 'node') return;
    const known = this.unhandled.get(type);
    if (known !== undefined) known.nodes.add(node);
    else if (this.unhandled.size < MOST) this.unhandled.set(type, { nodes: new Set([node]), handled });
  }

  private noteFailure(node: string, type: string | undefined, error: string): void {
    // An answer that does not come is no mistake of the program's: what it sends again, it sends by a timer.
    if (error.startsWith('RpcError')) return;
    const key = `${type ?? ''}\n${error.slice(0, 300)}`;
    let failure = this.failures.get(key);
    if (failure === undefined) {
      if (this.failures.size >= 10 * MOST) return;
      failure = { type, error, nodes: new Set(), count: 0, place: undefined };
      this.failures.set(key, failure);
    }
    failure.count++;
    failure.nodes.add(node);
    // Where a full stack was found to be full differs from run to run.
    if (!error.startsWith('RangeError: Maximum call stack')) this.last.set(node, failure);
  }
}

function unhandledSentence([type, { nodes, handled }]: readonly [string, Unhandled]): string {
  const [have, they] = nodes.size === 1 ? ['has', 'It handles'] : ['have', 'They handle'];
  return (
    `${namesInWords([...nodes])} got \`${shownText(type, 60)}\` from other nodes and ${have} no handler for it: ` +
    `what it says is lost. ${they} ${shownText(handled, 300)}.`
  );
}

function failureSentence({ type, error, nodes, count, place }: Failure): string {
  const what = type === undefined ? 'A timer' : `The handler of \`${shownText(type, 60)}\``;
  const often = count === 1 ? 'once' : counted(count, 'time');
  return `${what} failed on ${namesInWords([...nodes])}, ${often}: ${shownText(error, 200)}${place === undefined ? '' : ` at ${place}`}.`;
}
