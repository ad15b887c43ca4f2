/**
 * How esbuild makes the runtime of a simulated node from src/guest, for dist/ (scripts/build.mjs) and from source
 * (build-program.ts).
 *
 * The runtime begins anew with each process, and most processes are short. So it is two bundles in one script: the core,
 * which every process needs, and the parts that src/guest loads by `require`, in a function that is called when the first
 * of them is needed. In one bundle for both, the start of each process would create the functions of all parts.
 */
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { BuildOptions, BuildResult, Metafile, Plugin } from 'esbuild';

/** Runs esbuild, with further options of the caller such as the target. */
export type RunBuild = (options: BuildOptions) => Promise<BuildResult>;

export interface GuestScript {
  /** An expression: the function that takes the bridge and returns the guest. */
  readonly text: string;
  /** The paths of the files that it is made of. */
  readonly files: readonly string[];
}

const SHARED = {
  bundle: true,
  platform: 'neutral',
  // The borrowed packages are CommonJS, whose `main` field this platform does not look up by default.
  mainFields: ['main'],
  format: 'iife',
  write: false,
  metafile: true,
} as const satisfies BuildOptions;

/** Bundles the runtime that begins in that file of src/guest. */
export async function buildGuest(entry: string, build: RunBuild): Promise<GuestScript> {
  const root = dirname(entry);
  // Paths in the results are relative to it.
  const run: RunBuild = (options) => build({ ...options, absWorkingDir: root });
  const lateParts = new Set<string>();
  const draft = await run({ ...SHARED, entryPoints: [entry], plugins: [leaveOut(root, lateParts)] });
  const exported = await exportsOf(inputsOf(draft), run);
  const [core, late] = await Promise.all([
    run({
      ...SHARED,
      stdin: { contents: coreEntry(exported), resolveDir: root, sourcefile: 'core' },
      plugins: [leaveOut(root, lateParts)],
    }),
    run({
      ...SHARED,
      stdin: { contents: lateEntry([...lateParts]), resolveDir: root, sourcefile: 'late' },
      plugins: [standIns, takeFromCore(root, exported)],
    }),
  ]);
  const text = `(function (bridge$) {
'use strict';
const standIns$ = {};
let guest$, core$, parts$, forgetCore$, forgetParts$;
const parts = () => {
  if (parts$ === undefined) loadParts(core$());
  return parts$;
};
const forget$ = () => {
  forgetCore$();
  forgetParts$?.();
  guest$ = core$ = parts$ = undefined;
};
const loadParts = (core$) => {
${withForget(textOf(late), 'forgetParts$')}};
${withForget(textOf(core), 'forgetCore$')}return guest$;
})`;
  const files = [...Object.keys(inputsOf(core)), ...Object.keys(inputsOf(late))];
  return { text, files: files.filter(isFile).map((file) => join(root, file)) };
}

const inputsOf = ({ metafile }: BuildResult): Metafile['inputs'] => metafile?.inputs ?? {};
/** False for what a plugin makes, which has a namespace before its name. */
const isFile = (input: string): boolean => !input.includes(':');
const textOf = ({ outputFiles }: BuildResult): string => outputFiles?.[0]?.text ?? '';

/** The names that a file exports at run time, by its path in src/guest. */
type Exports = ReadonlyMap<string, readonly string[]>;

const pathIn = (root: string, file: string): string => relative(root, file).replaceAll(sep, '/');

async function exportsOf(inputs: Metafile['inputs'], run: RunBuild): Promise<Exports> {
  const inRoot = Object.keys(inputs).filter((file) => isFile(file) && !file.startsWith('..'));
  const { metafile } = await run({
    ...SHARED,
    entryPoints: inRoot,
    external: ['*'],
    format: 'esm',
    outdir: 'unused',
  });
  return new Map(
    Object.values(metafile?.outputs ?? {}).flatMap(({ entryPoint, exports }) =>
      entryPoint === undefined ? [] : [[entryPoint, exports] as const],
    ),
  );
}

/** Provides what the files of the core export, when the first late part is needed: to name them all takes a while. */
function coreEntry(exported: Exports): string {
  const files = [...exported].map(([file, names], at) => ({
    imports: `import { ${names.map((name, i) => `${name} as f${at}_${i}`).join(', ')} } from './${file}';`,
    provides: `'${file}': { ${names.map((name, i) => `${name}: f${at}_${i}`).join(', ')} },`,
  }));
  return `import { guest } from './runtime.ts';
${files.map(({ imports }) => imports).join('\n')}
guest$ = guest;
core$ = () => ({
${files.map(({ provides }) => provides).join('\n')}
});`;
}

const lateEntry = (parts: readonly string[]): string =>
  `parts$ = { ${parts.map((part) => `'${part}': () => require('${part}')`).join(',\n')} };`;

/**
 * Lets a bundle forget the values of its outermost variables, and assigns the function that does so to `name`.
 *
 * V8 keeps the hidden classes of a process in its old generation, where only a full collection finds that they are dead.
 * Each leads by a prototype and its methods to the variables of the bundle, and so to all that the process held: every
 * collection of the young generation would copy it.
 */
function withForget(bundle: string, name: string): string {
  const variables = [...bundle.matchAll(/^ {2}var ([\w$]+(?:, [\w$]+)*)(?: =|;)/gm)].flatMap(
    ([, names = '']) => names.split(', '),
  );
  const end = bundle.lastIndexOf('})();');
  return `${bundle.slice(0, end)}  ${name} = () => void (${[...variables, 'void 0'].join(' = ')});\n${bundle.slice(end)}`;
}

/** Leaves out of the core what src/guest loads by `require`: such a call gets it from the late parts. */
function leaveOut(root: string, lateParts: Set<string>): Plugin {
  return {
    name: 'leave-out',
    setup(build) {
      build.onResolve({ filter: /./ }, ({ path, kind, importer, resolveDir }) => {
        if (kind !== 'require-call' || pathIn(root, importer).startsWith('..')) return undefined;
        const part = path.startsWith('.') ? `./${pathIn(root, resolve(resolveDir, path))}` : path;
        lateParts.add(part);
        return { path: part, namespace: 'late' };
      });
      build.onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
        contents: `module.exports = parts()['${path}']();`,
      }));
    },
  };
}

/** Takes the files of the core from what it provides. */
function takeFromCore(root: string, exported: Exports): Plugin {
  return {
    name: 'take-from-core',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
        const file = pathIn(root, resolve(resolveDir, path));
        return exported.has(file) ? { path: file, namespace: 'core' } : undefined;
      });
      build.onLoad({ filter: /./, namespace: 'core' }, ({ path }) => ({
        contents: `export const { ${(exported.get(path) ?? []).join(', ')} } = core$['${path}'];`,
      }));
    },
  };
}

/**
 * The package `readable-stream` requires a few others (`buffer`, `process/`, ...). They are replaced by the modules of
 * the node that it runs in: src/guest/streams/streams.ts puts those into `standIns$` before it loads the package.
 */
const standIns: Plugin = {
  name: 'stand-ins',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]readable-stream[\\/]/.test(importer)
        ? { path, namespace: 'stand-in' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({
      contents: `module.exports = standIns$[${JSON.stringify(path)}];`,
    }));
  },
};
