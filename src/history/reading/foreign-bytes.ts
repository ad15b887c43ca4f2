/** Detects, by their first bytes, files that may contain a history in another form, and says how to convert them. */

const COMPRESSED: readonly (readonly [first: readonly number[], name: string, unpack: string])[] = [
  [[0x1f, 0x8b], 'gzip', 'gunzip -c'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd', 'zstd -dc'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xz', 'xz -dc'],
  [[0x42, 0x5a, 0x68], 'bzip2', 'bunzip2 -c'],
  [[0x50, 0x4b, 0x03, 0x04], 'zip', 'unzip -p'],
];

/** Returns advice, as part of a sentence about the file; undefined if the bytes may be a history. */
export function whyForeign(bytes: Uint8Array): string | undefined {
  const beginsWith = (first: readonly number[]): boolean => first.every((byte, at) => bytes[at] === byte);
  const packed = COMPRESSED.find(([first]) => beginsWith(first));
  if (packed === undefined && beginsWith([0x4a, 0x45, 0x50, 0x53, 0x45, 0x4e, 0]))
    // JEPSEN
    return 'it is a binary file of Jepsen (test.jepsen). Give it history.edn, mostly in the same folder';
  // S and the number of a transaction, then its first step.
  if (bytes[0] === 0x53 && bytes[1] === 0 && [0x52, 0x57, 0x43].includes(bytes[9] ?? 0))
    return 'it is a log of Cobra, which holds a single session. AWDIT makes one text of the folder of logs, which is read here: awdit convert -f cobra -t plume FOLDER history.txt';
  if (packed !== undefined) {
    const [, name, unpack] = packed;
    return `it is compressed (${name}). Give what is in it: ${unpack} FILE | maelstrom check - ...`;
  }
  // With a byte order mark, or with a zero byte in its first character.
  const isWide =
    beginsWith([0xff, 0xfe]) ||
    beginsWith([0xfe, 0xff]) ||
    (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0));
  if (!isWide) return undefined;
  return 'it is UTF-16 or UTF-32; expected UTF-8. Convert it first: iconv -f UTF-16 -t UTF-8 FILE | maelstrom check - ...';
}

/** Returns advice for a history in the line format of another tool, recognised by one line; undefined if it is unknown. */
export function whyForeignLine(line: string): string | undefined {
  if (/^\s*[[(]?\s*\{\s*('\w|[A-Za-z_$]\w*\s*:)/.test(line))
    return 'it is the notation of a program (Python, JavaScript), not JSON, in which names stand in double quotes. Write it with json.dumps or JSON.stringify';
  if (/^\s*-\s+["']?:?\w+["']?:\s/.test(line))
    return 'it is YAML. Write each operation as an object of JSON on a line, {"type":"invoke","process":0,"f":"write","value":1}';
  if (/^[rRwW]\([^()]*,[^()]*,[^()]*,[^()]*\)/.test(line))
    return 'it looks like the text format of Plume, PolySI and AWDIT, w(key,value,session,transaction), in which all four are integers from 0 (an aborted transaction is -1)';
  const names = line.toLowerCase().split(/[,;\t]/);
  if (names.length > 2 && names.some((name) => /^"?(type|process|f|op|client)"?$/.test(name.trim())))
    return (
      'it is a table (CSV). Write each row as an object of JSON on a line, ' +
      '{"type":"invoke","process":0,"f":"write","value":1}'
    );
  return undefined;
}
