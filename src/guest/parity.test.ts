/**
 * What a simulated node finds under the names that Node has: all of them, but for those that are left out on purpose, each
 * with its reason. The names are those of Node 20 (parity-names.json), so that the test says the same on every version.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runSource } from '../../test/support/run-source.ts';

/** What is compared: objects whose own names programs use. */
const SURFACES: Readonly<Record<string, string>> = {
  Buffer: 'Buffer',
  'Buffer.prototype': 'Buffer.prototype',
  buffer: `builtin('buffer')`,
  EventEmitter: `builtin('events')`,
  'EventEmitter.prototype': `builtin('events').prototype`,
  util: `builtin('util')`,
  'util.types': `builtin('util').types`,
  timers: `builtin('timers')`,
  'timers/promises': `builtin('timers/promises')`,
  Timeout: `Object.getPrototypeOf(setTimeout(() => {}, 0))`,
  process: 'process',
  stream: `builtin('stream')`,
  'stream/promises': `builtin('stream/promises')`,
  'Readable.prototype': `builtin('stream').Readable.prototype`,
  'Writable.prototype': `builtin('stream').Writable.prototype`,
  'Duplex.prototype': `builtin('stream').Duplex.prototype`,
  async_hooks: `builtin('async_hooks')`,
  'AsyncLocalStorage.prototype': `builtin('async_hooks').AsyncLocalStorage.prototype`,
  'Blob.prototype': 'Blob.prototype',
  'crypto.subtle': `typeof SubtleCrypto === 'undefined' ? crypto.subtle : SubtleCrypto.prototype`,
};

/** Leaves out names with an underscore, which are internal to Node, and the names that every function has. */
const PROGRAM = `
  const builtin = process.getBuiltinModule; const functions = ['length', 'name', 'prototype', 'arguments', 'caller', 'constructor'];
  const namesOf = (object) => Object.getOwnPropertyNames(object).filter((name) => !name.startsWith('_') && !functions.includes(name)).sort();
  const has = (object, name) => name in object;
  const surfaces = { ${Object.entries(SURFACES)
    .map(([name, text]) => `${JSON.stringify(name)}: ${text}`)
    .join(', ')} };`;

type Names = Readonly<Record<string, string>>;

const THREADS = 'a simulated node has no threads';
const DEPRECATED = 'deprecated, and of no use to a program of today';
const MACHINE = 'it would reach out of the simulation';
const USER = 'a simulated node cannot become another user';
const INSPECTS_NODE = 'it looks into Node itself, of which there is none';

/** By surface and reason, the names that are left out; of two surfaces with the same names, under both. */
const LEFT_OUT: readonly (readonly [surface: string, reason: string, names: string])[] = [
  ['buffer', DEPRECATED, 'SlowBuffer'],
  ['buffer', 'urls of blobs are for threads', 'resolveObjectURL'],
  ['EventEmitter', INSPECTS_NODE, 'kMaxEventTargetListeners kMaxEventTargetListenersWarned'],
  ['util', THREADS, 'transferableAbortController transferableAbortSignal'],
  ['util', DEPRECATED, 'log'],
  ['util', 'errors of the system come with their names', 'getSystemErrorMap getSystemErrorName'],
  ['util', 'of the web and of files, which nodes have no use for', 'MIMEParams MIMEType parseEnv'],
  ['timers', DEPRECATED, 'active enroll unenroll'],
  ['process', USER, 'initgroups setegid seteuid setgid setgroups setuid'],
  ['process', MACHINE, 'binding'],
  ['process', INSPECTS_NODE, 'domain moduleLoadList'],
  ['process', DEPRECATED, 'assert'],
  ['async_hooks', INSPECTS_NODE, 'asyncWrapProviders'],
  ['stream', 'the package readable-stream has not got it', 'duplexPair'],
];

const recorded = JSON.parse(readFileSync(new URL('parity-names.json', import.meta.url), 'utf8')) as Names;

it('no name of Node 20 is missing except those omitted on purpose', async () => {
  const source = `${PROGRAM}
    const recorded = ${JSON.stringify(recorded)};
    for (const [surface, names] of Object.entries(recorded))
      console.log(surface + ': ' + names.split(' ').filter((name) => !has(surfaces[surface], name)).join(' '));`;
  const { lines, stderr } = await runSource({ source, file: 'program.mjs' });
  expect(stderr).toEqual([]);
  expect(lines).toEqual(Object.keys(recorded).map((surface) => `${surface}: ${leftOut(surface)}`));
});

function leftOut(surface: string): string {
  const names = LEFT_OUT.flatMap(([of, , listed]) => (of === surface ? listed.split(' ') : []));
  return names.sort().join(' ');
}

it('the recorded names are those of Node 20', () => {
  const script = `${PROGRAM} console.log(JSON.stringify(Object.fromEntries(Object.entries(surfaces).map(([name, object]) => [name, namesOf(object).join(' ')]))))`;
  const output = execFileSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const running = JSON.parse(output) as Names;
  const isNode20 = process.versions.node.startsWith('20.');
  expect(Object.keys(running)).toEqual(Object.keys(recorded));
  for (const [surface, names] of Object.entries(running)) {
    const known = new Set(recorded[surface]?.split(' '));
    // Another version has others besides; the earlier releases of 20 lack a few.
    const unknown = names.split(' ').filter((name) => !known.has(name));
    expect({ surface, unknown: isNode20 ? unknown : [] }).toEqual({ surface, unknown: [] });
  }
});
