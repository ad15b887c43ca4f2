/**
 * Explains why a program cannot be started, before anything else runs. The system would only report ENOENT or EACCES,
 * or run a shell on a file that is not a shell script.
 */
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { findOnPath, mayRead, mayRun } from '../../../files/access.ts';
import { shellWord } from '../../../protocol/shell-word.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { isNode, lineOf, refuseJsx } from '../../bundling/node-program.ts';
import { parseShebang } from '../../bundling/shebang.ts';
import { checkModule } from '../../wasi/module/check-module.ts';
import { hasInterpreter } from './binary-formats.ts';
import { adviceFor, foreignBinary, isExecutableFormat } from './foreign-binary.ts';
import { sourceFile, startsItself } from './source-files.ts';
import { isWasm, wasmFault } from './wasm-binary.ts';

const HEAD_BYTES = 4096;
/** Run by Node or bundled for it, so they need not be executable, unless a `#!` line names another program. */
const FOR_NODE = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']);
/** Scripts that the system's shell would run as its own if they have no `#!` line. */
const INTERPRETERS = new Map([
  ['.py', 'python3'],
  ['.rb', 'ruby'],
  ['.pl', 'perl'],
  ['.php', 'php'],
  ['.lua', 'lua'],
  ['.exs', 'elixir'],
  ['.clj', 'bb'],
  ['.jl', 'julia'],
  ['.R', 'Rscript'],
  ['.r', 'Rscript'],
  ['.tcl', 'tclsh'],
  ['.rkt', 'racket'],
  ['.scm', 'guile'],
  ['.lisp', '-S sbcl --script'],
  ['.groovy', 'groovy'],
  ['.escript', 'escript'],
  ['.kts', 'kotlin'],
]);

/**
 * Returns the program's absolute path, resolved from `cwd`. Throws a UserError when it certainly cannot run: it is
 * missing, a directory, empty, not executable, for another system, or its `#!` line leads nowhere.
 */
export function checkProgram(bin: string, cwd: string): string {
  const path = resolve(cwd, bin);
  const stats = statProgram(path);
  if (stats.isDirectory()) {
    throw new UserError(`${path} is a directory, not a program.`, 'Give --bin the program inside it.');
  }
  if (!stats.isFile()) throw new UserError(`${path} is no file that could be run.`, 'Give --bin a program.');
  if (stats.size === 0) throw new UserError(`${path} is empty.`, 'Was it saved, or did a build fail?');
  if (FOR_NODE.has(extname(path))) {
    if (!mayRead(path)) throw new UserError(`${path} may not be read.`, `Try: chmod +r ${shellWord(path)}`);
    if (lineOf(path) === undefined) return path;
  }
  // Before the mode is checked, since `chmod +x` would not help.
  if (mayRead(path) && checkWasm(path)) return path;
  refuseJsx(path);
  refuseSource(path);
  if (!mayRun(path)) {
    throw new UserError(`${path} is not executable.`, `Make it so: chmod +x ${shellWord(path)}`);
  }
  // A file that is executable but not readable cannot be inspected.
  if (mayRead(path)) checkContents(path);
  return path;
}

/** Returns the stats of the file at that path. Throws a UserError when it does not exist or cannot be reached. */
export function statProgram(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES')
      throw new UserError(`${path} cannot be reached: a folder on the way may not be searched.`);
    if (code === 'ENOTDIR')
      throw new UserError(`${path} does not exist: something on the way to it is not a folder.`);
    if (code === 'ELOOP') throw new UserError(`${path} is a symbolic link that leads round in a circle.`);
    const target = linkTarget(path);
    if (target !== undefined) {
      throw new UserError(
        `${path} is a symbolic link to ${target}, which does not exist.`,
        'Has the program been built, or moved?',
      );
    }
    throw new UserError(`${path} does not exist.`, similarProgram(path));
  }
}

/** Returns the target of a symbolic link, or undefined if it is not one. */
function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Suggests what may have been meant. */
function similarProgram(path: string): string {
  const stem = (name: string): string => basename(name, extname(name)).toLowerCase();
  const near = namesIn(dirname(path)).find((name) => stem(name) === stem(path));
  if (near !== undefined) return `There is ${join(dirname(path), near)}: is that the one?`;
  const words = wordsOfCommand(path);
  if (words !== undefined) return words;
  const onPath = findProgram(basename(path));
  if (onPath !== undefined) return `--bin takes a path; there is ${onPath}.`;
  return 'Paths are taken from the current directory. Has the program been built?';
}

/** `--bin "python3 node.py"`: a command line where one file is expected. */
function wordsOfCommand(path: string): string | undefined {
  const [command = '', ...rest] = basename(path).split(/\s+/);
  const at = rest.findIndex((word) => !word.startsWith('-'));
  const file = rest[at];
  if (file === undefined || findProgram(command) === undefined) return undefined;
  const extension = extname(file);
  const args = at + 1 < rest.length ? ` -- ${rest.slice(at + 1).join(' ')}` : '';
  const intro = '--bin takes one file, not a command line.';
  if (FOR_NODE.has(extension) && at === 0 && isNode(command)) return `${intro} Write: --bin ${file}${args}`;
  if (!INTERPRETERS.has(extension)) {
    return `${intro} Give it an executable script of two lines: #!/bin/sh and exec ${[command, ...rest].join(' ')} "$@"`;
  }
  const line = at === 0 ? command : `-S ${[command, ...rest.slice(0, at)].join(' ')}`;
  return `${intro} Make ${file} executable, with the first line #!/usr/bin/env ${line}, and write: --bin ${file}${args}`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Runs before the mode is checked, for the same reason. A source file that names its interpreter is a program like any
 * other.
 */
function refuseSource(path: string): void {
  const source = sourceFile(path);
  if (source === undefined) return;
  const head = mayRead(path) ? readHead(path) : Buffer.alloc(0);
  if (startsItself(head) || isExecutableFormat(head) || hasInterpreter(path, head)) return;
  throw new UserError(`${path} is ${source.what}, not a program that can be started.`, source.advice);
}

function checkContents(path: string): void {
  const head = readHead(path);
  if (head.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) && head.toString('latin1', 3, 5) === '#!') {
    throw new UserError(
      `${path} begins with a byte order mark, so that the system does not see its #! line.`,
      `Remove it: sed -i '1s/^\\xef\\xbb\\xbf//' ${shellWord(path)}`,
    );
  }
  if (head.toString('latin1', 0, 2) === '#!') return checkShebang(path, head.toString('utf8'));
  const mark = head.length > 2 ? head.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) {
    throw new UserError(
      `${path} is UTF-16 text, as its byte order mark says, and the system reads scripts as UTF-8.`,
      'Save it as UTF-8, without a byte order mark.',
    );
  }
  const foreign = foreignBinary(head);
  if (foreign !== undefined && !hasInterpreter(path, head))
    throw new UserError(`${path} cannot run here: ${foreign}`, adviceFor(path, head));
  const interpreter = INTERPRETERS.get(extname(path));
  if (interpreter !== undefined && !head.includes(0)) {
    throw new UserError(
      `${path} does not say what is to run it: its first line does not begin with #!.`,
      `Make its first line: #!/usr/bin/env ${interpreter}`,
    );
  }
}

/** Whether the file is a module that can run as a node; it need not be executable. */
function checkWasm(path: string): boolean {
  const head = readHead(path);
  const isNamedSo = extname(path) === '.wasm';
  if (!isWasm(head)) {
    if (!isNamedSo || head.toString('latin1', 0, 2) === '#!') return false;
    throw new UserError(
      `${path} is not WebAssembly: it begins with ${head.toString('hex', 0, 4)}, not with 0061736d.`,
      'Was it built for another target, or is it the text form (.wat)?',
    );
  }
  const fault = wasmFault(head);
  if (fault !== undefined) {
    const advice = fault.includes('component')
      ? 'Build it for WASI preview 1 (wasm32-wasip1): docs/wasm.md.'
      : undefined;
    throw new UserError(`${path} cannot be run: ${fault}`, advice);
  }
  const facts = checkModule(readFileSync(path));
  if ('problem' in facts) throw new UserError(`${path} cannot be run: ${facts.problem}`, facts.advice);
  return true;
}

function checkShebang(path: string, head: string): void {
  const line = head.slice(2, head.includes('\n') ? head.indexOf('\n') : undefined);
  // If the line does not lead to a Node, the Node that runs this harness runs the file.
  if (isNode(parseShebang(line).name) && lineOf(path) !== undefined) return;
  if (line.endsWith('\r')) {
    throw new UserError(
      `${path} has Windows line ends: its #! line ends with a carriage return, which the system takes for a part of the name.`,
      `Change them: sed -i 's/\\r$//' ${shellWord(path)}`,
    );
  }
  const [interpreter, ...words] = line.trim().split(/[ \t]+/);
  if (interpreter === undefined || interpreter === '') {
    throw new UserError(
      `${path} names no interpreter in its #! line.`,
      'For example: #!/usr/bin/env python3',
    );
  }
  if (!mayRun(interpreter)) {
    throw new UserError(
      `${path} asks in its #! line to be run by ${interpreter}, which does not exist or is not executable.`,
      `Install it, or change the line, for example to: ${betterLine(interpreter, words)}`,
    );
  }
  if (basename(interpreter) === 'env') checkEnv(path, words);
  else if (process.platform === 'linux' && refusesOneArgument(basename(interpreter), words)) {
    throw new UserError(
      `${path} gives ${interpreter} more than one argument in its #! line, and Linux hands them on as one: "${words.join(' ')}", which ${basename(interpreter)} refuses.`,
      `Make its first line: #!/usr/bin/env -S ${interpreter} ${words.join(' ')}`,
    );
  }
  if (process.platform === 'linux' && !parseShebang(line).splits) {
    throw new UserError(
      `${path} gives env more than one word in its #! line, and Linux hands them on as one: env would look for a program named "${words.join(' ')}".`,
      `Make its first line: #!${interpreter} -S ${words.join(' ')}`,
    );
  }
}

/** A `#!` line for a script whose interpreter is not where its own says. */
function betterLine(interpreter: string, words: readonly string[]): string {
  const absolute = `/${interpreter}`;
  if (!interpreter.startsWith('/') && mayRun(absolute)) return ['#!' + absolute, ...words].join(' ');
  const name = basename(interpreter) === 'env' ? (words[0] ?? 'python3') : basename(interpreter);
  // Many systems have python3 and no python.
  const here = findProgram(name) === undefined && findProgram(`${name}3`) !== undefined ? `${name}3` : name;
  return `#!/usr/bin/env ${here}`;
}

/**
 * True when Python or a shell certainly fails on `-u -B` as one argument: it takes the space for an option, unless an
 * earlier option takes the rest as its value, as `-X dev` does.
 */
const refusesOneArgument = (interpreter: string, [first = '', ...others]: readonly string[]): boolean =>
  others.length > 0 && /^(?:python[\d.]*|bash|dash|sh)$/.test(interpreter) && /^-[^-cmoOQWX]+$/.test(first);

/** `#!/usr/bin/env [-S] [NAME=value...] program` */
function checkEnv(path: string, words: readonly string[]): void {
  const program = words.find((word) => !word.startsWith('-') && !word.includes('='));
  if (program === undefined || findProgram(program) !== undefined) return;
  throw new UserError(
    `${path} asks in its #! line to be run by ${program}, which is not installed, or not on the PATH.`,
    findProgram(`${program}3`) === undefined
      ? `Install ${program}, or put the full path of it into the #! line.`
      : `There is ${program}3: change the line to: #!/usr/bin/env ${program}3`,
  );
}

function findProgram(program: string): string | undefined {
  if (program.includes('/')) return mayRun(program) ? program : undefined;
  return findOnPath(program, process.env);
}

function readHead(path: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  const fd = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(fd, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}
