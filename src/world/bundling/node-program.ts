/**
 * How Node runs a JavaScript or TypeScript program in the real world: as it is, or bundled.
 *
 * As it is: an executable file whose `#!` line names Node, and CommonJS, because a bundle could not keep it sloppy or
 * find its native and unusual packages. Bundled: TypeScript, modules that are not executable, and programs that import
 * TypeScript or the SDK, which need not be installed. Packages are never bundled: they may have native parts, read
 * files next to their own, or compute what they require.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildResult, Plugin } from 'esbuild';
import { withCompletedNames } from './matched-modules.ts';
import { declareMain, MAIN, modulePlaces, placeOf } from './module-places.ts';
import { mayRun } from '../../files/access.ts';
import { UserError } from '../../protocol/user-error.ts';
import { packageType, readModuleKind, type ModuleKind } from './module-kind.ts';
import { declaringStatement } from '../assertion-names.ts';
import { decoratorNote } from './decorator-metadata.ts';
import { findSdk, isSdk, sdkAlias } from '../own-file.ts';
import { runEsbuild } from './run-esbuild.ts';
import { readShebang, type Shebang } from './shebang.ts';

/** The program to start, and the arguments that come before the user's own. */
export interface NodeCommand {
  readonly bin: string;
  readonly args: readonly string[];
}

const NODE_NAMES: ReadonlySet<string> = new Set(['node', 'nodejs', 'tsx', 'ts-node']);
/** Programs whose scripts may also run in the simulation, if they use no other feature of theirs. */
const SCRIPT_RUNNERS: ReadonlySet<string> = new Set([...NODE_NAMES, 'deno', 'bun']);
const SCRIPTS: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs']);
const TYPESCRIPT = /\.[cm]?tsx?$/;

/** Whether this is Node itself, which is certainly installed: it runs this harness. */
export const isNode = (name: string): boolean => name === 'node' || name === 'nodejs';
/** True for Node and for TypeScript loaders on it, which may be started through `npx`. */
const runsOnNode = ({ name, flags }: Shebang): boolean =>
  NODE_NAMES.has(name) || (name === 'npx' && flags.some((word) => NODE_NAMES.has(word)));
export const runsScripts = (name: string): boolean => SCRIPT_RUNNERS.has(name);

/**
 * Returns the `#!` line by which the system runs that file. Returns undefined when Node runs the file regardless of the
 * line: TypeScript and files that are not executable, unless the line names something other than Node.
 */
export function lineOf(file: string): Shebang | undefined {
  const shebang = readShebang(file);
  if (shebang === undefined || !runsOnNode(shebang)) return shebang;
  const extension = extname(file);
  if (extension === '') return shebang;
  return SCRIPTS.has(extension) && mayRun(file) ? shebang : undefined;
}

/** Throws a UserError for a file with JSX, unless its `#!` line names a program that runs it. */
export function refuseJsx(path: string): void {
  const extension = extname(path);
  if ((extension !== '.tsx' && extension !== '.jsx') || readShebang(path) !== undefined) return;
  throw new UserError(
    `${path} cannot be run as a node: files with JSX, ${extension}, are not compiled here.`,
    'Rename it: a node in TypeScript ends in .ts, one in JavaScript in .js or .mjs.',
  );
}

/** Prepares a JavaScript or TypeScript file. Calls `folder` only if it writes a bundle, which goes there. */
export async function prepareForNode(file: string, folder: () => Promise<string>): Promise<NodeCommand> {
  const line = lineOf(file);
  // The system starts files without an extension, and files whose line names another program.
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
  const script = withCompletedNames(built.outputFiles?.[0]?.text ?? '');
  await writeFile(
    output,
    script.replace(DECLARATIONS, () => declaringStatement(script) + decoratorNote(file, script)),
  );
  const flags = line !== undefined && isNode(line.name) ? line.flags : [];
  return { bin: process.execPath, args: ['--enable-source-maps', ...flags, output] };
}

/** Follows the line, even where the system would not understand it or has Node elsewhere. */
function commandOfLine(file: string, line: Shebang): NodeCommand {
  if (!isNode(line.name) || (line.splits && existsSync(line.file))) return { bin: file, args: [] };
  return { bin: process.execPath, args: [...line.flags, file] };
}

/** True when the line's flags decide what imports mean. */
const hasLoader = ({ name, flags }: Shebang): boolean =>
  name === 'tsx' ||
  name === 'ts-node' ||
  name === 'npx' ||
  flags.some((flag) => /^(?:-r|--require|--import|--loader|--experimental-loader)\b/.test(flag));

/** True when Node alone could not load all that the program imports. */
function needsBundle({ metafile }: BuildResult): boolean {
  const sdk = findSdk();
  return Object.keys(metafile?.inputs ?? {}).some((path) => resolve(path) === sdk || TYPESCRIPT.test(path));
}

function bundle(entry: string, kind: ModuleKind): Promise<BuildResult> {
  const url = JSON.stringify(pathToFileURL(entry).href);
  const isModule = kind === 'module';
  const { meta, file } = placeOf(entry);
  // The program sees the path of its source as its own. `require` is for its CommonJS part.
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
    // The bundle lies in another folder than the sources, to whose paths those in the map are relative.
    sourceRoot: pathToFileURL(join(dirname(entry), '/')).href,
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

/** The placeholder in the first line for declaring assertion names: additional lines would shift the source map. */
const DECLARATIONS = '/*declarations$*/';

/** Marks requests to esbuild that this plugin has made itself. */
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

/** Leaves scripts of packages and files that are not scripts where they are, for Node to load. */
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
          // esbuild reports what is not found: it knows which imports may fail.
          if (found.errors.length > 0 || found.external || found.namespace !== 'file') return undefined;
          const extension = extname(found.path);
          const isScript = SCRIPTS.has(extension);
          // A CommonJS bundle cannot contain modules with top-level await.
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
