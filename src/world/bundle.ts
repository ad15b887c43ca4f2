/**
 * Makes one file out of a program in JavaScript or TypeScript and all it imports, with esbuild.
 *
 * For the real world the file runs in Node as it is; for the simulated world, Node's modules are replaced by those of
 * the simulator (see simulated/build-program.ts). In both, `maelstrom/node` is the SDK that came with this harness.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildFailure, BuildOptions, BuildResult, Message } from 'esbuild';
import { UserError } from '../protocol/user-error.ts';
import { buildSimulatedProgram } from './simulated/build-program.ts';
import { SIMULATED_PROGRAM_SUFFIX, writeSimulatedProgram } from './simulated/program.ts';

export type BundleTarget = 'real' | 'simulated';

/** What goes into a `NodeSpec`: the program to start, and the arguments that come before the user's own. */
export interface Bundle {
  readonly bin: string;
  readonly args: readonly string[];
}

/**
 * Prepares a program, given by absolute path, to be started in that world.
 *
 * JavaScript and TypeScript programs, and folders with an index file of theirs, are bundled into a file in `folder` (a
 * temporary one, removed when this process exits, when not given). Any other program runs in the real world as it is.
 * Throws a UserError when the program is missing, does not compile, or cannot run in that world.
 */
export async function bundleNode(path: string, target: BundleTarget, folder?: string): Promise<Bundle> {
  const entry = findEntry(path);
  if (target === 'simulated') {
    if (entry.language !== 'javascript') throw cannotSimulate(path);
    const program = await buildSimulatedProgram(entry.file);
    const file = join(await outputFolder(folder), `${basename(path)}${SIMULATED_PROGRAM_SUFFIX}`);
    await writeSimulatedProgram(file, program);
    return { bin: file, args: [] };
  }
  // What has a `#!` line but no extension is for the system to start.
  if (entry.language !== 'javascript' || extname(entry.file) === '') return { bin: path, args: [] };
  const file = join(await outputFolder(folder), `${basename(path, extname(path))}.mjs`);
  await buildForNode(entry.file, file);
  return { bin: process.execPath, args: ['--enable-source-maps', file] };
}

/** The error that says what to do with a program that is not JavaScript. */
export function cannotSimulate(path: string): UserError {
  return new UserError(
    `${path} cannot run in the simulated world: that runs JavaScript and TypeScript only.`,
    'Run it without --simulate, or write it in JavaScript or TypeScript.',
  );
}

export interface ProgramEntry {
  readonly file: string;
  readonly language: 'javascript' | 'other';
}

const JAVASCRIPT = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']);
const INDEX_FILES = ['index.ts', 'index.mts', 'index.js', 'index.mjs', 'index.cjs'];

/** Which file a program begins with, and whether it is ours to compile. Throws a UserError when there is none. */
export function findEntry(path: string): ProgramEntry {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new UserError(`There is no program at ${path}.`, 'Check the path given with --bin.');
  }
  if (stats.isDirectory()) {
    const index = INDEX_FILES.map((name) => join(path, name)).find(
      (file) => statSync(file, { throwIfNoEntry: false }) !== undefined,
    );
    if (index !== undefined) return { file: index, language: 'javascript' };
    throw new UserError(
      `${path} is a folder without an index.ts or index.js.`,
      'Give --bin the program itself, or a folder whose program is its index file.',
    );
  }
  const interpreter = readInterpreter(path);
  const extension = extname(path);
  const ours =
    interpreter === undefined
      ? JAVASCRIPT.has(extension)
      : /\b(?:node|nodejs|tsx|ts-node)\b/.test(interpreter) &&
        (extension === '' || JAVASCRIPT.has(extension));
  return { file: path, language: ours ? 'javascript' : 'other' };
}

/** The `#!` line; undefined when there is none, or when the file cannot be read (which starting it will tell). */
function readInterpreter(path: string): string | undefined {
  const beginning = Buffer.alloc(256);
  let size: number;
  try {
    const file = openSync(path, 'r');
    try {
      size = readSync(file, beginning, 0, beginning.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
  const text = beginning.toString('utf8', 0, size);
  return text.startsWith('#!') ? text.slice(2).split('\n', 1)[0] : undefined;
}

async function buildForNode(entry: string, outfile: string): Promise<void> {
  const url = JSON.stringify(pathToFileURL(entry).href);
  await runEsbuild({
    entryPoints: [entry],
    outfile,
    platform: 'node',
    format: 'esm',
    sourcemap: 'inline',
    sourcesContent: false, // Node reads the map at each start
    alias: { 'maelstrom/node': findSdk() },
    // The program believes that it runs where its source is; `require` is for the CommonJS part of it.
    banner: {
      js:
        `import { createRequire as createRequire$ } from 'node:module'; ` +
        `process.argv[1] = ${JSON.stringify(entry)}; globalThis.require ??= createRequire$(${url});`,
    },
    define: {
      'import.meta.url': url,
      'import.meta.filename': JSON.stringify(entry),
      'import.meta.dirname': JSON.stringify(dirname(entry)),
      __filename: JSON.stringify(entry),
      __dirname: JSON.stringify(dirname(entry)),
      'require.main': 'module',
    },
  });
}

/** Where the SDK is. */
export function findSdk(): string {
  return findOwnFile('src/node/index.ts', 'dist/node.js');
}

/** A file of this package: its source when this code runs from source, the built one when it runs from dist/. */
export function findOwnFile(source: string, built: string): string {
  const here = fileURLToPath(import.meta.url);
  let root = dirname(here);
  while (!isFile(join(root, 'package.json')) && root !== dirname(root)) root = dirname(root);
  const file = join(root, relative(root, here).startsWith('dist') ? built : source);
  if (!isFile(file))
    throw new Error(`This installation is not complete: ${file} is missing. Install it again.`);
  return file;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** How many builds go on now. */
let building = 0;

/** Runs esbuild with what all builds share; its errors become UserErrors that name file and line. */
export async function runEsbuild(options: BuildOptions): Promise<BuildResult> {
  // Loaded late: most commands never need a compiler.
  const esbuild = await import('esbuild');
  building++;
  try {
    return await esbuild.build({
      bundle: true,
      target: 'node20',
      logLevel: 'silent',
      legalComments: 'none',
      loader: { '': 'js' },
      ...options,
    });
  } catch (error) {
    if (isBuildFailure(error)) throw describeFailure(error);
    throw error;
  } finally {
    // Its service is a child process, which would outlive the builds.
    if (--building === 0) await esbuild.stop();
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return (
    error instanceof Error && 'errors' in error && Array.isArray(error.errors) && error.errors.length > 0
  );
}

function describeFailure({ errors }: BuildFailure): UserError {
  const shown = errors.slice(0, 5).map(describeProblem);
  if (errors.length > shown.length) shown.push(`... and ${errors.length - shown.length} more errors`);
  return new UserError(
    `The program does not compile.\n${shown.join('\n')}`,
    'Correct it and run the test again; nothing was started.',
  );
}

function describeProblem({ location, text, notes }: Message): string {
  const lines: string[] = [];
  if (location === null) {
    lines.push(`  ${text}`);
  } else {
    const file = shorten(resolve(location.file));
    lines.push(
      `  ${file}:${location.line}:${location.column + 1}: ${text}`,
      `      ${location.lineText.trim()}`,
    );
  }
  for (const note of notes) if (note.location === null) lines.push(`      ${note.text}`);
  return lines.join('\n');
}

/** As seen from here, where that is shorter. */
function shorten(file: string): string {
  const fromHere = relative(process.cwd(), file);
  return fromHere.startsWith('..') ? file : fromHere;
}

async function outputFolder(folder: string | undefined): Promise<string> {
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    return folder;
  }
  const made = mkdtempSync(join(tmpdir(), 'maelstrom-bundle-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}
