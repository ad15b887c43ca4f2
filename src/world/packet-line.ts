/**
 * Encodes a packet as one line of JSON, `{"id":7,"src":"n1","dest":"n2","body":{...}}` and a newline. Nodes read these
 * lines on stdin, and the journal keeps them for use with grep.
 *
 * The body is copied unchanged. The bytes between the id and the body depend on src and dest alone and are cached.
 */
import type { Packet } from './world.ts';

const START = Buffer.from('{"id":');
/** `{"id":`, up to 16 digits, `}` and the newline. */
const FRAME_BYTES = START.length + 16 + 2;
const BRACE = 0x7d;
const NEWLINE = 0x0a;
const ZERO = 0x30;

export class PacketLineEncoder {
  private readonly middles = new Map<string, Map<string, Buffer>>();

  /** Returns an upper bound for the length of this packet's line. */
  maxBytes(packet: Packet): number {
    return FRAME_BYTES + this.middle(packet.src, packet.dest).length + packet.body.length;
  }

  /** Writes the line at that offset, where there must be room for `maxBytes`; returns the offset after its newline. */
  write(target: Buffer, at: number, packet: Packet): number {
    const end = this.writeHead(target, at, packet) + packet.body.length;
    target.set(packet.body, end - packet.body.length);
    target[end] = BRACE;
    target[end + 1] = NEWLINE;
    return end + 2;
  }

  /** Writes what precedes the body; returns the offset of the body. */
  private writeHead(target: Buffer, at: number, packet: Packet): number {
    for (let i = 0; i < START.length; i++) target[at++] = START[i] as number;
    at = writeDigits(target, at, packet.id);
    const middle = this.middle(packet.src, packet.dest);
    const length = middle.length;
    for (let i = 0; i < length; i++) target[at + i] = middle[i] as number;
    return at + length;
  }

  private middle(src: string, dest: string): Buffer {
    let bySrc = this.middles.get(src);
    if (bySrc === undefined) {
      bySrc = new Map();
      this.middles.set(src, bySrc);
    }
    let middle = bySrc.get(dest);
    if (middle === undefined) {
      middle = Buffer.from(`,"src":${JSON.stringify(src)},"dest":${JSON.stringify(dest)},"body":`);
      bySrc.set(dest, middle);
    }
    return middle;
  }
}

/** The bytes after the body, up to the end of the line. */
export const PACKET_LINE_END = Buffer.from('}\n');

function writeDigits(target: Buffer, at: number, value: number): number {
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits++;
  let rest = value;
  for (let i = digits - 1; i >= 0; i--) {
    const tenth = Math.floor(rest / 10);
    target[at + i] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  return at + digits;
}
