/**
 * How Node runs a JavaScript or TypeScript program in the real world: as it is, or bundled.
 *
 * As it is: an executable file whose `#!` line names Node, and CommonJS, which a bundle could not keep sloppy, nor find
 * its native and unusual packages. Bundled: TypeScript, modules that are not executable, and whatever imports TypeScript or
 * the SDK, which need not be installed. Packages stay where they are even then: they may have native parts, read
 * files beside their own, or require what only the run decides.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildResult, Plugin } from 'esbuild';
import { declareMain, MAIN, modulePlaces, placeOf } from './module-places.ts';
import { UserError } from '../protocol/user-error.ts';
import { packageType, readModuleKind, type ModuleKind } from './module-kind.ts';
import { declaringStatement } from './assertion-names.ts';
import { findSdk, isSdk, sdkAlias } from './own-file.ts';
import { runEsbuild } from './run-esbuild.ts';
import { readShebang, type Shebang } from './shebang.ts';

/** What is started: a program, and the arguments that come before the user's own. */
export interface NodeCommand {
  readonly bin: string;
  readonly args: readonly string[];
}

const NODE_NAMES: ReadonlySet<string> = new Set(['node', 'nodejs', 'tsx', 'ts-node']);
/** Whose scripts may also run in the simulation, if they need nothing else of theirs. */
const SCRIPT_RUNNERS: ReadonlySet<string> = new Set([...NODE_NAMES, 'deno', 'bun']);
const SCRIPTS: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs']);
const TYPESCRIPT = /\.[cm]?tsx?$/;

/** Whether it is Node itself, which is here: it runs this. */
export const isNode = (name: string): boolean => name === 'node' || name === 'nodejs';
/** Node, or a loader of TypeScript for it, which `npx` may be asked for. */
const runsOnNode = ({ name, flags }: Shebang): boolean =>
  NODE_NAMES.has(name) || (name === 'npx' && flags.some((word) => NODE_NAMES.has(word)));
export const runsScripts = (name: string): boolean => SCRIPT_RUNNERS.has(name);

/**
 * The `#!` line by which the system runs that file; undefined when Node runs it without asking the line: TypeScript
 * and files that are not executable, unless the line names something else than Node.
 */
export function lineOf(file: string): Shebang | undefined {
  const shebang = readShebang(file);
  if (shebang === undefined || !runsOnNode(shebang)) return shebang;
  const extension = extname(file);
  if (extension === '') return shebang;
  return SCRIPTS.has(extension) && isExecutable(file) ? shebang : undefined;
}

/** Throws a UserError for a file with JSX, unless its `#!` line says what runs it. */
export function refuseJsx(path: string): void {
  const extension = extname(path);
  if ((extension !== '.tsx' && extension !== '.jsx') || readShebang(path) !== undefined) return;
  throw new UserError(
    `${path} cannot be run as a node: files with JSX, ${extension}, are not compiled here.`,
    'Rename it: a node in TypeScript ends in .ts, one in JavaScript in .js or .mjs.',
  );
}

/** Prepares a file that is JavaScript or TypeScript; a bundle of it goes into the folder that is then asked for. */
export async function prepareForNode(file: string, folder: () => Promise<string>): Promise<NodeCommand> {
  const line = lineOf(file);
  // A file without an extension is the system's to start, and so is what its line gives to another program.
  if (line !== undefined && (extname(file) === '' || !runsOnNode(line) || hasLoader(line))) {
    return commandOfLine(file, line);
  }
  const kind = await readModuleKind(file);
  const built = await bundle(file, kind);
  if (!needsBundle(built)) {
    if (line !== undefined) return commandOfLine(file, line);
    if (kind === 'commonjs') return { bin: process.execPath, args: ['--enable-source-maps', file] };
  }
  const extension = kind === 'commonjs' ? '.cjs' : '.mjs';
  const output = join(await folder(), `${basename(file, extname(file))}${extension}`);
  await mkdir(dirname(output), { recursive: true });
  const script = built.outputFiles?.[0]?.text ?? '';
  await writeFile(
    output,
    script.replace(DECLARATIONS, () => declaringStatement(script)),
  );
  const flags = line !== undefined && isNode(line.name) ? line.flags : [];
  return { bin: process.execPath, args: ['--enable-source-maps', ...flags, output] };
}

/** As the line says, also where the system would not understand it or has Node elsewhere. */
function commandOfLine(file: string, line: Shebang): NodeCommand {
  if (!isNode(line.name) || (line.splits && existsSync(line.file))) return { bin: file, args: [] };
  return { bin: process.execPath, args: [...line.flags, file] };
}

/** Its flags decide what imports mean. */
const hasLoader = ({ name, flags }: Shebang): boolean =>
  name === 'tsx' ||
  name === 'ts-node' ||
  name === 'npx' ||
  flags.some((flag) => /^(?:-r|--require|--import|--loader|--experimental-loader)\b/.test(flag));

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether Node by itself would not find all that it imports. */
function needsBundle({ metafile }: BuildResult): boolean {
  const sdk = findSdk();
  return Object.keys(metafile?.inputs ?? {}).some((path) => resolve(path) === sdk || TYPESCRIPT.test(path));
}

function bundle(entry: string, kind: ModuleKind): Promise<BuildResult> {
  const url = JSON.stringify(pathToFileURL(entry).href);
  const isModule = kind === 'module';
  const { meta, file } = placeOf(entry);
  // The program believes that it runs where its source is; `require` is for the CommonJS part of it.
  const banner = isModule
    ? `import { createRequire as createRequire$ } from 'node:module'; const outside$ = createRequire$(${url}); ` +
      `process.argv[1] = ${JSON.stringify(entry)}; globalThis.require ??= outside$;${DECLARATIONS}`
    : `var outside$ = require('node:module').createRequire(${url}); process.argv[1] = ${JSON.stringify(entry)}; ${declareMain(entry)}${DECLARATIONS}`;
  return runEsbuild({
    entryPoints: [entry],
    write: false,
    metafile: true,
    outdir: dirname(entry),
    platform: 'node',
    format: isModule ? 'esm' : 'cjs',
    sourcemap: 'inline',
    sourcesContent: false, // Node reads the map at each start
    alias: sdkAlias(),
    conditions: [],
    plugins: [
      packagesStay(kind),
      modulePlaces({ entry, seenAs: (path) => path, main: isModule ? 'undefined' : MAIN }),
    ],
    banner: { js: banner },
    define: {
      ...(isModule ? meta : {}),
      ...file,
      'require.main': 'module',
    },
  });
}

/** The place in the first line of what says the names of assertions: more lines would shift the source map. */
const DECLARATIONS = '/*declarations$*/';

/** Marks what this plugin has asked esbuild to find. */
const ASKED = { asked: true };
const BUNDLED: ReadonlySet<string> = new Set([
  ...SCRIPTS,
  '.ts',
  '.mts',
  '.cts',
  '.tsx',
  '.jsx',
  '.json',
  '',
]);

/** Scripts of packages, and files that are no scripts, are loaded by Node from where they are. */
function packagesStay(kind: ModuleKind): Plugin {
  return {
    name: 'packages-stay',
    setup(build) {
      build.onResolve(
        { filter: /./ },
        async ({ path, kind: how, importer, namespace, resolveDir, pluginData }) => {
          if (pluginData === ASKED || how === 'entry-point' || isSdk(path)) return undefined;
          if (namespace !== 'file') return undefined;
          const found = await build.resolve(path, {
            kind: how,
            importer,
            namespace,
            resolveDir,
            pluginData: ASKED,
          });
          // What is not found is esbuild's to report: it knows which imports may fail.
          if (found.errors.length > 0 || found.external || found.namespace !== 'file') return undefined;
          const extension = extname(found.path);
          const isScript = SCRIPTS.has(extension);
          // A bundle of CommonJS cannot hold what waits at its top level.
          const stays =
            (isScript && /[\\/]node_modules[\\/]/.test(found.path)) ||
            (isScript && kind === 'commonjs' && how === 'dynamic-import') ||
            !BUNDLED.has(extension);
          if (!stays) return undefined;
          const asModule = isScript && how !== 'require-call' && isModuleFile(found.path);
          if (asModule) return { path: pathToFileURL(found.path).href, external: true };
          return { path: found.path, namespace: how === 'require-resolve' ? 'file' : 'outside' };
        },
      );
      build.onLoad({ filter: /./, namespace: 'outside' }, ({ path }) => ({
        contents: `module.exports = outside$(${JSON.stringify(path)});`,
      }));
    },
  };
}

const isModuleFile = (file: string): boolean =>
  extname(file) === '.mjs' || (extname(file) === '.js' && packageType(file) === 'module');
