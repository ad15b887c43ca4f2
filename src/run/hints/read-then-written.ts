/**
 * Keys of a service that several nodes read and then overwrite, so that a write by another node in between is lost:
 *
 *     n1 ── read ──> lin-kv: 4     n2 ── read ──> lin-kv: 4     n1 ── write 7 ──> lin-kv     n2 ── write 5 ──> lin-kv
 *
 * Keys that are written but never read (as one does for a fresh read of seq-kv), or that only one node writes, do not
 * count. This is a hint for a run that is already invalid.
 */
import { isJsonObject, parseJson, stringifyJson } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import type { Packet } from '../../world/world.ts';
import { namesInWords } from '../words/protocol-sentences.ts';

/** Longer requests are skipped. */
const LONGEST_BYTES = 2000;
/** Maximum number of keys kept. */
const MOST_KEYS = 1000;

interface KeyUse {
  readonly service: string;
  readonly key: string;
  readonly readers: Set<string>;
  readonly writers: Set<string>;
}

export class ReadThenWritten {
  private readonly keys = new Map<string, KeyUse>();

  constructor(private readonly kindOf: (name: string) => EndpointKind | undefined) {}

  sent({ src, dest, body }: Packet): void {
    if (body.length > LONGEST_BYTES || this.kindOf(dest) !== 'service') return;
    if (!body.includes('"read"') && !body.includes('"write"')) return;
    const request = parseJson(body.toString('utf8'));
    if (!isJsonObject(request)) return;
    const { type, key = null } = request;
    const use = this.useOf(dest, stringifyJson(key));
    if (type === 'read') use?.readers.add(src);
    else if (type === 'write' && use?.readers.has(src) === true) use.writers.add(src);
  }

  /** Returns a sentence about the first such key, or undefined if there is none. */
  sentence(): string | undefined {
    const found = [...this.keys.values()].filter(({ writers }) => writers.size > 1);
    const [first] = found;
    if (first === undefined) return undefined;
    const more = found.length === 1 ? '' : ` (and ${found.length - 1} more)`;
    return (
      `${namesInWords([...first.writers])} read the key ${shownText(first.key, 60)}${more} from ${first.service} and then \`write\` it: ` +
      'a write by another node in between is lost. Use `cas`, and read again if it is refused; or use a separate key for each node.'
    );
  }

  private useOf(service: string, key: string): KeyUse | undefined {
    const name = `${service} ${key}`;
    const known = this.keys.get(name);
    if (known !== undefined || this.keys.size >= MOST_KEYS) return known;
    const use = { service, key, readers: new Set<string>(), writers: new Set<string>() };
    this.keys.set(name, use);
    return use;
  }
}
