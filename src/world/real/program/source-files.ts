/**
 * Files that a program is made of but that cannot be started themselves: source code to compile, Java classes and
 * archives.
 */
import { basename, dirname, extname } from 'node:path';
import { shellWord } from '../../../protocol/shell-word.ts';

type Advice = (file: string, name: string) => string;

const compile =
  (command: string): Advice =>
  (file, name) =>
    `Compile it, and give --bin what comes out, for example: ${command} ${shellWord(name)} ${shellWord(file)}`;
const runByScript =
  (command: (file: string) => string): Advice =>
  (file) =>
    `Give --bin an executable script of two lines: #!/bin/sh and exec ${command(file)} "$@"`;

/** Indexed by extension: what the file is, and what to do. */
const SOURCES = new Map<string, readonly [what: string, advice: Advice]>([
  ['.go', ['Go source', compile('go build -o')]],
  ['.rs', ['Rust source', compile('rustc -O -o')]],
  ['.c', ['C source', compile('cc -O2 -o')]],
  ['.cc', ['C++ source', compile('c++ -O2 -o')]],
  ['.cpp', ['C++ source', compile('c++ -O2 -o')]],
  ['.zig', ['Zig source', () => 'Compile it with zig build-exe, and give --bin what comes out.']],
  ['.hs', ['Haskell source', compile('ghc -o')]],
  ['.java', ['Java source', runByScript((file) => `java ${shellWord(file)}`)]],
  ['.jar', ['a Java archive', runByScript((file) => `java -jar ${shellWord(file)}`)]],
  [
    '.class',
    [
      'a Java class',
      runByScript(
        (file) => `java -cp ${shellWord(dirname(file))} ${shellWord(basename(file, extname(file)))}`,
      ),
    ],
  ],
  ['.kt', ['Kotlin source', () => 'Compile it with kotlinc -include-runtime, and run the jar by a script.']],
  ['.cs', ['C# source', () => 'Build it with dotnet publish, and give --bin the executable that comes out.']],
]);

/**
 * Returns what the file is and what to do instead of starting it, or undefined if its extension is not that of a
 * source.
 */
export function sourceFile(path: string): { readonly what: string; readonly advice: string } | undefined {
  const known = SOURCES.get(extname(path));
  if (known === undefined) return undefined;
  const [what, advice] = known;
  return { what, advice: advice(path, path.slice(0, -extname(path).length)) };
}

/** True when a shell can interpret the beginning of a source: `#!`, `#if 0`, or `///usr/bin/env go run "$0"; exit`. */
export const startsItself = (head: Buffer): boolean =>
  /^(?:#|\/\/+(?:usr|bin|opt)\/)/.test(head.toString('latin1', 0, 16)) &&
  !head.toString('latin1', 0, 16).startsWith('#include');
