/**
 * Bundles a program for the simulated world into one script that a node's context runs.
 *
 * Imports of Node's modules become the simulator's (src/guest/modules/modules.ts). Unsupported modules are refused
 * here, with file and line, before anything runs. The script evaluates to an async function, because the top level may
 * await.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { builtinModules, isBuiltin } from 'node:module';
import type { BuildOptions, BuildResult, OnLoadResult, OnResolveResult, Plugin } from 'esbuild';
import type { ModuleShape } from '../../../guest/bridge.ts';
import { declaringStatement } from '../../assertion-names.ts';
import { decoratorNote } from '../../bundling/decorator-metadata.ts';
import { findOwnFile, findSdk, sdkAlias, sdkNames } from '../../own-file.ts';
import { readModuleKind } from '../../bundling/module-kind.ts';
import { withCompletedNames } from '../../bundling/matched-modules.ts';
import { declareMain, MAIN, modulePlaces, realPath } from '../../bundling/module-places.ts';
import { duringBuilds, runEsbuild } from '../../bundling/run-esbuild.ts';
import { buildGuest } from './guest-build.ts';
import NODE_20 from './node-20.json' with { type: 'json' };
import type { ScriptProgram } from './program.ts';
import { findRequiredModules, REQUIRED, requiredModules } from './required-modules.ts';
import { readModuleExports } from '../process/sandbox.ts';

export async function buildSimulatedProgram(entry: string): Promise<ScriptProgram> {
  const name = basename(entry);
  const runtime = await buildRuntime();
  const url = JSON.stringify(`file:///simulated/${name}`);
  const isModule = (await readModuleKind(entry)) === 'module';
  // A module is strict. CommonJS is sloppy unless it says otherwise, and needs `module`.
  const prologue =
    (isModule ? '"use strict";' : `var module = { exports: {} };${declareMain(`/simulated/${name}`)}`) +
    importMeta(url, `/simulated/${name}`);
  const exported = readModuleExports(runtime);
  const options = ({ refused = {}, required = new Map() }: Findings = {}): BuildOptions => ({
    // The entry is a separate file, so that the program's exports do not become exports of the script.
    stdin: {
      contents: [...(required.size === 0 ? [] : [REQUIRED]), entry]
        .map((path) => (isModule ? `import ${JSON.stringify(path)};` : `require(${JSON.stringify(path)});`))
        .join(''),
      resolveDir: dirname(entry),
      sourcefile: 'simulation',
    },
    write: false,
    metafile: true,
    // Module paths in the script, which stack traces show, are relative to this folder.
    absWorkingDir: dirname(entry),
    outfile: join(dirname(entry), 'simulated.js'),
    platform: 'node',
    format: isModule ? 'esm' : 'cjs',
    supported: {
      // An import with a computed name, which esbuild leaves alone, would return a promise of the harness's realm.
      'dynamic-import': false,
      // V8 versions round the last bit differently: see guest/language/power.ts.
      'exponent-operator': false,
    },
    sourcemap: 'external',
    sourcesContent: false,
    alias: sdkAlias(),
    plugins: [
      simulatedModules(exported, refused),
      requiredModules(required, dirname(entry)),
      modulePlaces({
        entry,
        seenAs: (path) => placeInSimulation(entry, path),
        main: isModule ? 'undefined' : MAIN,
      }),
    ],
    banner: {
      js: `(function (builtin$, require, exponentiate$, requiredModules$) { return async () => {${prologue}${DECLARATIONS}`,
    },
    footer: { js: '}; })' },
    define: {
      'import.meta': 'importMeta$',
      'import.meta.url': url,
      'import.meta.filename': JSON.stringify(`/simulated/${name}`),
      'import.meta.dirname': '"/simulated"',
      'import.meta.main': 'true',
      __filename: JSON.stringify(`/simulated/${name}`),
      __dirname: '"/simulated"',
      'require.main': 'module',
    },
  });
  const first = await runEsbuild(options());
  const required = await findRequiredModules(ownSources(first, dirname(entry)), (path) =>
    placeInSimulation(entry, path),
  );
  const needsMore = readsNamespace(first);
  const findings = { required, ...(needsMore ? { refused: lackingNames(exported) } : {}) };
  const result = needsMore || required.size > 0 ? await runEsbuild(options(findings)) : first;
  const files = result.outputFiles ?? [];
  const built = withCompletedNames(
    withExponentiation(files.find(({ path }) => path.endsWith('.js'))?.text ?? ''),
  );
  const script = built.replace(DECLARATIONS, () => declaringStatement(built) + decoratorNote(entry, built));
  const sourceMap = withOwnNames(files.find(({ path }) => path.endsWith('.map'))?.text ?? '', dirname(entry));
  return { version: 1, name, isModule, runtime, script, sourceMap };
}

/** What a first build shows that a second one needs. */
interface Findings {
  /** Further names of simulated modules, which refuse. */
  readonly refused?: ModuleExports;
  /** The files of modules that are required by a function of the program, indexed by name. */
  readonly required?: ReadonlyMap<string, string>;
}

const SOURCE = /^(?!.*[\\/]node_modules[\\/])(?!<)[^:]*\.[cm]?[jt]sx?$/;

/** Returns the program's own files; paths in a metafile are relative to that folder. */
const ownSources = ({ metafile }: BuildResult, folder: string): readonly string[] => {
  const sdk = findSdk();
  return Object.keys(metafile?.inputs ?? {})
    .filter((path) => SOURCE.test(path))
    .map((path) => join(folder, path))
    .filter((path) => path !== sdk);
};

/**
 * Whether the program has a module of Node as an object (`import * as`, `import()`): then nothing shows while bundling
 * which names it reads, and it needs those too that only refuse.
 */
const readsNamespace = ({ outputFiles = [], warnings }: BuildResult): boolean =>
  warnings.some(({ id, text }) => id === 'import-is-undefined' && text.includes('"simulated:')) ||
  outputFiles.some(({ path, text }) => path.endsWith('.js') && NAMESPACE.test(text));

/** Matches how esbuild declares the object of a simulated module. */
const NAMESPACE = /^\s*\/\/ simulated:.*\n\s*var \w+_exports\d* = \{\};/m;

/** Returns the names that Node's modules have and the simulator's lack. */
function lackingNames(known: ModuleExports): ModuleExports {
  const lacking = Object.entries(known).map(([name, own]) => {
    const { functions = '', data = '{}' } = (NODE_20 as Readonly<Record<string, ModuleShape>>)[name] ?? {};
    const there = new Set(own);
    const names = [
      ...functions.split(' ').map((path) => path.replace(/\..*/, '')),
      ...Object.keys(JSON.parse(data) as object), // written by scripts/node-names.mjs
    ];
    return [name, [...new Set(names)].filter((key) => key !== '' && !there.has(key))] as const;
  });
  return Object.fromEntries(lacking);
}

/**
 * Names the SDK and the files of packages in the same way wherever they lie: a program may send its stacks, and the same
 * seed gives the same messages in any folder. All other names are relative to the program's first file.
 */
function withOwnNames(sourceMap: string, folder: string): string {
  const map = JSON.parse(sourceMap) as { readonly sources: readonly string[] }; // made by esbuild
  const sdkName = sdkNames();
  const sources = map.sources.map(
    (source) => sdkName(join(folder, source)) ?? source.replace(/^.*[/\\](?=node_modules[/\\])/, ''),
  );
  return JSON.stringify({ ...map, sources });
}

/** Returns the path of a file as the program sees it: its first file appears to be in the working directory. */
function placeInSimulation(entry: string, path: string): string {
  return posix.resolve('/simulated', relative(dirname(realPath(entry)), path).replaceAll(sep, '/'));
}

/** The placeholder in the first line for declaring assertion names: additional lines would shift the source map. */
const DECLARATIONS = '/*declarations$*/';

/**
 * Matches the line with which esbuild declares its replacement for the operator `**`, which does not accept a bigint.
 */
const ESBUILDS_POWER = /^var (__pow\d*) = Math\.pow;$/m;

const withExponentiation = (script: string): string =>
  script.replace(ESBUILDS_POWER, 'var $1 = exponentiate$$;');

/** Defines an `import.meta` object for modules that use more than the properties that are replaced directly. */
function importMeta(url: string, filename: string): string {
  const resolve = `(name) => /^\\.{0,2}\\//.test(name) ? new URL(name, ${url}).href : (require(name), 'node:' + name)`;
  return `const importMeta$ = { dirname: "/simulated", filename: ${JSON.stringify(filename)}, main: true, url: ${url}, resolve: ${resolve} };`;
}

let runtimeOfThisProcess: Promise<string> | undefined;

/** Returns the script of the simulator's part inside a node. It is the same for all programs, so it is built once. */
async function buildRuntime(): Promise<string> {
  runtimeOfThisProcess ??= bundleRuntime();
  try {
    return await runtimeOfThisProcess;
  } catch (error) {
    runtimeOfThisProcess = undefined;
    throw error;
  }
}

/** Reads the script from dist/, where it is already bundled, or bundles it from source. */
async function bundleRuntime(): Promise<string> {
  const path = findOwnFile('src/guest/runtime.ts', 'dist/guest.js');
  if (path.endsWith('.js')) return readFile(path, 'utf8');
  const { text } = await duringBuilds(() => buildGuest(path, runEsbuild));
  return text;
}

type ModuleExports = Readonly<Record<string, readonly string[]>>;

const PACKAGE = /[\\/]node_modules[\\/]/;

/**
 * Resolves Node's modules to the simulator's, in the form that `import` or `require` expects. An import of an
 * unsupported module is refused here in the user's own files, but only when called in a package, which may never use
 * it.
 */
function simulatedModules(known: ModuleExports, refused: ModuleExports): Plugin {
  return {
    name: 'simulated-modules',
    setup(build) {
      const names = builtinModules.join('|').replaceAll('/', '\\/');
      build.onResolve(
        { filter: new RegExp(`^(?:node:.*|(?:${names})(?:/.*)?)$`) },
        ({ path, kind, importer }) => {
          const name = withoutScheme(path);
          if (PACKAGE.test(importer)) {
            // `punycode/` is a package with the same name as a module of Node.
            const isModule = known[name] !== undefined || isBuiltin(path);
            return isModule ? { path: name, namespace: 'simulated-require' } : undefined;
          }
          if (known[name] === undefined) return refusal(path, known);
          return { path: name, namespace: kind.startsWith('require') ? 'simulated-require' : 'simulated' };
        },
      );
      build.onLoad({ filter: /.*/, namespace: 'simulated-require' }, ({ path }) => ({
        contents: `module.exports = ${builtin(path)};`,
      }));
      build.onLoad({ filter: /.*/, namespace: 'simulated' }, ({ path }) =>
        importStub(path, [...(known[path] ?? []), ...(refused[path] ?? [])]),
      );
    },
  };
}

/** Modules for the network, other processes or other threads. Other missing modules are merely not supported. */
const REACHING_OUT: ReadonlySet<string> = new Set(
  'child_process cluster dgram dns dns/promises http http2 https inspector inspector/promises net repl tls wasi worker_threads'.split(
    ' ',
  ),
);

function refusal(path: string, known: ModuleExports): OnResolveResult {
  const why = REACHING_OUT.has(withoutScheme(path)) ? ': it would reach out of it' : '';
  const there = Object.keys(known).join(', ');
  const text = `"${path}" is not available in the simulation${why}. There are ${there}.`;
  const advice = 'Run the program without --simulate, or do without the module.';
  return { errors: [{ text, notes: [{ text: advice }] }] };
}

const withoutScheme = (path: string): string => path.replace(/^node:/, '').replace(/\/$/, '');

/**
 * Returns an expression for the module with all the names that it has in Node; unsupported functions throw when called.
 */
function builtin(name: string): string {
  const shape: ModuleShape = {
    ...((NODE_20 as Readonly<Record<string, ModuleShape>>)[name] ?? { functions: '' }),
    ...(REACHING_OUT.has(name) ? { reachesOut: true } : {}),
  };
  return `builtin$(${JSON.stringify(name)}, ${JSON.stringify(shape)})`;
}

/** Returns an ES module with the simulated module's names: importing any other name is an error while bundling. */
function importStub(name: string, exports: readonly string[]): OnLoadResult {
  // Each name is a separate constant, so that unused ones are not even read: some modules load a part when it is read.
  const names = exports.filter((key) => key !== 'default');
  const parts = names.map((key, i) => `const export${i} = /* @__PURE__ */ part(${JSON.stringify(key)});`);
  const exported = names.map((key, i) => `export${i} as ${key}`).join(', ');
  return {
    contents:
      `const module = ${builtin(name)};\nexport default module;\n` +
      `const part = (name) => module[name];\n${parts.join('\n')}\nexport { ${exported} };`,
  };
}
