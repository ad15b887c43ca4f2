/**
 * Says how a program empties its buffer of stdout after each line, in its own language. The language is seen from the
 * executable: of an interpreter by its name, of a compiled program by what its run-time system leaves in the file. On
 * Linux the processes themselves are asked, so that a script that starts the program is seen through.
 */
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { readShebang } from '../../bundling/shebang.ts';
import { childrenOf } from '../processes/proc-files.ts';

interface Habit {
  /** The name of the interpreter's executable. */
  readonly name?: RegExp;
  /** A text in every program that this compiler makes, stripped ones included. */
  readonly mark?: string;
  /** Continues "flush stdout after each line, ". */
  readonly advice: string;
}

const HABITS: readonly Habit[] = [
  { name: /^(?:python|pypy)/, advice: 'in Python by print(..., flush=True), or start it with python3 -u' },
  { name: /^(?:ruby|truffleruby)/, advice: 'in Ruby by $stdout.sync = true at the beginning' },
  { name: /^perl/, advice: 'in Perl by $| = 1 at the beginning' },
  {
    name: /^lua(?!latex|tex)/,
    advice: 'in Lua by io.flush(), or io.stdout:setvbuf("line") at the beginning',
  },
  { name: /^php/, advice: 'in PHP by flush(), with output_buffering switched off' },
  {
    name: /^java$/,
    advice: 'on the JVM by System.out.flush() after each line, or a PrintWriter made with autoflush (true)',
  },
  {
    name: /^(?:mono|dotnet)/,
    advice: 'in .NET by AutoFlush = true on a StreamWriter (Console.Out itself has no buffer)',
  },
  { name: /^guile/, advice: 'in Guile by (force-output)' },
  { name: /^(?:csi|racket)/, advice: 'in Scheme and Racket by (flush-output)' },
  { name: /^(?:sbcl|clisp|ecl|ccl|lx86cl)/, advice: 'in Common Lisp by (finish-output)' },
  { name: /^swipl/, advice: 'in Prolog by flush_output' },
  {
    name: /^(?:tclsh|wish)/,
    advice: 'in Tcl by flush stdout, or fconfigure stdout -buffering line at the beginning',
  },
  { name: /^julia/, advice: 'in Julia by flush(stdout)' },
  { name: /^ocaml/, mark: 'CAMLRUNPARAM', advice: 'in OCaml by print_endline, or flush stdout' },
  {
    name: /^(?:run)?ghc/,
    mark: 'GHCRTS',
    advice: 'in Haskell by hSetBuffering stdout LineBuffering at the beginning',
  },
  {
    name: /^(?:[gmn]awk|awk|original-awk)$/,
    advice: 'in awk by fflush() after print; mawk also reads ahead, unless it is started with -W interactive',
  },
  { name: /^(?:jq|gojq|jaq)$/, advice: 'with jq by jq --unbuffered -c' },
  { name: /^sed$/, advice: 'with sed by sed -u' },
  { name: /^[ef]?grep$/, advice: 'with grep by grep --line-buffered' },
  { name: /^(?:tr|cut)$/, advice: 'by stdbuf -oL before the command' },
  { mark: 'fatal.nim', advice: 'in Nim by stdout.flushFile() (echo does so by itself)' },
  { mark: '__zig_', advice: 'in Zig by flush() on the buffered writer' },
  { mark: 'CRYSTAL_', advice: 'in Crystal by STDOUT.sync = true at the beginning' },
  { mark: '_d_run_main', advice: 'in D by stdout.flush()' },
  {
    mark: 'swiftCore',
    advice: 'in Swift by setvbuf(stdout, nil, _IOLBF, 0) at the beginning, or fflush(stdout)',
  },
  { mark: '_gfortran_', advice: 'in Fortran by flush(output_unit), with use iso_fortran_env' },
  { mark: '__gnat', advice: 'in Ada by Ada.Text_IO.Flush' },
  { mark: 'FPC ', advice: 'in Pascal by Flush(Output)' },
  {
    mark: 'RUST_BACKTRACE',
    advice: 'in Rust by flush() on the writer; print! without a newline and BufWriter need it',
  },
  { mark: 'Go build', advice: 'in Go by Flush() on the bufio.Writer (os.Stdout itself has no buffer)' },
  { mark: '_ZNSt', advice: 'in C++ by std::endl or std::flush' },
];

/** Interpreters that write at once, and shells; what they are compiled from says nothing of the node. */
const AT_ONCE =
  /^(?:node(?:js)?|deno|bun|beam\.smp|R|dart|wasmtime|env|busybox|(?:[bd]?a|z|k|mk|fi)?sh)(?:-?[\d.]+)?$/;

/** Programs in files of more bytes are not searched for marks. */
const MOST_BYTES = 64 << 20;
/** Maximum number of a program's processes that are looked at. */
const MOST_PROCESSES = 20;

/** Returns the advice for the program at that path, which runs as that process, or undefined if its language is unknown. */
export function flushAdvice(path: string, pid: number | undefined): string | undefined {
  for (const file of executables(path, pid)) {
    const advice = adviceForExecutable(file);
    if (advice !== undefined) return advice;
  }
  return undefined;
}

/** Returns the advice for a program whose process runs this file. */
export function adviceForExecutable(file: string): string | undefined {
  const name = basename(file);
  if (AT_ONCE.test(name)) return undefined;
  const named = HABITS.find((habit) => habit.name?.test(name));
  if (named !== undefined) return named.advice;
  if (!MARKED.has(file)) {
    const content = contentOf(file);
    MARKED.set(file, HABITS.find(({ mark }) => mark !== undefined && content.includes(mark))?.advice);
  }
  return MARKED.get(file);
}

/** The advice for each compiled program that was searched: all nodes of a run are usually the same one. */
const MARKED = new Map<string, string | undefined>();

/** The executables of the process and those that it has started, or what the file itself names. */
function executables(path: string, pid: number | undefined): readonly string[] {
  const running = pid === undefined ? [] : withDescendants(pid).flatMap(executableOf);
  return running.length > 0 ? running : [readShebang(path)?.program ?? path];
}

function withDescendants(pid: number): readonly number[] {
  const found = [pid];
  for (let next = 0; next < found.length && found.length < MOST_PROCESSES; next++)
    found.push(...childrenOf(found[next] ?? 0));
  return found.slice(0, MOST_PROCESSES);
}

function executableOf(pid: number): readonly string[] {
  try {
    return [readlinkSync(`/proc/${pid}/exe`)];
  } catch {
    return [];
  }
}

function contentOf(file: string): Buffer {
  try {
    const stats = statSync(file);
    return stats.isFile() && stats.size <= MOST_BYTES ? readFileSync(file) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}
