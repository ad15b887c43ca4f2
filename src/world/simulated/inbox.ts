/** Messages that a simulated node has not read yet, as the lines that it will read. */
import { causeOf, Turn } from '../cause.ts';
import type { Packet } from '../world.ts';
import { Fifo } from './fifo.ts';

/** The approximate size of a packet's line without its body. */
const ENVELOPE_BYTES = 50;

/** Something that waits for its own turn: its place in the order of all that became ready, and that turn. */
export interface Ready {
  readonly order: number;
  readonly turn: Turn;
}

/** A message as the node will read it. A copy, because the sender reuses the packet's bytes for the next one. */
interface Letter extends Ready {
  readonly line: string;
  readonly bytes: number;
}

export class Inbox {
  /** The total size of the waiting lines, in bytes. */
  bytes = 0;
  private readonly letters = new Fifo<Letter>();
  /** Indexed by sender: the part of a line that is the same for all its messages. */
  private readonly heads = new Map<string, string>();
  /** Indexed by the number of the message, which its copies have, too. */
  private readonly ownIds = new Map<number, number>();

  /**
   * The node reads the number of a message in the order of sending as its id. If `firstOwnId` is given, it reads ids
   * counted from there: those do not shift when a message elsewhere is left out.
   */
  constructor(private readonly firstOwnId?: number) {}

  push(packet: Packet, order: number): void {
    const bytes = packet.body.length + ENVELOPE_BYTES;
    this.letters.push({ line: this.lineOf(packet), bytes, order, turn: turnOf(packet) });
    this.bytes += bytes;
  }

  /** The message that `take` would return; undefined if there is none. */
  get next(): Ready | undefined {
    return this.letters.first;
  }

  /** Removes and returns the line of the oldest message. */
  take(): string | undefined {
    const letter = this.letters.shift();
    if (letter === undefined) return undefined;
    this.bytes -= letter.bytes;
    return letter.line;
  }

  clear(): void {
    this.letters.clear();
    this.bytes = 0;
  }

  private lineOf(packet: Packet): string {
    const { src, dest, body } = packet;
    let head = this.heads.get(src);
    if (head === undefined) {
      head = `,"src":${JSON.stringify(src)},"dest":${JSON.stringify(dest)},"body":`;
      this.heads.set(src, head);
    }
    return `{"id":${this.idOf(packet)}${head}${body.toString()}}\n`;
  }

  private idOf({ id }: Packet): number {
    const { firstOwnId, ownIds } = this;
    if (firstOwnId === undefined) return id;
    const own = ownIds.get(id) ?? firstOwnId + ownIds.size;
    ownIds.set(id, own);
    return own;
  }
}

/** If the cause is unknown, as in tests of a node alone, the message's turn is derived from its id. */
const turnOf = ({ cause, id }: Packet): Turn =>
  new Turn(cause?.id ?? causeOf(0, 'message', id), { message: id, byTimer: false }, cause?.hops);
