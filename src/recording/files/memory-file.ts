/** Bytes in memory, such as those packed into a page, as a file of a recorded run. */
import type { RunFile } from '../run-source.ts';

export function memoryFile(path: string, bytes: Uint8Array): RunFile {
  const read = (into: Uint8Array, at: number): number => {
    const piece = bytes.subarray(at, at + into.length);
    into.set(piece);
    return piece.length;
  };
  return {
    path,
    scan: (use) => use({ size: bytes.length, read: (into, at) => Promise.resolve(read(into, at)) }),
    look: (use) => use({ size: bytes.length, read }),
  };
}
