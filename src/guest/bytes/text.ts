/** TextEncoder, TextDecoder and StringDecoder; the latter two also decode characters split between chunks. */
import { bridge, type TextEncoding } from '../bridge.ts';
import { findEncoding, requireEncoding } from './encodings.ts';
import { wrongArgument } from '../wrong-argument.ts';

export class TextEncoder {
  readonly encoding = 'utf-8';
  encode(text = ''): Uint8Array {
    const bytes = new Uint8Array(bridge.textBytes(text, 'utf8'));
    bridge.writeText(bytes, text, 'utf8');
    return bytes;
  }
  encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
    const written = bridge.writeText(target, text, 'utf8');
    return { read: bridge.readText(target.subarray(0, written), 'utf8').length, written };
  }
}

export class TextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  private readonly characters: WholeCharacters;
  private begun = false;

  constructor(label = 'utf-8', options: { readonly fatal?: boolean; readonly ignoreBOM?: boolean } = {}) {
    const found = findEncoding(label);
    const encoding = found === 'ascii' ? 'latin1' : found; // as the standard has it
    if (encoding !== 'utf8' && encoding !== 'latin1' && encoding !== 'utf16le') {
      const error = new RangeError(`The "${label}" encoding is not supported`);
      throw Object.assign(error, { code: 'ERR_ENCODING_NOT_SUPPORTED' });
    }
    this.encoding = { utf8: 'utf-8', latin1: 'windows-1252', utf16le: 'utf-16le' }[encoding];
    this.fatal = options.fatal === true;
    this.ignoreBOM = options.ignoreBOM === true;
    this.characters = new WholeCharacters(encoding);
  }

  decode(input?: ArrayBuffer | ArrayBufferView, options: { readonly stream?: boolean } = {}): string {
    if (input !== undefined && !ArrayBuffer.isView(input) && !(input instanceof ArrayBuffer))
      throw wrongArgument('list', 'an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView', input);
    const bytes = input === undefined ? new Uint8Array(0) : asBytes(input);
    const whole = this.characters.take(bytes);
    const last = options.stream === true ? NONE : this.characters.takeRest();
    if (this.fatal && this.encoding === 'utf-8' && !(bridge.isUtf8(whole) && last.length === 0)) {
      const error = new TypeError('The encoded data was not valid for encoding utf-8');
      throw Object.assign(error, { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' });
    }
    let text = bridge.readText(whole, this.characters.encoding);
    if (last.length > 0) text += bridge.readText(last, this.characters.encoding);
    if (!this.begun && !this.ignoreBOM && text.startsWith('\ufeff')) text = text.slice(1);
    this.begun = options.stream === true && (this.begun || text !== '');
    return text;
  }
}

/** Returns the bytes of a buffer or view, without copying. */
export function asBytes(input: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(input)
    ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
    : new Uint8Array(input);
}

export class StringDecoder {
  readonly encoding: TextEncoding;
  private readonly characters: WholeCharacters;

  constructor(encoding?: unknown) {
    this.encoding = requireEncoding(encoding);
    this.characters = new WholeCharacters(this.encoding);
  }

  write(input: Uint8Array | string): string {
    return typeof input === 'string' ? input : bridge.readText(this.characters.take(input), this.encoding);
  }

  end(input?: Uint8Array | string): string {
    const text = input === undefined ? '' : this.write(input);
    const rest = this.characters.takeRest();
    return rest.length === 0 ? text : text + bridge.readText(rest, this.encoding);
  }
}

const NONE = new Uint8Array(0);

/** Divides chunks of bytes between characters. */
class WholeCharacters {
  /** The first bytes of an incomplete character. */
  private rest: Uint8Array = NONE;
  constructor(readonly encoding: TextEncoding) {}

  /** Returns what is complete, with what was left of earlier chunks before it. */
  take(input: Uint8Array): Uint8Array {
    let bytes = input;
    if (this.rest.length > 0) {
      bytes = new Uint8Array(this.rest.length + input.length);
      bytes.set(this.rest);
      bytes.set(input, this.rest.length);
    }
    const whole = bytes.length - unfinishedBytes(bytes, this.encoding);
    this.rest = bytes.slice(whole);
    return bytes.subarray(0, whole);
  }

  takeRest(): Uint8Array {
    const { rest } = this;
    this.rest = NONE;
    return rest;
  }
}

/** Returns the number of bytes at the end that belong to an incomplete character. */
function unfinishedBytes(bytes: Uint8Array, encoding: TextEncoding): number {
  if (encoding === 'utf16le') return bytes.length % 2;
  if (encoding === 'base64' || encoding === 'base64url') return bytes.length % 3;
  if (encoding !== 'utf8') return 0;
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf8 ? 0 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}
