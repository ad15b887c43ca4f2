/** Files that are no history as they are, but hold one, or may: told by their first bytes, with what makes a history of them. */

const COMPRESSED: readonly (readonly [first: readonly number[], name: string, unpack: string])[] = [
  [[0x1f, 0x8b], 'gzip', 'gunzip -c'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd', 'zstd -dc'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz', 'xz -dc'],
  [[0x42, 0x5a, 0x68], 'bzip2', 'bunzip2 -c'],
  [[0x50, 0x4b, 0x03, 0x04], 'zip', 'unzip -p'],
];

/** What to do first, as a part of a sentence about the file; undefined where the bytes may be a history. */
export function whyForeign(bytes: Uint8Array): string | undefined {
  const beginsWith = (first: readonly number[]): boolean => first.every((byte, at) => bytes[at] === byte);
  const packed = COMPRESSED.find(([first]) => beginsWith(first));
  if (packed !== undefined) {
    const [, name, unpack] = packed;
    return `it is compressed (${name}). Give what is in it: ${unpack} FILE | maelstrom check - ...`;
  }
  // With a byte order mark, or with a zero in its first character.
  const isWide =
    beginsWith([0xff, 0xfe]) ||
    beginsWith([0xfe, 0xff]) ||
    (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0));
  if (!isWide) return undefined;
  return 'it is UTF-16 or UTF-32; expected UTF-8. Convert it first: iconv -f UTF-16 -t UTF-8 FILE | maelstrom check - ...';
}
