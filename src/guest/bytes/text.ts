/** TextEncoder, TextDecoder and StringDecoder; the latter two also decode characters split between chunks. */
import { bridge, type TextEncoding } from '../bridge.ts';
import { requireEncoding } from './encodings.ts';
import { unavailable } from '../modules/refusals.ts';
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
    const encoding = encodingOf(label);
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

type Decoded = 'utf8' | 'latin1' | 'utf16le';

/** The labels by which the standard knows these encodings. */
const LABELS: Readonly<Record<Decoded, RegExp>> = {
  utf8: /^(?:utf-?8|unicode-1-1-utf-8|unicode11utf8|unicode20utf8|x-unicode20utf8)$/,
  latin1:
    /^(?:ascii|us-ascii|ansi_x3\.4-1968|iso-?8859-?1|iso_8859-1(?::1987)?|iso-ir-100|l1|latin1|csisolatin1|(?:x-)?cp1252|windows-1252|cp819|ibm819)$/,
  utf16le: /^(?:utf-16(?:le)?|ucs-2|unicode|csunicode|iso-10646-ucs-2|unicodefeff)$/,
};
/** Matches the labels of others, which Node knows. */
const OTHER =
  /^(?:utf-16be|unicodefffe|gbk|gb2312|gb18030|big5(?:-hkscs)?|euc-(?:jp|kr)|shift[_-]jis|sjis|iso-2022-jp|iso-?8859-?\d+|latin[2-6]|windows-(?:874|125\d)|cp125\d|koi8-[ru]|macintosh|ibm866)$/;

function encodingOf(label: unknown): Decoded {
  const name = String(label).trim().toLowerCase();
  for (const encoding of ['utf8', 'latin1', 'utf16le'] as const)
    if (LABELS[encoding].test(name)) return encoding;
  if (OTHER.test(name)) throw unavailable(`TextDecoder of ${name}`);
  const error = new RangeError(`The "${String(label)}" encoding is not supported`);
  throw Object.assign(error, { code: 'ERR_ENCODING_NOT_SUPPORTED' });
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
