/** The names of encodings: those that programs use, and those of the bridge. */
import type { TextEncoding } from '../bridge.ts';

const ENCODINGS = new Map<string, TextEncoding>([
  ['utf8', 'utf8'],
  ['utf-8', 'utf8'],
  ['latin1', 'latin1'],
  ['binary', 'latin1'],
  ['hex', 'hex'],
  ['base64', 'base64'],
  ['base64url', 'base64url'],
  ['utf16le', 'utf16le'],
  ['utf-16le', 'utf16le'],
  ['ucs2', 'utf16le'],
  ['ucs-2', 'utf16le'],
  ['ascii', 'ascii'],
]);

export function findEncoding(name: unknown): TextEncoding | undefined {
  return ENCODINGS.get(String(name).toLowerCase());
}

export function requireEncoding(name: unknown): TextEncoding {
  const encoding = name === undefined || name === null ? 'utf8' : findEncoding(name);
  if (encoding === undefined) {
    const error = new TypeError(`Unknown encoding: ${String(name)}`);
    throw Object.assign(error, { code: 'ERR_UNKNOWN_ENCODING' });
  }
  return encoding;
}
