/** The text of single EDN tokens: strings, numbers, characters. */

/** Returns a string literal: all of JSON's escapes are valid in EDN. */
export function writeEdnString(text: string): string {
  return JSON.stringify(text);
}

const LONG = 2n ** 63n;

/** Returns an integer, with N when it is beyond 64 bits, as Clojure writes it. */
export function writeEdnInteger(value: bigint): string {
  return value >= -LONG && value < LONG ? value.toString() : `${value}N`;
}

export function writeEdnNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (Number.isInteger(value)) return writeEdnInteger(BigInt(value));
  if (Number.isNaN(value)) return '##NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? '##Inf' : '##-Inf';
}

/** Characters that are written by name. */
export const NAMED_CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['newline', '\n'],
  ['space', ' '],
  ['tab', '\t'],
  ['return', '\r'],
  ['formfeed', '\f'],
  ['backspace', '\b'],
]);

const CHARACTER_NAMES: ReadonlyMap<string, string> = new Map(
  Array.from(NAMED_CHARACTERS, ([name, character]) => [character, name]),
);

export function writeEdnCharacter(character: string): string {
  const name = CHARACTER_NAMES.get(character);
  if (name !== undefined) return `\\${name}`;
  // Visible characters represent themselves.
  if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return `\\${character}`;
  return character.length === 1
    ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    : `\\${character}`;
}
