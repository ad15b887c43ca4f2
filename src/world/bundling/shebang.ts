/**
 * The `#!` line of a script: which interpreter runs it, and with which flags.
 *
 *     #!/usr/bin/env -S node --no-warnings      node, with --no-warnings
 *     #!/opt/node-v20/bin/deno run              deno, with run: only the base name counts
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { posix } from 'node:path';

export interface Shebang {
  /** The file that the system starts: `/usr/bin/env`. */
  readonly file: string;
  /** The program that is meant: `node`, `/opt/bin/deno`; undefined when `env` is given none. */
  readonly program: string | undefined;
  /** The base name of `program`. */
  readonly name: string;
  /** The words after the program. */
  readonly flags: readonly string[];
  /**
   * Whether the system splits the line as intended. Linux passes everything after the file as one argument, so that
   * `env` looks for a program named `node --flag`; and a carriage return becomes part of the last word.
   */
  readonly splits: boolean;
}

const HEAD_BYTES = 1024;

/** Returns undefined when there is no such line or the file cannot be read; starting it will show why. */
export function readShebang(path: string): Shebang | undefined {
  const head = Buffer.alloc(HEAD_BYTES);
  let length: number;
  try {
    const file = openSync(path, 'r');
    try {
      length = readSync(file, head, 0, HEAD_BYTES, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
  const text = head.toString('utf8', 0, length);
  return text.startsWith('#!') ? parseShebang(text.slice(2).split('\n', 1)[0] ?? '') : undefined;
}

/** Parses the text after `#!`. */
export function parseShebang(line: string): Shebang {
  const [file = '', ...words] = line.trim().split(/[ \t]+/);
  const hasReturn = line.endsWith('\r');
  if (posix.basename(file) !== 'env') {
    return { file, program: file, name: posix.basename(file), flags: words, splits: !hasReturn };
  }
  const asked = /^(?:-\w*S|--split-string)/.test(words[0] ?? '');
  // `-Snode` and `--split-string=node` contain the first word.
  const rest = asked
    ? [(words[0] ?? '').replace(/^(?:-\w*S|--split-string=?)/, ''), ...words.slice(1)]
    : words;
  const given = rest.filter((word) => word !== '');
  const at = given.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word));
  const program = at === -1 ? undefined : given[at];
  return {
    file,
    program,
    name: program === undefined ? '' : posix.basename(program),
    flags: at === -1 ? [] : given.slice(at + 1),
    splits: !hasReturn && (asked || words.length <= 1),
  };
}
