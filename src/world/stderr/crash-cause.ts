/**
 * Finds the lines of a crash that say why: those above a long trace, in the formats of common languages and run-time
 * systems.
 *
 *     panic: runtime error: index out of range [5] with length 3        <- this
 *     goroutine 1 [running]:
 *     ... two hundred lines
 */

/** Begins a crash; the last such line is its cause. */
const BEGINNINGS: readonly RegExp[] = [
  /^(?:panic|fatal error|fatal): /i, // Go, Zig, git-like tools
  /^thread '.*' (?:\(\d+\) )?panicked at |^memory allocation of \d+ bytes failed/, // Rust
  /^Exception in thread /, // the JVM
  /^(?:Unhandled exception|Unhandled Exception|Uncaught exception)\b/, // .NET, Dart, Crystal
  /^(?:PHP )?(?:Fatal error|Parse error|Uncaught)[: ]/, // PHP, OCaml, Swift
  /^terminate called /, // C++
  /^libc\+\+abi: terminating/,
  /^==\d+==\s*ERROR: \w*Sanitizer/, // sanitizers and valgrind
  /^WARNING: ThreadSanitizer/,
  /:\d+:\d+: runtime error: /, // UBSan
  /^\S+:\d+:in [`'].*: .*\(\S+\)\s*$/, // Ruby
  /^\S+:\d+:in .*: .* \((?:\w+::)*\w*(?:Error|Exception)\)/,
  /^\*\* \((?:\w+\.)*\w+\) /, // Elixir
  /^Execution error\b|^Syntax error \w+ at/, // Clojure
  /^ERROR: (?:LoadError|\w+Error)\b/, // Julia
  /^\S+: .*Assertion .* failed|^Assertion failed/, // C
  /^\*\*\* .* detected \*\*\*|^(?:free|malloc|realloc|double free|munmap_chunk|corrupted)\b.*\(\)?: /, // glibc
  /^Error: unhandled exception: /, // Nim
  /^lua\d*(?:\.\d+)*: /,
  /^FATAL ERROR: /, // V8
  /^wasm trap: /, // WebAssembly, as src/world/wasi prints it
  /^\*\* \(EXIT from /, // Elixir, of a linked process
  /^escript: exception |^\{"init terminating/, // Erlang
  /^Unhandled [\w:-]+ in thread /, // SBCL
  /^(?:\w+\.)*\w*(?:Exception|Error)@\S+\(\d+\): /, // D
  /^An unhandled exception occurred at |^Runtime error \d+ at /, // Free Pascal
  /^raised [A-Z_.]+ : /, // Ada
  /^thread \d+ panic: /, // Zig
  /^V panic: /,
  /^\S+:\d+: Fatal error: /, // Swift
  /^Error in /, // R
  /^Fortran runtime error: |^Program received signal SIG\w+: /, // gfortran
];
/** A line below the cause, which is the nearest line above it that is not indented. */
const BELOW_CAUSE: readonly RegExp[] = [
  /^\s+context\.\.\.:$/, // Racket
  /^\s+while executing$/, // Tcl
  /^CallStack \(from HasCallStack\):$/, // Haskell
];
/** Beginnings whose message is below them. */
const MESSAGE_BELOW =
  /^Unhandled Exception:$|^An unhandled exception occurred at |^\*\* \(EXIT from .*:$|^Error in .*:\s*$/;
/** A beginning whose message is the indented lines below it. */
const MESSAGE_INDENTED = /^Unhandled [\w:-]+ in thread /;
/**
 * A crash that follows from another, which is above it if it was printed: a trap after a panic, an assertion or
 * `terminate`; in Rust a lock, a channel or a handle whose thread has panicked.
 */
const CONSEQUENCE =
  /^wasm trap: unreachable|\b(?:PoisonError|SendError|RecvError|JoinError::Panic)\b|\bAny \{ \.\. \}/;
/** Explains the line before it. */
const CONTINUATIONS = /^Caused by: |^SUMMARY: \w*Sanitizer|^\s+what\(\): /;
/** The name of an error at the beginning of a line: Python, JavaScript and others. */
const NAMED_ERROR =
  /^(?:Uncaught |Unhandled )?(?:[A-Za-z_$][\w$]*(?:\.|::))*(?:[A-Z]\w*(?:Error|Exception|Exit|Interrupt)|Error|Exception)\b(?: \[\w+\])?(?::|$| \{)/;

/** A frame of a stack in the SDK or in Node itself, where a mistake of the program surfaces. */
const OF_LIBRARY = /\bnode:|[/\\](?:dist[/\\]node\.js|src[/\\]node[/\\][a-z-]+\.ts):\d/;

export const isLibraryFrame = (line: string): boolean => OF_LIBRARY.test(line);

const MOST_LINES = 3;
const MOST_CHARACTERS = 1000;

/**
 * Returns the lines of a stderr that name the cause of the newest crash: at most three, none if nothing looks like a
 * crash.
 */
export function findCause(lines: readonly string[]): string[] {
  const beginning = findBeginning(lines);
  const named = lines.findLastIndex((line) => NAMED_ERROR.test(line));
  const at = beginning === -1 ? named : beginning;
  const first = lines[at];
  if (first === undefined) return [];
  const found = [first];
  // Rust puts the message below the location.
  const next = lines[at + 1];
  if (/panicked at /.test(first) && next !== undefined && /:\d+:\d+:$/.test(first)) found.push(next);
  if (MESSAGE_BELOW.test(first) && next !== undefined) found.push(next.trim());
  if (MESSAGE_INDENTED.test(first)) found.push(indentedBelow(lines, at));
  const more = lines.slice(at + found.length).filter((line) => CONTINUATIONS.test(line));
  found.push(...more.slice(-(MOST_LINES - found.length)));
  return found.map((line) => line.slice(0, MOST_CHARACTERS));
}

/** Returns the indented lines below that one as one line. */
function indentedBelow(lines: readonly string[], at: number): string {
  const end = lines.findIndex((line, index) => index > at && !/^\s+\S/.test(line));
  return lines
    .slice(at + 1, end === -1 ? lines.length : end)
    .map((line) => line.trim())
    .join(' ');
}

/** Returns the newest line that stands above one of `BELOW_CAUSE`, or -1. */
function findAbove(lines: readonly string[]): number {
  const below = lines.findLastIndex((line) => BELOW_CAUSE.some((pattern) => pattern.test(line)));
  return lines.slice(0, Math.max(below, 0)).findLastIndex((line) => /^\S/.test(line));
}

function findBeginning(lines: readonly string[]): number {
  const newest = Math.max(
    findAbove(lines),
    lines.findLastIndex((line) => BEGINNINGS.some((pattern) => pattern.test(line))),
  );
  // Rust puts the message below the location.
  const said = lines.slice(Math.max(newest, 0), newest + 2).join('\n');
  if (newest <= 0 || !CONSEQUENCE.test(said)) return newest;
  const announced = findBeginning(lines.slice(0, newest));
  return announced === -1 ? newest : announced;
}
