/** Messages that a simulated node has not read yet, as the lines in which it will read them. */
import { causeOf, Turn } from '../cause.ts';
import type { Packet } from '../world.ts';
import { Fifo } from './fifo.ts';

/** How much of a packet's line is not its body. */
const ENVELOPE_BYTES = 50;

/** What waits for a turn of its own: its place among all that were ever ready, and that turn. */
export interface Ready {
  readonly order: number;
  readonly turn: Turn;
}

/** A message as the node will read it. The packet's bytes are the sender's, which writes the next one over them. */
interface Letter extends Ready {
  readonly line: string;
  readonly bytes: number;
}

export class Inbox {
  /** How much waits. */
  bytes = 0;
  private readonly letters = new Fifo<Letter>();
  /** The part of a line that is the same for all from one sender. */
  private readonly heads = new Map<string, string>();

  push(packet: Packet, order: number): void {
    const bytes = packet.body.length + ENVELOPE_BYTES;
    this.letters.push({ line: this.lineOf(packet), bytes, order, turn: turnOf(packet) });
    this.bytes += bytes;
  }

  /** The message that `take` would give; undefined when there is none. */
  get next(): Ready | undefined {
    return this.letters.first;
  }

  /** The line of the message that came first. */
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

  private lineOf({ id, src, dest, body }: Packet): string {
    let head = this.heads.get(src);
    if (head === undefined) {
      head = `,"src":${JSON.stringify(src)},"dest":${JSON.stringify(dest)},"body":`;
      this.heads.set(src, head);
    }
    return `{"id":${id}${head}${body.toString()}}\n`;
  }
}

/** Without a known cause, as in tests of a node alone, messages follow from their numbers. */
const turnOf = ({ cause, id }: Packet): Turn =>
  new Turn(cause?.id ?? causeOf(0, 'message', id), { message: id, byTimer: false });
