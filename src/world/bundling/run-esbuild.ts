/**
 * Runs esbuild with the options that all builds share. Its errors become UserErrors that name file and line, and say
 * what to do.
 */
import { byCount } from '../../protocol/count-text.ts';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { BuildFailure, BuildOptions, BuildResult, Message, Plugin } from 'esbuild';
import { IMPORTED_AS } from '../own-file.ts';
import { failedFiles, throwingFiles, withoutMatches } from './matched-modules.ts';
import { nearest } from '../../protocol/nearest.ts';
import { leaveComputedRequires } from './computed-requires.ts';
import { withStarredPaths } from './starred-paths.ts';
import { UserError } from '../../protocol/user-error.ts';

/** The number of builds in progress, plus calls of `keepCompiler`. */
let building = 0;

/** Keeps esbuild's service running until this process ends, for many builds in sequence. */
export function keepCompiler(): void {
  building++;
}

/** Keeps esbuild's service running during several builds: otherwise it would end after each and start again. */
export async function duringBuilds<Result>(work: () => Promise<Result>): Promise<Result> {
  const esbuild = await import('esbuild');
  building++;
  try {
    return await work();
  } finally {
    if (--building === 0) await esbuild.stop();
  }
}

/** Runs esbuild; its errors become UserErrors that name file and line. */
export async function runEsbuild(options: BuildOptions): Promise<BuildResult> {
  // Loaded lazily: most commands never need a compiler.
  const esbuild = await import('esbuild');
  const from = options.absWorkingDir ?? process.cwd();
  const starred = withStarredPaths(options);
  building++;
  try {
    const build = (plugins: readonly Plugin[] = []): Promise<BuildResult> =>
      esbuild.build({
        bundle: true,
        target: 'node20',
        logLevel: 'silent',
        legalComments: 'none',
        loader: { '': 'js' },
        ...starred,
        plugins: [...plugins, webImports, ...(starred.plugins ?? [])],
      });
    return await build().catch(async (error: unknown) => {
      if (!isBuildFailure(error)) throw error;
      const left = leaveComputedRequires(error.errors, from);
      if (left !== undefined) return build([left]);
      const failed = failedFiles(error.errors, from);
      if (failed === undefined || !(await succeeds(build([withoutMatches])))) throw error;
      return build([throwingFiles(failed)]);
    });
  } catch (error) {
    if (isBuildFailure(error)) throw describeFailure(error, from);
    throw stopped(error) ?? lacking(error) ?? error;
  } finally {
    // Its service is a child process, which would outlive the builds.
    if (--building === 0) await esbuild.stop();
  }
}

/** Node loads no module from the web; esbuild would leave such an import to it. */
const webImports: Plugin = {
  name: 'web-imports',
  setup(build) {
    build.onResolve({ filter: /^https?:\/\// }, ({ path, kind }) =>
      kind === 'import-statement' ? { errors: [{ text: `Could not resolve "${path}"` }] } : undefined,
    );
  },
};

const succeeds = (build: Promise<BuildResult>): Promise<boolean> =>
  build.then(
    () => true,
    () => false,
  );

/**
 * Returns the error for a service of esbuild that could not start or ended: it is a process with threads, and the
 * machine may not allow any more.
 */
function stopped(error: unknown): UserError | undefined {
  const text = error instanceof Error ? error.message : '';
  const found = /^The service (?:was stopped|is no longer running)(?:: (.*))?$/m.exec(text);
  if (found === null) return undefined;
  const why = found[1] === undefined ? 'ended while it worked' : `could not be started (${found[1]})`;
  return new UserError(
    `The program cannot be compiled: esbuild, which runs as a process of its own, ${why}. It needs some 20 processes and threads.`,
    'See how many this user may have: ulimit -u, and the limits of the container. Allow more, or end other programs.',
  );
}

/** Returns the error for a compiler that was not installed: its executable is in an optional package for each platform. */
function lacking(error: unknown): UserError | undefined {
  const text = error instanceof Error ? error.message : '';
  const isLacking = /is needed by esbuild|installed esbuild for another platform|find module 'esbuild'/.test(
    text,
  );
  return isLacking
    ? new UserError(
        `The program cannot be compiled: @esbuild/${process.platform}-${process.arch}, the compiler for this machine, is not installed.`,
        'Install Maelstrom again on this machine, with optional dependencies: without --omit=optional, and without a node_modules of another system.',
      )
    : undefined;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return (
    error instanceof Error && 'errors' in error && Array.isArray(error.errors) && error.errors.length > 0
  );
}

/** Returns the error for a failed build; file names in `failure` are relative to `from`. */
function describeFailure(failure: BuildFailure, from: string): UserError {
  const errors = failure.errors.map((error) => locatedFrom(error, from));
  const missing = new Map(errors.flatMap((error) => missingPackage(error) ?? []));
  const shown = errors.slice(0, 5).map((error) => describeProblem(error));
  if (errors.length > shown.length) shown.push(`... and ${errors.length - shown.length} more errors`);
  const [first] = missing;
  const install = first === undefined ? undefined : howToInstall([...missing.keys()], first[1]);
  const isOnlyMissing = install !== undefined && errors.every((error) => missingPackage(error) !== undefined);
  return new UserError(
    `The program ${isOnlyMissing ? 'imports what is not installed' : 'does not compile'}.\n${shown.join('\n')}`,
    install ?? 'Correct it and run the test again; nothing was started.',
  );
}

/** Says how to get these packages. What was meant to be the SDK must not be installed: npm has others of such names. */
function howToInstall(names: readonly string[], folder: string): string {
  const meant = names.find((name) =>
    name.split(/[@/-]/).some((part) => part.length > 5 && nearest(part, [IMPORTED_AS]) !== undefined),
  );
  return meant === undefined
    ? `Install ${byCount(names.length, 'it', 'them')}, in ${shorten(folder) || 'this folder'}: npm install ${names.join(' ')}`
    : `A node imports the SDK as '${IMPORTED_AS}/node', and nothing has to be installed for it. On npm, ${meant} is another package.`;
}

/** Returns the same problem with the file's absolute path. */
function locatedFrom(error: Message, from: string): Message {
  const { location } = error;
  return location === null
    ? error
    : { ...error, location: { ...location, file: resolve(from, location.file) } };
}

/** Returns the package that an import asks for and that is not installed, and the folder to install it in. */
function missingPackage({ location, text }: Message): [name: string, folder: string][] | undefined {
  const asked = /^Could not resolve "([^"]+)"/.exec(text)?.[1];
  const name = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*(?=\/|$)/.exec(asked ?? '')?.[0];
  // A package of this name exists, but what a program imports from it is in the runtime.
  if (name === undefined || name === 'bun' || location === null) return undefined;
  let home: string | undefined;
  for (let folder = dirname(location.file); ; folder = dirname(folder)) {
    // The package is installed; it only lacks the file that was imported.
    if (existsSync(join(folder, 'node_modules', name))) return undefined;
    if (home === undefined && existsSync(join(folder, 'package.json'))) home = folder;
    if (folder === dirname(folder)) break;
  }
  return [[name, home ?? dirname(location.file)]];
}

/** Matches imports that look like packages but are not: `npm:uuid`, `jsr:@std/uuid`, `bun:sqlite`, `bun`, `https://...`. */
const FOREIGN = /^Could not resolve "(?:(?:npm|jsr|https?|bun|deno):|bun")/;

function describeProblem(error: Message): string {
  const { location, text, notes } = error;
  const isMissing = missingPackage(error) !== undefined;
  const said = isMissing
    ? text.replace(/^Could not resolve (.*)$/, 'the package of $1 is not installed')
    : text;
  const lines: string[] = [];
  if (location === null) {
    lines.push(`  ${said}`);
  } else {
    const file = shorten(location.file);
    lines.push(
      `  ${file}:${location.line}:${location.column + 1}: ${said}`,
      `      ${location.lineText.trim()}`,
    );
  }
  // esbuild's own advice is about calling esbuild.
  const advice = FOREIGN.test(text)
    ? [
        'Only Deno or Bun know such an import: run the program in the real world, by a #! line that names them.',
      ]
    : notes
        .filter(
          (note) => note.location === null && !/mark the path|external|"import" or "require"/.test(note.text),
        )
        .map((note) => note.text);
  for (const line of advice) lines.push(`      ${line}`);
  return lines.join('\n');
}

/** Returns the path relative to the current directory if the file is below it. */
function shorten(file: string): string {
  const fromHere = relative(process.cwd(), file);
  return fromHere.startsWith('..') ? file : fromHere;
}
