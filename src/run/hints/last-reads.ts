/**
 * Whether nodes agree in the end, and still have what was written. Replicas that miss a write, or that apply writes in
 * order of arrival, may stay different forever; the weak models of transactions allow that, since no read proves which of two writes came
 * later. They even allow that a register is empty again.
 */
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import { byCount } from '../../protocol/count-text.ts';
import { isJsonArray, stringifyJson, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';

interface LastRead {
  readonly node: string;
  readonly value: string;
}

/** Maximum number of written keys that are kept. */
const MOST_KEYS = 100_000;

const shown = (json: string): string => shownText(json, 60);

export class LastReads {
  /** Indexed by key: its first final read. */
  private readonly firsts = new Map<string, LastRead>();
  private readonly differing = new Map<string, LastRead>();
  /** Keys with an acknowledged write. */
  private readonly written = new Set<string>();
  /** Indexed by key: a node on which it is empty in the end, although it was written. */
  private readonly emptied = new Map<string, string>();

  constructor(private readonly nodeOf: NodeOf) {}

  observe(op: Op): void {
    if (op.type !== 'ok' || !isJsonArray(op.value)) return;
    if (op.final !== true) {
      this.noteWrites(op.value);
      return;
    }
    const node = this.nodeOf(op);
    if (node === undefined) return;
    for (const mop of op.value) if (isJsonArray(mop) && mop[0] === 'r') this.note(node, mop[1], mop[2]);
  }

  private noteWrites(mops: readonly Json[]): void {
    if (this.written.size >= MOST_KEYS) return;
    for (const mop of mops)
      if (isJsonArray(mop) && mop[0] === 'w') this.written.add(stringifyJson(mop[1] ?? null));
  }

  private note(node: string, key: Json = null, value: Json = null): void {
    const [name, read] = [stringifyJson(key), stringifyJson(value)];
    if (read !== 'null') this.emptied.delete(name);
    else if (this.written.has(name)) this.emptied.set(name, node);
    const first = this.firsts.get(name);
    if (first === undefined) this.firsts.set(name, { node, value: read });
    else if (first.node !== node && first.value !== read) this.differing.set(name, { node, value: read });
  }

  /** Nodes that differ need no other remark: the empty ones among them may have missed the write. */
  sentence(): string | undefined {
    return this.disagreement() ?? this.emptiness();
  }

  private emptiness(): string | undefined {
    const [example] = this.emptied;
    if (example === undefined) return undefined;
    const [key, node] = example;
    const count = this.emptied.size;
    return (
      `${byCount(count, 'One key was', `${count.toLocaleString('en')} keys were`)} written and found empty in the last reads, ` +
      `such as key ${shown(key)} on ${node}: an acknowledged write is lost.`
    );
  }

  private disagreement(): string | undefined {
    const [example] = this.differing;
    if (example === undefined) return undefined;
    const [key, { node, value }] = example;
    const first = this.firsts.get(key);
    const count = this.differing.size;
    return (
      `Nodes did not agree in the last reads, after everything had healed: ${byCount(count, 'one key differs', `${count} keys differ`)}, ` +
      `such as key ${shown(key)}, which was ${shown(first?.value ?? '')} on ${first?.node ?? ''} and ${shown(value)} on ${node}. ` +
      'If the difference is permanent, either a write never reached some nodes (a message that was lost and is not sent again), ' +
      'or nodes apply writes in their order of arrival: use an increasing number, so that every node agrees which of two writes of a key is later.'
    );
  }
}
