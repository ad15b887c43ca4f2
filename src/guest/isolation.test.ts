/** Nodes share no object with each other or with the harness: whatever a program can reach belongs to its own realm. */
import { expect, it } from 'vitest';
import { runSource } from '../../test/support/run-source.ts';

/** Walks all that can be reached and prints the paths of what is of another realm. */
const WALK = `
const seen = new Set(); const queue = [];
const reach = (value, path) => {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
  seen.add(value); queue.push([value, path]);
};
const caught = (run, path) => { try { reach(run(), path); } catch (error) { reach(error, path + ' thrown'); } };
const builtin = (name) => process.getBuiltinModule(name);
const walk = () => {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [value, path] = next;
    let top = value;
    for (let up = Object.getPrototypeOf(top); up !== null; up = Object.getPrototypeOf(up)) top = up;
    const isForeign = top !== Object.prototype && Object.getOwnPropertyDescriptor(top, 'hasOwnProperty') !== undefined;
    if (isForeign) { console.log('foreign', path); continue; }
    reach(Object.getPrototypeOf(value), path + '.__proto__');
    for (const key of Reflect.ownKeys(value)) {
      const { value: part, get, set } = Object.getOwnPropertyDescriptor(value, key);
      const here = path + '.' + String(key);
      reach(part, here); reach(get, here + ' get'); reach(set, here + ' set');
      if (get !== undefined) caught(() => Reflect.get(value, key), here + ' got');
    }
  }
};
`;

const TRIES = `
reach(globalThis, 'globalThis');
caught(() => this, 'this');
for (const name of Object.getOwnPropertyNames(Object.prototype)) if (name !== '__proto__') reach(globalThis[name], 'inherited ' + name);
crypto.subtle.digest('SHA-1', new Uint8Array(1)).then((digest) => reach(digest, 'digest')); new Blob(['x']).arrayBuffer().then((bytes) => reach(bytes, 'blob'));
new (builtin('async_hooks').AsyncLocalStorage)().run({}, async () => { await null; });
for (const name of ['async_hooks', 'diagnostics_channel', 'module', 'stream', 'stream/promises', 'tty', 'assert', 'buffer', 'console', 'crypto', 'events', 'fs', 'fs/promises', 'os', 'path', 'perf_hooks', 'process',
  'readline', 'readline/promises', 'stream/web', 'string_decoder', 'zlib', 'timers', 'timers/promises', 'url', 'util']) reach(builtin(name), name);
const util = builtin('util'); const fs = builtin('fs'); const crypto_ = builtin('crypto'); const path = builtin('path');
// What is made, and what is thrown.
const url = new URL('http://a/b?c=d'); reach(url, 'url'); reach(url.searchParams, 'query'); reach([...url.searchParams], 'pairs');
caught(() => new URL('no url'), 'URL'); caught(() => new URLSearchParams([[1]]), 'query init'); caught(() => new URLSearchParams(5n), 'query');
caught(() => builtin('url').fileURLToPath('http://x'), 'fileURLToPath'); caught(() => builtin('url').pathToFileURL('/x'), 'pathToFileURL');
caught(() => path.join(5), 'join'); caught(() => path.resolve({}), 'resolve'); caught(() => Buffer.from('x', 'nope'), 'Buffer');
caught(() => Buffer.byteLength(Symbol()), 'byteLength'); caught(() => Buffer.alloc(1e12), 'alloc'); caught(() => Buffer.from('abc').toString(), 'toString');
caught(() => new TextDecoder('nope'), 'decoder'); caught(() => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])), 'decode');
caught(() => structuredClone(() => {}), 'clone'); caught(() => structuredClone(new Map([[1, new Error('x')]])), 'cloned');
caught(() => structuredClone(new ArrayBuffer(4), { transfer: [5] }), 'transfer'); { const moved = new ArrayBuffer(4); caught(() => structuredClone({ moved, view: new Uint8Array(moved) }, { transfer: [moved] }), 'transferred'); reach(moved, 'moved'); }
const zlib = builtin('zlib'); caught(() => zlib.gunzipSync('nope'), 'gunzip'); caught(() => zlib.gunzipSync(zlib.gzipSync('x')), 'gunzipped'); caught(() => zlib.inflateSync('x', { maxOutputLength: -1 }), 'zlib range'); zlib.inflate('x', (error) => reach(error, 'inflate'));
caught(() => crypto_.pbkdf2Sync('p', 's', 0, 1, 'sha1'), 'pbkdf2'); caught(() => crypto_.scryptSync('p', 's', 4, { N: 3 }), 'scrypt'); caught(() => crypto_.hkdfSync('sha1', 'k', 's', 'i', 4), 'hkdf'); crypto_.scrypt('p', 's', 4, (...args) => reach(args, 'scrypt done'));
const web = new Blob(['xy']).stream(); reach(web, 'web'); const reader = web.getReader(); reach(reader.read().then((read) => reach(read, 'read')), 'reading'); caught(() => web.getReader(), 'locked'); reach(builtin('stream').Readable.toWeb(builtin('stream').Readable.from(['a'])), 'toWeb');
caught(() => util.parseArgs({ args: ['--nope'] }), 'parseArgs'); caught(() => util.parseArgs({ args: [], strict: 5 }), 'parseArgs 2');
caught(() => crypto_.createHash('nope'), 'hash'); caught(() => crypto_.createHash('sha1').update(5), 'update'); caught(() => crypto_.randomBytes(2), 'bytes');
caught(() => fs.readFileSync('/no'), 'readFile'); caught(() => fs.statSync('/simulated/data'), 'stat'); caught(() => process.kill(1, 0), 'kill');
caught(() => process.stdout.write(5), 'write'); caught(() => process.exit('x'), 'exit'); caught(() => process.memoryUsage(), 'memory');
caught(() => setTimeout(() => {}, 1), 'timer'); caught(() => setTimeout('x'), 'timer text'); caught(() => queueMicrotask(5), 'microtask');
caught(() => util.promisify(setTimeout)(1), 'promise'); caught(() => fs.promises.readFile('/no'), 'promise 2');
caught(() => new AbortController(), 'abort'); caught(() => AbortSignal.abort(), 'signal'); caught(() => performance.now, 'performance');
caught(() => util.inspect({ [util.inspect.custom](...args) { reach(args, 'custom'); reach(this, 'custom this'); return args; } }), 'inspect');
caught(() => util.inspect([{ [Symbol.for('nodejs.util.inspect.custom')](...args) { reach(args, 'custom 2'); throw args; } }]), 'inspect 2');
caught(() => util.inspect(new Proxy({}, { get(...args) { reach(args, 'proxy'); }, ownKeys(...args) { reach(args, 'proxy keys'); return []; } }), { showProxy: false }), 'proxy');
caught(() => util.format('%o', { toJSON(...args) { reach(args, 'json'); } }), 'format'); caught(() => util.inspect({}, { get depth() { throw new Error('x'); } }), 'options');
caught(() => util.isDeepStrictEqual({ get a() { reach(arguments.callee.caller, 'caller'); return 1; } }, { a: 1 }), 'equal');
for (const question of Object.keys(util.types)) caught(() => util.types[question](new Proxy({}, { getPrototypeOf(...args) { reach(args, question); return null; } })), question);
caught(() => builtin('assert').deepEqual({ a: 1 }, { a: 2 }), 'assert');
caught(() => { const deeper = () => { try { deeper(); } catch (error) { reach(error, 'overflow'); performance.now(); throw error; } }; deeper(); }, 'overflow');
const prepare = Error.prepareStackTrace;
Error.prepareStackTrace = (error, frames) => { reach(frames, 'frames'); for (const frame of frames) { reach(frame.getThis(), 'frame this'); reach(frame.getFunction(), 'frame function'); } return ''; };
caught(() => new Error('x').stack, 'stack'); caught(() => util.inspect({ get a() { return new Error('y').stack; } }, { getters: true }), 'stack 2');
Error.prepareStackTrace = prepare;
const name = 'fs'; const asked = import(name); reach(asked, 'import'); asked.catch((error) => { reach(error, 'import error'); walk(); });
process.on('unhandledRejection', (...args) => { reach(args, 'rejection'); }); Promise.reject(new Error('x'));
process.on('uncaughtException', (...args) => { reach(args, 'exception'); });
builtin('readline').createInterface({ input: process.stdin }).on('line', (...args) => reach(args, 'line'));
setTimeout(() => { walk(); console.log(seen.size > 1000 ? 'walked' : 'hardly anything was reached: ' + seen.size); process.exit(0); }, 50);
`;

it.each(['program.mjs', 'program.cjs'])('no object of another realm can be reached in %s', async (file) => {
  const { lines } = await runSource({ source: `${WALK}${TRIES}`, file, bodies: [{ type: 'x' }] });
  expect(lines).toEqual(['walked']);
});

it('changes that a node makes to the classes around it are invisible to other nodes', async () => {
  const source = `
    if (process.argv[2] === undefined) throw new Error('needs arguments');
    const mark = () => [URL, URLSearchParams, Object, Array, Error, Promise, Buffer, TextEncoder, Date, Map].filter((of) => of.prototype.marked).length;
    console.log(mark());
    for (const of of [URL, URLSearchParams, Object, Array, Error, Promise, Buffer, TextEncoder, Date, Map]) Object.defineProperty(of.prototype, 'marked', { value: true });
    console.log(mark(), typeof URL.constructor('return process')().argv);`;
  const { lines } = await runSource({ source, nodes: ['n1', 'n2', 'n3'], args: ['x'] });
  expect(lines).toEqual(['0', '10 object', '0', '10 object', '0', '10 object']);
  expect('marked' in URL.prototype || 'marked' in {}).toBe(false);
});
