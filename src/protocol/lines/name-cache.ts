/**
 * Interns names: turns the bytes of short ASCII names (n1, c20, lin-kv) into strings without creating a new one each
 * time. A direct-mapped table of fixed size, because the names come from hostile input.
 *
 * A hit costs a comparison. Decoding would cost a call out of JavaScript and create garbage.
 */
const SLOTS = 1024;
const LONGEST = 64;

export class NameCache {
  private readonly names: string[] = Array.from({ length: SLOTS }, () => '');

  /**
   * Returns the string of bytes[start, end), which must be ASCII without escapes. `hash` must depend on the bytes
   * alone.
   */
  name(bytes: Uint8Array, start: number, end: number, hash: number): string {
    const length = end - start;
    if (length > LONGEST) return asciiText(bytes, start, end);
    const slot = hash & (SLOTS - 1);
    const known = this.names[slot] ?? '';
    if (known.length === length) {
      let at = 0;
      while (at < length && known.charCodeAt(at) === bytes[start + at]) at++;
      if (at === length) return known;
    }
    const name = asciiText(bytes, start, end);
    this.names[slot] = name;
    return name;
  }
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end));
}
