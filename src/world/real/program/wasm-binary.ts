/**
 * Recognises WebAssembly by its first eight bytes, and says why it cannot be run as a program. A core module and a
 * component differ only in the last four:
 *
 *     00 61 73 6d  01 00 00 00      a module
 *     00 61 73 6d  0d 00 01 00      a component: the last two bytes are its layer
 */
import { closeSync, openSync, readSync } from 'node:fs';

const MAGIC = 0x0061736d;
const HEADER_BYTES = 8;

/** Whether a file with these first bytes is WebAssembly, even if the rest is broken. */
export const isWasm = (head: Buffer): boolean => head.length >= 4 && head.readUInt32BE(0) === MAGIC;

export function isWasmFile(path: string): boolean {
  const head = Buffer.alloc(HEADER_BYTES);
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    return isWasm(head.subarray(0, readSync(fd, head, 0, HEADER_BYTES, 0)));
  } catch {
    // The file cannot be read, so it is not known to be WebAssembly.
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Returns why WebAssembly with this head cannot run, or undefined for a core module of the current version. */
export function wasmFault(head: Buffer): string | undefined {
  if (head.length < HEADER_BYTES) return 'its header is cut off. Was it copied or built in full?';
  const version = head.readUInt16LE(4);
  const layer = head.readUInt16LE(6);
  if (layer === 1) return 'it is a component (WASI 0.2 or later), not a module.';
  if (version !== 1 || layer !== 0) {
    return `its version is ${version}${layer === 0 ? '' : `, layer ${layer}`}; expected version 1.`;
  }
  return undefined;
}
