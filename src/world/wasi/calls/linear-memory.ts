/** A program's linear memory. Access outside it throws a MemoryFault, which the program sees as EFAULT. */
import type { WasmMemory } from './web-assembly.ts';

export class MemoryFault extends Error {}

/** Maximum bytes of one name or value; programs pass longer ones only by mistake. */
const MOST_TEXT = 64 * 1024;

export class LinearMemory {
  private bytesNow = new Uint8Array(0);
  private viewNow = new DataView(this.bytesNow.buffer);

  constructor(private readonly memory: WasmMemory) {}

  /** Returns those bytes as a view, which does not survive a call into the program. */
  bytes(pointer: number, length: number): Uint8Array {
    const start = pointer >>> 0;
    const end = start + (length >>> 0);
    this.refresh();
    if (end > this.bytesNow.length) throw new MemoryFault();
    return this.bytesNow.subarray(start, end);
  }

  /** Returns the offset for reading a number; throws a MemoryFault outside the memory. */
  private at(pointer: number, length: number): number {
    const start = pointer >>> 0;
    this.refresh();
    if (start + length > this.bytesNow.length) throw new MemoryFault();
    return start;
  }

  u8(pointer: number): number {
    const at = this.at(pointer, 1);
    return this.viewNow.getUint8(at);
  }
  u16(pointer: number): number {
    const at = this.at(pointer, 2);
    return this.viewNow.getUint16(at, true);
  }
  u32(pointer: number): number {
    const at = this.at(pointer, 4);
    return this.viewNow.getUint32(at, true);
  }
  u64(pointer: number): bigint {
    const at = this.at(pointer, 8);
    return this.viewNow.getBigUint64(at, true);
  }
  setU8(pointer: number, value: number): void {
    const at = this.at(pointer, 1);
    this.viewNow.setUint8(at, value);
  }
  setU16(pointer: number, value: number): void {
    const at = this.at(pointer, 2);
    this.viewNow.setUint16(at, value, true);
  }
  setU32(pointer: number, value: number): void {
    const at = this.at(pointer, 4);
    this.viewNow.setUint32(at, value, true);
  }
  setU64(pointer: number, value: bigint): void {
    const at = this.at(pointer, 8);
    this.viewNow.setBigUint64(at, value, true);
  }

  /** Returns undefined for text that is not UTF-8, or is too long for a name. */
  text(pointer: number, length: number): string | undefined {
    if (length >>> 0 > MOST_TEXT) return undefined;
    try {
      // A decoder does not accept shared or resizable memory; a program's memory is neither.
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes(pointer, length));
    } catch (error) {
      if (error instanceof MemoryFault) throw error;
      return undefined;
    }
  }

  /** Returns the parts of a scattered buffer, at most `most` bytes in total. */
  vectors(pointer: number, count: number, most: number): Uint8Array[] {
    const parts: Uint8Array[] = [];
    let left = most;
    // The list itself must lie within the memory, whatever its length.
    this.bytes(pointer, Math.min((count >>> 0) * 8, 0xffff_ffff));
    for (let i = 0; i < count >>> 0 && left > 0; i++) {
      const at = (pointer >>> 0) + 8 * i;
      const part = this.bytes(this.u32(at), this.u32(at + 4));
      if (part.length === 0) continue;
      parts.push(part.subarray(0, left));
      left -= part.length;
    }
    return parts;
  }

  /** Renews the views when the memory has grown, which detaches the old buffer. */
  private refresh(): void {
    if (this.bytesNow.buffer === this.memory.buffer) return;
    this.bytesNow = new Uint8Array(this.memory.buffer);
    this.viewNow = new DataView(this.memory.buffer);
  }
}
