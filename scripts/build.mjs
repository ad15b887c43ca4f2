/**
 * Builds dist/: the command (dist/maelstrom.js, its commands in chunks loaded on demand) and the four libraries
 * (dist/index.js, dist/node.js, dist/testing.js, dist/checkers.js) with their types (dist/types). Everything is bundled
 * except the dependencies in package.json, which have native parts, and esbuild, which refuses to be bundled: its
 * JavaScript is copied (dist/esbuild), since its package has an install script, which package managers warn of or
 * refuse. Its executables are optional dependencies of ours, as they are of its package.
 *
 *     node scripts/build.mjs [DIR]      default: dist
 *
 * Files are written elsewhere and renamed into place, chunks before the entries that name them, so that a command
 * started during a build gets either the old program or the new one. Chunks are named by their content; old ones are
 * kept for a day, for processes that are still running and may load them.
 */
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { build as buildPages } from 'vite';
import { startRefreshingTypes } from './write-types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = resolve(process.argv[2] ?? join(root, 'dist'));
const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const source = (path) => join(root, 'src', path);

const shared = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  alias: { 'maelstrom/node': source('node/index.ts'), 'maelstrom/checkers': source('checkers/index.ts') },
};

/** Resolves imports of the SDK to the built one. */
const besideTheSdk = {
  name: 'beside-the-sdk',
  setup(setting) {
    setting.onResolve({ filter: /^\.\.\/node\// }, () => ({ path: './node.js', external: true }));
  },
};

/** Resolves imports of esbuild to the copy, by `imports` in package.json. */
const besideEsbuild = {
  name: 'beside-esbuild',
  setup(setting) {
    setting.onResolve({ filter: /^esbuild$/ }, () => ({ path: '#esbuild', external: true }));
  },
};

await mkdir(join(root, '.build'), { recursive: true });
const staging = await mkdtemp(join(root, '.build', 'dist-'));
try {
  const builds = await Promise.all([
    build({
      ...shared,
      platform: 'node',
      // The user installs the last two, which only campaigns need (src/campaign/connect-queue.ts).
      external: [...Object.keys(dependencies), 'bullmq', 'ioredis'],
      plugins: [besideEsbuild],
      splitting: true,
      // commander is CommonJS, and loads Node's modules by `require`.
      banner: {
        js: "import { createRequire as createRequire$ } from 'node:module'; const require = createRequire$(import.meta.url);",
      },
      entryPoints: {
        maelstrom: source('cli/main.ts'),
        index: source('index.ts'),
        'report-worker': source('harness/one-test/report-worker.ts'),
        'test-child': source('harness/one-test/test-child.ts'),
        'turn-watch': source('harness/one-test/turn-watch.ts'),
        'hunt-worker': source('hunt/workers/hunt-worker.ts'),
        'trial-worker': source('shrink/trial-worker.ts'),
        'travel-worker': source('travel/process/travel-worker.ts'),
        'explore-worker': source('explore/explore-worker.ts'),
      },
      chunkNames: 'chunks/[name]-[hash]',
      outdir: staging,
    }),
    // A single file without imports: it is copied into bundles and may be vendored by hand.
    build({
      ...shared,
      platform: 'neutral',
      entryPoints: { node: source('node/index.ts') },
      outdir: staging,
    }),
    // Imports the built SDK, as the nodes under test do, since errors are recognised by their class.
    build({
      ...shared,
      platform: 'neutral',
      entryPoints: { testing: source('testing/index.ts') },
      plugins: [besideTheSdk],
      outdir: staging,
    }),
    // What simulated nodes have in place of Node.
    buildRuntime(),
    // The thread of a simulated node in WebAssembly, which is started from its text, and the process that runs one in
    // the real world.
    build({
      ...shared,
      platform: 'node',
      format: 'cjs',
      entryPoints: {
        'wasi-worker': source('world/wasi/threads/wasi-worker.ts'),
        'thread-keeper': source('world/wasi/threads/thread-keeper.ts'),
        'run-wasm': source('world/wasi/run-wasm.ts'),
      },
      outExtension: { '.js': '.cjs' },
      outdir: staging,
    }),
    // Runs in a browser.
    build({
      ...shared,
      platform: 'neutral',
      entryPoints: { checkers: source('checkers/index.ts') },
      outdir: staging,
    }),
    // Script and style of every report.html.
    build({
      ...shared,
      platform: 'browser',
      format: 'iife',
      minify: true,
      jsx: 'automatic',
      jsxImportSource: 'preact',
      entryPoints: ['report.tsx', 'styles.css'].map((name) => ({
        in: join(root, 'viewer/src', name),
        out: 'report-page',
      })),
      outdir: staging,
    }),
  ]);
  builds.push(await buildViewer(join(staging, 'viewer')));
  builds.push(await copyEsbuild(join(staging, 'esbuild')));
  await copyFonts(join(staging, 'fonts'));
  await chmod(join(staging, 'maelstrom.js'), 0o755);
  await writeFile(join(staging, 'THIRD-PARTY-LICENSES.txt'), await thirdPartyLicences(builds));
  await moveIntoPlace(staging, dist);
  // (pack.mjs makes the package's types with type checking.)
  if (process.argv[2] === undefined) startRefreshingTypes(join(dist, 'types'));
  await removeOldChunks(join(dist, 'chunks'));
  await removeOldChunks(join(dist, 'viewer', 'assets'));
} catch (error) {
  // esbuild has printed the errors in the sources.
  if (error.errors === undefined) throw error;
  process.exitCode = 1;
} finally {
  await rm(staging, { recursive: true, force: true });
}

/** Builds the guest as src/ does: that is written in TypeScript, which Node 20 does not read. */
async function buildRuntime() {
  const outfile = join(staging, 'guest-build.mjs');
  const entry = source('world/simulated/program/guest-build.ts');
  await build({ ...shared, platform: 'node', entryPoints: [entry], outfile });
  try {
    const { buildGuest } = await import(pathToFileURL(outfile).href);
    const run = (options) => build({ ...shared, ...options });
    const { text, files } = await buildGuest(source('guest/runtime.ts'), run);
    await writeFile(join(staging, 'guest.js'), text);
    return { metafile: { inputs: Object.fromEntries(files.map((file) => [relative(root, file), {}])) } };
  } finally {
    await rm(outfile);
  }
}

/** Copies the fonts that plots are rendered with on every machine. */
async function copyFonts(to) {
  const from = join(root, 'node_modules', 'dejavu-fonts-ttf');
  await mkdir(to, { recursive: true });
  for (const name of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'])
    await copyFile(join(from, 'ttf', name), join(to, name));
  await copyFile(join(from, 'LICENSE'), join(to, 'LICENSE'));
}

/** Copies what its package has of JavaScript, where esbuild expects itself: in a folder `lib`. Returns it in esbuild's form. */
async function copyEsbuild(to) {
  const from = join('node_modules', 'esbuild');
  const { name, version, license } = JSON.parse(await readFile(join(root, from, 'package.json'), 'utf8'));
  await mkdir(join(to, 'lib'), { recursive: true });
  await copyFile(join(root, from, 'lib', 'main.js'), join(to, 'lib', 'main.js'));
  await writeFile(
    join(to, 'package.json'),
    `${JSON.stringify({ name, version, license, type: 'commonjs' })}\n`,
  );
  return { metafile: { inputs: { [join(from, 'lib', 'main.js')]: {} } } };
}

/** Builds the pages of `maelstrom serve`. Returns their inputs in esbuild's form. */
async function buildViewer(outDir) {
  const { output } = await buildPages({
    configFile: join(root, 'viewer', 'vite.config.ts'),
    build: { outDir, emptyOutDir: true },
  });
  /** @type {Record<string, {}>} */
  const inputs = {};
  for (const file of output) {
    for (const path of Object.keys(file.type === 'chunk' ? file.modules : {}))
      inputs[relative(root, path)] = {};
  }
  return { metafile: { inputs } };
}

/** Returns the licences of the packages whose code is in the bundles. */
async function thirdPartyLicences(builds) {
  /** @type {Set<string>} */
  const folders = new Set();
  for (const { metafile } of builds) {
    for (const input of Object.keys(metafile.inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder !== undefined) folders.add(folder);
    }
  }
  const parts = [];
  for (const folder of [...folders].sort()) {
    const { name, version } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const licence = (await readdir(join(root, folder))).find((entry) => /^licen[cs]e/i.test(entry));
    if (licence === undefined) throw new Error(`${folder} is bundled, but has no licence file`);
    parts.push(`${name} ${version}\n\n${(await readFile(join(root, folder, licence), 'utf8')).trim()}\n`);
  }
  return `Maelstrom contains code of these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

async function moveIntoPlace(from, to) {
  const files = await filesBelow(from);
  const isChunk = (path) => relative(from, path).startsWith('chunks');
  for (const file of [...files.filter(isChunk), ...files.filter((path) => !isChunk(path))]) {
    const target = join(to, relative(from, file));
    await mkdir(dirname(target), { recursive: true });
    await rename(file, target).catch(async (error) => {
      // Another file system: copy beside the target, then rename.
      if (error.code !== 'EXDEV') throw error;
      await writeFile(`${target}.new`, await readFile(file), { mode: (await stat(file)).mode });
      await rename(`${target}.new`, target);
    });
  }
}

async function removeOldChunks(folder) {
  const dayAgo = Date.now() - 24 * 3600 * 1000;
  const files = await filesBelow(folder);
  for (const file of files) if ((await stat(file)).mtimeMs < dayAgo) await rm(file, { force: true });
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
