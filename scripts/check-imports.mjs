/**
 * Checks the imports of src/ against the architecture (docs/architecture.md): rooms are ordered, and each may import
 * the earlier ones and itself, so that no cycle can arise. Furthermore:
 *
 * - src/node imports nothing but itself, so that a node starts at once and runs anywhere;
 * - src/checkers imports no module of Node's, so that checkers run in a browser;
 * - src/verify imports nothing of src/checkers, whose verdicts it checks;
 * - src/testing imports nothing but src/node, for the same reason;
 * - src/guest, which runs inside a simulated node, imports itself and the two packages that it borrows; other rooms import
 *   only the types of its bridge, so that nothing of the harness gets in and nothing of a node gets out;
 * - only the rooms listed as doing I/O may import Node's modules at all;
 * - src/index.ts, the library, imports nothing of src/cli;
 * - entry files and everything else import by relative paths with their extension.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOMS = [
  'files',
  'protocol',
  'columns',
  'edn',
  'history',
  'guest',
  'world',
  'network',
  'node',
  'testing',
  'services',
  'generator',
  'nemesis',
  'checkers',
  'verify',
  'certificate',
  'workloads',
  'run',
  'own',
  'store',
  'recording',
  'report',
  'story',
  'scenario',
  'harness',
  'hunt',
  'campaign',
  'shrink',
  'explore',
  'travel',
  'server',
  'cli',
];

/** Exceptions to the plain order: the only rooms that these may import. */
const ONLY = {
  node: [],
  testing: ['node'],
  guest: [],
  edn: ['protocol'],
  columns: ['protocol'],
  checkers: ['protocol', 'columns', 'history'],
  verify: ['protocol', 'edn', 'history'],
  certificate: ['protocol', 'columns', 'history', 'checkers', 'verify'],
};

/** The only module of src/guest that other rooms may import. */
const BRIDGE = 'guest/bridge.ts';

/** The packages that src/guest borrows; everything else in a node is its own. */
const BORROWED = new Set(['readable-stream', 'web-streams-polyfill']);

/** Rooms that may import Node's modules. */
const DOES_IO = new Set([
  'files',
  'world',
  'network',
  'store',
  'report',
  'story',
  'scenario',
  'harness',
  'hunt',
  'campaign',
  'shrink',
  'travel',
  'explore',
  'server',
  'cli',
]);

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');
const problems = [];

for (const file of sourceFiles(src)) {
  const room = roomOf(file);
  const isTest = file.endsWith('.test.ts');
  for (const { specifier, line, isType } of imports(readFileSync(file, 'utf8'))) {
    const problem =
      check(file, room, specifier, isTest) ?? checkBridge(file, room, specifier, isTest || isType);
    if (problem !== undefined) problems.push(`${relative(root, file)}:${line}: ${problem}`);
  }
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  console.error(`\n${problems.length} imports go against the order of the rooms: ${ROOMS.join(', ')}`);
  process.exit(1);
}
console.log('imports: in order');

function check(file, room, specifier, isTest) {
  if (!specifier.startsWith('.')) return checkPackage(room, specifier, isTest);
  const target = resolve(dirname(file), specifier);
  if (!target.startsWith(src)) return isTest ? undefined : `imports ${specifier}, which is outside src/`;
  if (!/\.(ts|json)$/.test(specifier)) return `imports ${specifier} without its ending .ts`;
  const targetRoom = roomOf(target);
  // src/index.ts is an entry of its own, above all rooms except the command line.
  if (room === undefined && targetRoom === 'cli') return `the library may not import cli (${specifier})`;
  if (room === undefined || targetRoom === room) return undefined;
  if (targetRoom === undefined) return `imports ${specifier}: rooms do not import entry files`;
  if (isTest) return undefined;
  const allowed = ONLY[room] ?? ROOMS.slice(0, ROOMS.indexOf(room));
  return allowed.includes(targetRoom) ? undefined : `${room} may not import ${targetRoom} (${specifier})`;
}

function checkBridge(file, room, specifier, isType) {
  if (room === 'guest' || !specifier.startsWith('.')) return undefined;
  const target = relative(src, resolve(dirname(file), specifier));
  if (!target.startsWith('guest/')) return undefined;
  if (target !== BRIDGE) return `imports ${specifier}: of src/guest other rooms know only ${BRIDGE}`;
  return isType ? undefined : `imports more than types of ${BRIDGE}, which runs inside a simulated node`;
}

function checkPackage(room, specifier, isTest) {
  if (isTest) return undefined;
  if (room === 'guest') {
    const name = specifier.split('/')[0];
    return BORROWED.has(name)
      ? undefined
      : `src/guest imports ${specifier}; it may borrow ${[...BORROWED].join(', ')}`;
  }
  if (room === 'node' || room === 'testing') return `src/${room} imports ${specifier}; it may import nothing`;
  if (specifier.startsWith('node:')) {
    if (room !== undefined && !DOES_IO.has(room))
      return `${room} may not import ${specifier}: it does no I/O`;
  } else if (room === 'checkers' || room === 'columns') return `${room} may not import ${specifier}`;
  return undefined;
}

function roomOf(file) {
  const [first, ...rest] = relative(src, file).split('/');
  if (rest.length === 0) return undefined;
  if (!ROOMS.includes(first)) problems.push(`${relative(root, file)}: src/${first} is no room of the plan`);
  return first;
}

/**
 * Yields static and dynamic imports and re-exports with their lines. Comments are blanked out first, since they contain
 * examples.
 */
function* imports(text) {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '));
  const pattern =
    /^[ \t]*(?:import|export)\b[^;'"`]*?\bfrom\s*'([^']+)'|^[ \t]*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
  for (const match of code.matchAll(pattern)) {
    const before = code.slice(0, match.index + match[0].length);
    const isType = /^\s*(?:import|export)\s+type\b/.test(match[0]);
    yield { specifier: match[1] ?? match[2] ?? match[3], line: before.split('\n').length, isType };
  }
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (entry.name.endsWith('.ts')) yield path;
  }
}
