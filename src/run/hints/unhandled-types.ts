/**
 * Messages between nodes of types for which the receiver has no handler. Such a message is no request, so no error
 * comes back: the SDK only logs it (`node/node.ts`), once for each type.
 *
 *     n1 has no handler for "gosip"; it handles "broadcast", "gossip". n2 sent one.
 */
import type { EndpointKind } from '../../network/endpoint.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { namesInWords } from '../words/protocol-sentences.ts';

const LOGGED = /has no handler for "(.+)"; it handles (.+)\. (\S+) sent one\.$/;
/** Maximum number of types, kept and named. */
const MOST_TYPES = 3;

interface Unhandled {
  readonly nodes: Set<string>;
  readonly handled: string;
}

export class UnhandledTypes {
  private readonly types = new Map<string, Unhandled>();

  constructor(private readonly kindOf: (name: string) => EndpointKind | undefined) {}

  /** Reads a line of that node's stderr. */
  read(node: string, line: string): void {
    const [, type, handled, sender] = LOGGED.exec(line) ?? [];
    if (type === undefined || handled === undefined || sender === undefined) return;
    // A client's request is answered by an error, which is reported as its reason.
    if (this.kindOf(sender) !== 'node') return;
    const known = this.types.get(type);
    if (known !== undefined) known.nodes.add(node);
    else if (this.types.size < MOST_TYPES) this.types.set(type, { nodes: new Set([node]), handled });
  }

  sentences(): readonly string[] {
    return [...this.types].map(
      ([type, { nodes, handled }]) =>
        `${namesInWords([...nodes])} got \`${shownText(type, 60)}\` from other nodes and ${nodes.size === 1 ? 'has' : 'have'} no handler for it: ` +
        `what it says is lost. ${nodes.size === 1 ? 'It handles' : 'They handle'} ${shownText(handled, 300)}.`,
    );
  }
}
