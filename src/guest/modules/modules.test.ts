/**
 * Node's modules behave in a simulated node as they do in Node: each program here runs in both. Node 26 has `Buffer.stringLength`, and
 * `read()` gives a stream's chunks one by one; the programs do not look at either, as simulated nodes are the same on every version.
 */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runSource } from '../../../test/support/run-source.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  Buffer: `
    import { Buffer as Imported } from 'node:buffer';
    const b = Buffer.from('héllo €😀');
    console.log(Imported === Buffer, Buffer.isBuffer(b), b instanceof Uint8Array, b.length, b.toString());
    for (const e of ['hex', 'base64', 'base64url', 'latin1', 'utf16le', 'ascii', 'binary']) {
      const text = b.toString(e);
      console.log(e, JSON.stringify(text), Buffer.from(text, e).length, Buffer.byteLength(text, e), Buffer.isEncoding(e));
    }
    console.log(Buffer.from([1, 2, 300]), Buffer.from(new Uint8Array([7, 8]).buffer, 1, 1), Buffer.from(b).equals(b));
    console.log(Buffer.from(JSON.parse(JSON.stringify(Buffer.from('json')))).toString(), Buffer.of(1, 2).toJSON());
    console.log(Buffer.concat([Buffer.from('a'), Buffer.from('bc')], 2).toString(), Buffer.concat([Buffer.from('x'), b]).length);
    console.log(Buffer.alloc(3, 'ab').toString(), Buffer.alloc(4).fill('61', 'hex').toString(), Buffer.alloc(2, 7)[1]);
    console.log(b.subarray(1, 3).toString('hex'), b.slice(-4).toString(), b.indexOf('llo'), b.indexOf(0x6c), b.includes('zz'), b.indexOf('l', 4));
    console.log(Buffer.compare(Buffer.from('a'), Buffer.from('b')), b.compare(b), Buffer.from('b').compare(Buffer.from('a')));
    const n = Buffer.alloc(16);
    n.writeUInt32BE(0xdeadbeef, 0); n.writeInt16LE(-2, 4); n.writeDoubleBE(1.5, 6); n.writeUInt8(255, 14);
    console.log(n.toString('hex'), n.readUInt32BE(0), n.readInt16LE(4), n.readDoubleBE(6), n.readUint8(14), n.readInt8(14));
    n.writeBigUInt64LE(2n ** 63n, 0); console.log(n.readBigUInt64LE(0), n.readBigInt64LE(), n.readUIntBE(0, 3), n.writeUIntLE(1000, 0, 3), n.readUIntLE(0, 3));
    console.log(n.write('hey', 2), n.write('0a0b', 5, 'hex'), n.toString('latin1', 2, 5), n.copy(b, 0, 2, 5), b.toString());
    console.log(Buffer.from([0xff, 0xfe, 0x41]).toString(), Buffer.from('zz', 'hex').length, atob('aGk='), btoa('hi'));
    console.log([...Buffer.from('ab').entries()], Buffer.from('abc').map((x) => x + 1).toString(), String(Buffer.from('s')));
    try { console.log(Buffer.alloc(60), [Buffer.alloc(51)]); Buffer.from(5) } catch (e) { console.log(e.name) }
    try { Buffer.from('x', 'nonsense') } catch (e) { console.log(e.name) }`,
  'more of Buffer': `
    import { transcode, isAscii, isUtf8, kMaxLength } from 'node:buffer';
    const b = Buffer.from('abcabc€abc'); const said = (run) => { try { return run() } catch (e) { return e.name + ' ' + e.code } };
    console.log([b.lastIndexOf('abc'), b.lastIndexOf('abc', 5), b.lastIndexOf('abc', -6), b.lastIndexOf(0x62), b.lastIndexOf('zz'), b.lastIndexOf(Buffer.from('c€')), b.lastIndexOf('', 3), b.lastIndexOf('6162', undefined, 'hex'), b.lastIndexOf('abc', null), b.lastIndexOf('abc', -100)].join());
    console.log([b.indexOf('abc', 1), b.indexOf('', 4), b.indexOf('', 99), b.indexOf('abc', NaN), b.indexOf('abc', -5), b.indexOf('6263', 'hex'), b.indexOf(Buffer.alloc(0)), b.includes('€a'), b.indexOf('a', 1.7), said(() => b.indexOf({}))].join());
    const n = Buffer.alloc(12); for (const bytes of [1, 2, 3, 4, 5, 6]) for (const order of ['BE', 'LE']) { const v = 2 ** (8 * bytes - 1) - 3;
      console.log(n['writeInt' + order](-v, 1, bytes), n.toString('hex'), n['readInt' + order](1, bytes) === -v, n['readUInt' + order](1, bytes), n['writeUInt' + order](v, 2, bytes), n['readUint' + order](2, bytes) === v); }
    for (const run of [() => n.writeUInt8(256), () => n.writeInt8(-129), () => n.writeInt16LE(40000), () => n.writeUInt32BE(-1), () => n.readUInt16BE(11), () => n.readInt8(-1), () => n.readUIntBE(8, 6), () => n.readUIntBE(0, 7), () => n.writeUIntBE(256, 0, 1), () => n.writeIntLE(128, 0, 1), () => n.readUInt8(1.5), () => n.readUInt8('1'), () => n.readDoubleLE(5), () => n.writeBigInt64BE(2n ** 63n), () => n.readInt32LE(undefined), () => n.writeFloatLE(1e40), () => Buffer.alloc(3).swap16(), () => Buffer.alloc(6).swap32(), () => Buffer.alloc(12).swap64()]) console.log(said(run));
    const s = Buffer.from('0102030405060708', 'hex'); console.log(s.swap16().toString('hex'), s.swap32().toString('hex'), s.swap64() === s, s.toString('hex'));
    console.log(Buffer.copyBytesFrom(new Uint16Array([1, 2, 3]), 1, 1), transcode(Buffer.from('é'), 'utf8', 'latin1'), isAscii(Buffer.from('a')), isAscii(b), isUtf8(Buffer.from([255])), kMaxLength > 2 ** 30);
    console.log(b.utf8Slice(6, 9), b.hexSlice(0, 2), b.latin1Slice(0, 1), n.utf8Write('hey', 2), n.hexWrite('ff', 0, 1), n.toString('hex'), b.inspect(), b.offset === b.byteOffset, b.toLocaleString() === b.toString());`,
  'what a program does wrong with bytes': `
    import { createHash, createHmac, timingSafeEqual, randomInt } from 'node:crypto';
    const t = (f) => { try { console.log(f()) } catch (e) { console.log(e.name, e.code, e.message) } }; const named = (f) => { try { console.log(f()) } catch (e) { console.log(e.name, e.code) } };
    for (const wrong of [undefined, null, 5, {}, () => {}, Symbol('s'), true]) t(() => Buffer.from(wrong));
    t(() => Buffer.from(new String('boxed'))); t(() => Buffer.from({ length: 2, 0: 1, 1: 2 })); t(() => Buffer.from('x', 'foo')); t(() => Buffer.from('x').toString('foo'));
    t(() => Buffer.alloc('x')); t(() => Buffer.allocUnsafe({})); t(() => Buffer.concat('x')); t(() => Buffer.concat(['x'])); t(() => Buffer.byteLength(5)); t(() => Buffer.byteLength('é', 'foo'));
    t(() => Buffer.compare('a', 'b')); t(() => Buffer.from('a').equals('a'));
    for (const text of ['!!', 'YQ', ' YQ= =', 'YQ===', 'Y', '']) named(() => atob(text)); for (const text of ['é', 5, '€']) named(() => btoa(text));
    named(() => timingSafeEqual(Buffer.from('a'), Buffer.from('ab'))); named(() => timingSafeEqual('a', 'a')); t(() => createHash('md5').update(5)); t(() => createHash(5)); named(() => createHash('nope')); t(() => randomInt(3, 3));
    t(() => { const h = createHash('md5').update('a'); const c = h.copy(); h.update('b'); return h.digest('hex') + c.digest('hex') });
    t(() => { const h = createHash('md5'); h.digest(); h.digest() }); t(() => { const h = createHash('md5'); h.digest(); h.update('x') }); t(() => { const h = createHmac('md5', 'k'); h.digest(); return h.digest('hex') === '' });
    named(() => new TextDecoder('nope')); named(() => new TextDecoder().decode('x'))`,
  'what a program may do with readline': `
    const t = async (n, f) => { try { console.log(n, await Promise.race([f(), new Promise((r) => setTimeout(r, 200, 'HANGS'))])) } catch (e) { console.log(n, 'THROWS', e?.name, e?.code, e?.message?.slice(0,150)) } };
    import readline from 'node:readline'; import * as rlp from 'node:readline/promises'; import { PassThrough } from 'node:stream';
    const feed = async (chunks, f = (r) => r) => { const s = new PassThrough(); const g = []; const r = f(readline.createInterface({ input: s }), g); r.on('line', l => g.push(l)); r.on('pause', () => g.push('P')); r.on('resume', () => g.push('R')); r.on('close', () => g.push('C')); for (const c of chunks) { s.write(c); await new Promise(x => setTimeout(x, 3)) } s.end(); await new Promise(x => setTimeout(x, 5)); return JSON.stringify(g) };
    await t('returns', () => feed(['a\\r', '\\nb\\r\\nc\\rd\\n\\r\\r\\n', 'e\\r', 'f', 'g\\r']));
    await t('question', () => feed(['one\\ntwo\\n', 'three\\n'], (r, g) => { r.question('?', (l) => g.push('A:' + l)); return r }));
    await t('question twice', () => feed(['one\\ntwo\\n', 'three\\n'], (r, g) => { r.question('?', (l) => { g.push('A:' + l); r.question('!', (m) => g.push('B:' + m)) }); r.question('x', () => g.push('never')); return r }));
    await t('question signal', () => feed(['one\\n', 'two\\n'], (r, g) => { const ac = new AbortController(); r.question('?', { signal: ac.signal }, (l) => g.push('A:' + l)); ac.abort(); return r }));
    await t('question aborted', () => feed(['one\\n', 'two\\n'], (r, g) => { r.question('?', { signal: AbortSignal.abort() }, (l) => g.push('A:' + l)); return r }));
    await t('promises', async () => { const s = new PassThrough(); const r = rlp.createInterface({ input: s }); const g = []; r.on('line', (l) => g.push(l)); setTimeout(() => s.write('a\\nb\\nc\\n'), 1); g.push('1:' + await r.question('')); setTimeout(() => s.write('d\\n'), 1); g.push('2:' + await r.question('')); return g.join() });
    await t('promise abort', async () => { const s = new PassThrough(); const r = rlp.createInterface({ input: s }); const ac = new AbortController(); setTimeout(() => ac.abort(), 2); return r.question('', { signal: ac.signal }) });
    await t('promise then iterate', async () => { const s = new PassThrough(); const r = rlp.createInterface({ input: s }); const g = []; setTimeout(() => s.write('a\\n'), 1); g.push(await r.question('')); setTimeout(() => s.end('b\\nc'), 1); for await (const l of r) g.push(l); return g.join() });
    await t('signal', async () => { const ac = new AbortController(); const r = readline.createInterface({ input: new PassThrough(), signal: ac.signal }); const p = new Promise(x => r.on('close', () => x('closed'))); setTimeout(() => ac.abort(), 1); return p });
    await t('signal before', async () => { const r = readline.createInterface({ input: new PassThrough(), signal: AbortSignal.abort() }); return new Promise(x => r.on('close', () => x('closed ' + r.closed))) });
    await t('pauses', () => feed(['a\\nb\\n', 'c\\n'], (r, g) => { r.on('line', (l) => { if (l === 'a') { r.pause(); r.pause(); setTimeout(() => { r.resume(); r.resume() }, 4) } }); return r }));
    await t('after close', () => { const r = readline.createInterface({ input: new PassThrough() }); r.close(); return r.question('x', () => {}) });
    await t('after close p', () => { const r = rlp.createInterface({ input: new PassThrough() }); r.close(); return r.question('x') });
    for (const o of [{ completer: null }, { completer: 5 }, { signal: 5 }, { output: null }]) await t(Object.keys(o)[0], () => readline.createInterface({ input: new PassThrough(), ...o }).terminal);
    await t('args', () => readline.createInterface(new PassThrough(), null, null, false)); await t('args2', () => readline.createInterface(new PassThrough(), undefined, undefined, false).terminal);
    await t('write', async () => { const s = new PassThrough(); const r = readline.createInterface({ input: s }); const got = []; r.on('line', (l) => got.push(l)); r.write('a\\nb'); s.end('c\\n'); await new Promise((x) => r.on('close', x)); return got.join() });
    await t('prompt', () => { const out = new PassThrough(); const r = readline.createInterface({ input: new PassThrough(), output: out, prompt: '> ' }); r.prompt(); return [r.getPrompt(), r.line, r.terminal, String(out.read()), ''].join('|') });
    await t('prompt of its own', () => { const out = new PassThrough(); const r = readline.createInterface({ input: new PassThrough(), output: out, prompt: 'name? ' }); r.prompt(); return [r.getPrompt(), r.line, r.terminal, String(out.read()), ''].join('|') });
    await t('empty prompt', () => { const out = new PassThrough(); const r = readline.createInterface({ input: new PassThrough(), output: out, prompt: '' }); r.prompt(); return [r.getPrompt(), r.line, r.terminal, String(out.read()), ''].join('|') });
    await t('cursor', async () => { const out = new PassThrough(); const said = () => { let all = ''; for (let chunk = out.read(); chunk !== null; chunk = out.read()) all += chunk; return JSON.stringify(all) }; const r = readline.createInterface({ input: new PassThrough(), output: out, prompt: 'ab> ' });
      const all = [JSON.stringify(r.getCursorPos()), readline.cursorTo(out, 3), said(), readline.cursorTo(out, 3, 4), said(), readline.moveCursor(out, -2, 3), said(), readline.moveCursor(out, 0, 0), said(), readline.clearLine(out, -1), readline.clearLine(out, 1), readline.clearLine(out, 0), readline.clearScreenDown(out), said(), readline.cursorTo(undefined, 1), readline.cursorTo(out, 'x'), said()];
      for (const call of [() => readline.cursorTo(out, NaN), () => readline.cursorTo(out, null, 2), () => readline.clearLine(out, 0, 5), () => new readline.promises.Readline({})]) try { all.push(call()); } catch (error) { all.push(error.name, error.code, error.message); }
      const moves = new readline.promises.Readline(out); all.push(moves.cursorTo(1, 2).moveCursor(1, -1).clearLine(0).clearScreenDown() === moves, said(), await moves.commit(), said()); moves.cursorTo(5).rollback(); await moves.commit(); all.push(said());
      new readline.promises.Readline(out, { autoCommit: true }).cursorTo(7); await new Promise((resolve) => setTimeout(resolve, 5)); all.push(said());
      return all.join('|'); });
    process.exit()`,
  'copies of errors, and logs for debugging': `
    import { debuglog, debug, inspect } from 'node:util'; console.log(debuglog('a').enabled, debug('b').enabled);
    const copy = structuredClone(new RangeError('outer', { cause: new TypeError('inner', { cause: 5 }) })); console.log(Object.keys(copy).length, copy instanceof RangeError, copy.cause instanceof TypeError, copy.cause.cause, inspect(copy).includes('[cause]'), 'cause' in structuredClone(new Error('x')));`,
  'files by lines, pieces and entries': `
    import fs from 'node:fs'; import fsp from 'node:fs/promises'; import { join } from 'node:path'; import { Readable } from 'node:stream'; import { tmpdir } from 'node:os';
    const dir = process.env.MAELSTROM_DATA_DIR ?? fs.mkdtempSync(join(tmpdir(), 'x-')); const at = (n) => join(dir, n);
    const t = async (n, f) => { try { console.log(n, await f()) } catch (e) { console.log(n, 'THROWS', e?.name, e?.code) } };
    fs.writeFileSync(at('a'), 'one\\ntwo\\r\\nthree'); fs.mkdirSync(at('d/e'), { recursive: true });
    await t('lines', async () => { const h = await fsp.open(at('a')); const lines = []; for await (const l of h.readLines()) lines.push(l); return lines.join('|') });
    await t('lines from', async () => { const h = await fsp.open(at('a')); const lines = []; for await (const l of h.readLines({ start: 4, encoding: 'utf8' })) lines.push(l); return lines.join('|') });
    await t('iterables', async () => { await fsp.writeFile(at('i'), (async function* () { yield 'a'; yield Buffer.from('b') })()); await fsp.writeFile(at('j'), ['x', 'y']); await fsp.writeFile(at('k'), Readable.from(['p', 'q'])); return ['i', 'j', 'k'].map((n) => fs.readFileSync(at(n), 'utf8')).join() });
    await t('handles', async () => { const h = await fsp.open(at('h'), 'w+'); await fsp.appendFile(h, 'a'); await fsp.writeFile(h, 'b'); await h.writeFile(['c', 'd']); await h.close(); return fsp.readFile(at('h'), 'utf8') });
    await t('aborted', () => fsp.readFile(at('a'), { signal: AbortSignal.abort() })); await t('aborted write', () => fsp.writeFile(at('z'), 'x', { signal: AbortSignal.abort() })); console.log(fs.existsSync(at('z')));
    await t('entries', async () => { const names = []; for await (const e of await fsp.opendir(dir)) names.push(e.name + e.isDirectory()); return names.sort().join() });
    await t('entries sync', () => { const d = fs.opendirSync(dir); let n = 0; while (d.readSync() !== null) n++; d.closeSync(); return [n, d.path === dir].join() }); await t('closed', () => { const d = fs.opendirSync(dir); d.closeSync(); d.readSync() }); await t('no folder', () => fsp.opendir(at('none')));
    await t('entries by callback', () => new Promise((done) => fs.opendir(dir, (error, d) => d.close().then(() => done(error)))));
    await t('reads', () => new Promise((done) => fs.open(at('a'), (e, fd) => fs.read(fd, (e1, n, b) => fs.read(fd, { position: 4, length: 3 }, (e2, m, c) => fs.read(fd, Buffer.alloc(5), 0, 3, 0, (e3, k, d) => done([e1, n, b.length, e2, m, String(c.subarray(0, m)), e3, k, String(d.subarray(0, k))].join())))))));
    await t('no callback', () => fs.readFile(at('a')));`,
  'labels of encodings': `
    for (const label of ['iso-8859-1', 'ISO_8859-1', ' latin1 ', 'us-ascii', 'cp1252', 'UTF8', 'unicode-1-1-utf-8', 'utf-16', 'ucs-2', 'nope', '']) try { console.log(label, new TextDecoder(label).encoding) } catch (e) { console.log(label, e.name, e.code) }`,
  querystring: `
    import qs from 'node:querystring';
    for (const text of ['a=1&b=2&a=3', 'a=%20x+y&b', '=v&&k=', 'a=%zz&b=%E2%82%AC&c=%ff', '', 'x==y=', '__proto__=1&toString=2']) console.log(qs.parse(text));
    console.log(qs.parse('a:1;b:2', ';', ':'), qs.parse('a=1&b=2&c=3', null, null, { maxKeys: 2 }), qs.parse('a=%41', null, null, { decodeURIComponent: (x) => x + '!' }), qs.parse('a=%zz', null, null, { decodeURIComponent: () => { throw 1 } }), qs.parse(5));
    console.log([qs.stringify({ a: [1, 'x y', true], b: null, c: undefined, d: NaN, e: 5n, f: {}, g: '', h: () => {}, i: Infinity, é: 'ü&=' }), qs.stringify({ a: [], b: 1 }), qs.stringify({ a: 1, b: 2 }, ';', ':'), qs.stringify('x'), qs.stringify(null), qs.stringify({ a: 'b c' }, null, null, { encodeURIComponent: (s) => '<' + s + '>' })]);
    console.log(qs.escape("a b&!'()*~é"), qs.escape(5), qs.escape({}), qs.unescape('%41%zz%E2'), qs.unescapeBuffer('%ff%41x'), Object.keys(qs).sort().join()); try { qs.escape('\\ud800') } catch (e) { console.log(e.name, e.code) }`,
  'web streams': `
    import { Readable, Writable, Duplex, PassThrough } from 'node:stream'; import { pipeline as pp } from 'node:stream/promises'; import { ReadableStream as RS } from 'node:stream/web'; import { text } from 'node:stream/consumers';
    const t = async (n, f) => { try { console.log(n, await f()) } catch (e) { console.log(n, 'THROWS', e?.name, e?.code, e?.errno, e?.message) } }
    const collect = async (rs) => { const a = []; for await (const c of rs) a.push(c); return a }
    await t('from', () => collect(ReadableStream.from([1, 2, 3])))
    await t('toWeb', async () => (await collect(Readable.toWeb(Readable.from(['a', 'b'])))).join())
    await t('toWeb bytes', async () => (await collect(Readable.toWeb(Readable.from([Buffer.from('ab'), Buffer.from('c')], { objectMode: false })))).map((c) => [c.constructor.name, c.length]))
    await t('toWeb err', () => collect(Readable.toWeb(new Readable({ read() { this.destroy(new Error('boom')) } }))))
    await t('fromWeb', async () => (await Readable.fromWeb(new RS({ start(c) { c.enqueue('x'); c.enqueue('y'); c.close() } })).toArray()).map(String))
    await t('fromWeb obj', async () => (await Readable.fromWeb(new RS({ start(c) { c.enqueue({ a: 1 }); c.close() } }), { objectMode: true }).toArray()))
    await t('fromWeb err', async () => (await Readable.fromWeb(new RS({ start(c) { c.error(new Error('no')) } })).toArray()))
    await t('fromWeb cancel', async () => { let r; const s = Readable.fromWeb(new RS({ pull(c) { c.enqueue('x') }, cancel(x) { r = 'cancelled ' + x } })); for await (const c of s) break; return r })
    await t('Writable.toWeb', async () => { const got = []; const w = Writable.toWeb(new Writable({ objectMode: true, write(c, e, d) { got.push(c); setTimeout(d, 1) } })).getWriter(); await w.write(1); await w.write(2); await w.close(); return got })
    await t('Writable.toWeb err', async () => { const w = Writable.toWeb(new Writable({ write(c, e, d) { d(new Error('bad')) } })).getWriter(); w.closed.catch(() => {}); w.ready.catch(() => {}); await w.write('a'); await w.write('b') })
    await t('Writable.fromWeb', async () => { const got = []; const w = Writable.fromWeb(new WritableStream({ write(c) { got.push(String(c)) }, close() { got.push('closed') } })); await pp(Readable.from(['p', 'q']), w); return got })
    await t('Duplex', async () => { const d = Duplex.fromWeb(new TransformStream({ transform(c, k) { k.enqueue(String(c).toUpperCase()) } })); d.end('hey'); d.setEncoding('utf8'); return text(d) })
    await t('Duplex.toWeb', async () => { const { readable, writable } = Duplex.toWeb(new PassThrough()); const w = writable.getWriter(); w.write(Buffer.from('z')); w.close(); return text(readable) })
    await t('tee', async () => { const [a, b] = RS.from(['1', '2']).tee(); return [await text(a), await text(b)] })
    await t('pipeline web', async () => { const out = []; await pp(RS.from(['a']), new TransformStream({ transform(c, k) { k.enqueue(c + c) } }), new WritableStream({ write(c) { out.push(c) } })); return out })
    await t('tds', async () => collect(new Blob(['h€y']).stream().pipeThrough(new TextDecoderStream())))
    await t('tes', async () => (await collect(RS.from(['\\ud83d', '\\ude00x']).pipeThrough(new TextEncoderStream()))).map((x) => [...x].join()))
    await t('tds bad', async () => collect(RS.from([new Uint8Array([255])]).pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))))
    await t('cs', async () => text(RS.from([new TextEncoder().encode('hello '), new TextEncoder().encode('world')]).pipeThrough(new CompressionStream('gzip')).pipeThrough(new DecompressionStream('gzip'))))
    await t('cs bad', () => new CompressionStream('lzma'))
    await t('ds bad', () => text(RS.from([new Uint8Array(5)]).pipeThrough(new DecompressionStream('gzip'))))
    await t('byob', async () => { const r = new RS({ type: 'bytes', start(c) { c.enqueue(new Uint8Array([1, 2, 3])); c.close() } }).getReader({ mode: 'byob' }); const { value, done } = await r.read(new Uint8Array(2)); return [[...value], done] })`,
  zlib: `
    import { Readable, PassThrough } from 'node:stream'; import { pipeline as pp } from 'node:stream/promises'; import { text } from 'node:stream/consumers'; import zlib from 'node:zlib'; import { promisify } from 'node:util';
    const t = async (n, f) => { try { console.log(n, await f()) } catch (e) { console.log(n, 'THROWS', e?.name, e?.code, e?.errno, e?.message) } }
    for (const f of ['inflateSync', 'gunzipSync', 'inflateRawSync', 'unzipSync']) { await t(f, () => zlib[f](Buffer.from('hello'))); await t(f, () => zlib[f](Buffer.alloc(0))) }
    const g = zlib.gzipSync('hello '.repeat(100)); await t('cut', () => zlib.gunzipSync(g.subarray(0, -9))); await t('small', () => g.length < 100)
    await t('max', () => zlib.gunzipSync(g, { maxOutputLength: 10 })); await t('members', () => zlib.gunzipSync(Buffer.concat([zlib.gzipSync('a'), zlib.gzipSync('b')])).toString())
    for (const [a, b] of [['deflateSync', 'inflateSync'], ['deflateRawSync', 'inflateRawSync'], ['gzipSync', 'unzipSync'], ['deflateSync', 'unzipSync']]) for (const level of [0, 1, 9, -1, undefined]) await t(a + level, () => zlib[b](zlib[a]('αβγ'.repeat(50), { level })).toString() === 'αβγ'.repeat(50))
    await t('lvl', () => zlib.deflateSync('a', { level: 99 })); await t('arg', () => zlib.deflateSync(5)); await t('arg', () => zlib.deflate('x'))
    await t('promisify', async () => (await promisify(zlib.gunzip)(await promisify(zlib.gzip)('pr'))).toString()); await t('cb err', () => promisify(zlib.inflate)('nope'))
    await t('stream', async () => text(Readable.from(['st', 'ream']).pipe(zlib.createGzip()).pipe(zlib.createGunzip()))); await t('stream err', () => pp(Readable.from(['xxxx']), zlib.createGunzip(), new PassThrough()))
    await t('const', () => [zlib.constants.Z_BEST_COMPRESSION, zlib.codes.Z_OK])`,
  'keys from passwords': `
    import * as crypto from 'node:crypto'; import { promisify } from 'node:util';
    const t = async (n, f) => { try { console.log(n, await f()) } catch (e) { console.log(n, 'THROWS', e?.name, e?.code, e?.errno, e?.message) } }
    await t('pb', () => crypto.pbkdf2Sync('p', 's', 10, 16, 'sha256').toString('hex')); await t('sc', () => crypto.scryptSync('p', Buffer.from('s'), 8, { N: 16 }).toString('base64')); await t('hk', () => Buffer.from(crypto.hkdfSync('sha512', 'k', 's', 'i', 12)).toString('hex'))
    await t('pbcb', async () => (await promisify(crypto.pbkdf2)('p', 's', 1, 4, 'sha1')).toString('hex')); await t('sccb', async () => (await promisify(crypto.scrypt)('p', 's', 4)).toString('hex')); await t('hkcb', async () => Buffer.from(await promisify(crypto.hkdf)('sha1', 'k', 's', '', 4)).toString('hex'))
    for (const f of [() => crypto.pbkdf2Sync('p', 's', 0, 16, 'sha256'), () => crypto.pbkdf2Sync('p', 's', 1, 16), () => crypto.pbkdf2Sync('p', 's', 1, 16, 'nope'), () => crypto.pbkdf2Sync(5, 's', 1, 16, 'sha1'), () => crypto.scryptSync('p', 's', -1), () => crypto.scryptSync('p', 's', 16, { N: 3 }), () => crypto.hkdfSync('sha256', 'k', 's', 'i', 16000), () => crypto.hkdfSync('nope', 'k', 's', 'i', 16), () => crypto.pbkdf2('p', 's', 1, 16, 'sha1'), () => crypto.scrypt('p', 's', 1)]) await t('kd', f)`,
  'structuredClone with transfer': `
    const t = (f) => { try { console.log(f()) } catch (e) { console.log('THROWS', e?.name, e?.code, e?.message) } }
    t(() => { const b = new ArrayBuffer(8); const u = new Uint8Array(b, 2, 3); u[0] = 7; const c = structuredClone({ u, v: new DataView(b, 1, 4), b }, { transfer: [b] }); return [b.byteLength, c.u.byteOffset, c.u.length, c.u[0], c.v.getUint8(1), c.v.byteOffset, c.v.byteLength, c.u.buffer === c.b, c.v.buffer === c.b] })
    t(() => { class B extends Uint16Array {} const c = structuredClone(new B([1, 2])); return [c.constructor.name, c.length] })
    t(() => { const c = structuredClone(Buffer.from('abc')); return [c.constructor.name, c.length, String.fromCharCode(...c)] })
    t(() => { const b = new ArrayBuffer(1); try { structuredClone(() => {}, { transfer: [b] }) } catch {} return b.byteLength })
    const d = new TextDecoder('utf-8', { fatal: true }); t(() => d.decode(new Uint8Array([0xe2, 0x82]), { stream: true })); t(() => d.decode(new Uint8Array([0xac]), { stream: true })); t(() => d.decode()); t(() => d.decode(new Uint8Array([0xe2]), { stream: true })); t(() => d.decode()); t(() => d.decode(new Uint8Array([0xff]), { stream: true }))`,
  'performance, and other small things': `
    const t = (f) => { try { console.log(f()) } catch (e) { console.log(e.name, e.code, e.message) } };
    const a = performance.mark('a'), b = performance.mark('b', { startTime: 5, detail: { x: 1 } }); performance.mark('a'); const m = performance.measure('m', 'b'); const n = performance.measure('n', { start: 2, end: 7 }); const o = performance.measure('o', { start: 3, duration: 4 }); const p = performance.measure('p', 'b', 'a');
    t(() => [a.constructor.name, a.entryType, a.name, a.duration, a.detail, b.startTime, b.detail.x, m.constructor.name, m.startTime, n.duration, o.duration, o.startTime, p.startTime].join()); t(() => performance.measure('q', 'nope')); t(() => JSON.stringify(b));
    t(() => [performance.getEntriesByName('a').length, performance.getEntriesByName('a', 'measure').length, performance.getEntriesByType('measure').length, performance.getEntries().length >= 7].join()); performance.clearMarks('a'); t(() => performance.getEntriesByType('mark').map((e) => e.name).join()); performance.clearMarks(); performance.clearMeasures(); t(() => performance.getEntriesByType('mark').length + performance.getEntriesByType('measure').length);
    t(() => performance.timerify((x) => x + 1)(1)); t(() => Object.keys(performance.eventLoopUtilization()).join()); process.stdout._handle?.setBlocking?.(true); t(() => [setImmediate(() => {}).constructor.name, setTimeout(() => {}, 0).constructor.name].join()); t(() => new TextDecoder('ascii').encoding);`,
  'console.table': `
    console.table([{ a: 1, b: 'x' }, { a: 2, c: true }]); console.table([1, 'two', { three: 3 }, null, [4, 5], undefined]); console.table({ r1: { x: 1 }, r2: { x: [1, 2, 3, 4, 5] } }, ['x', 'nope']);
    console.table(new Map([['k', { a: 1 }], ['l', 5]])); console.table(new Set([1, 'b'])); console.table('str'); console.table(5, ['a']); console.table([]); console.table({}); console.table([{ 名: '値', e: '😀' }]);
    console.table([{ big: { a: 1, b: 2, c: 3 }, small: { a: { b: 1 } } }]); try { console.table([], 'x') } catch (e) { console.log(e.code) } console.group('g'); console.table([1]);`,
  'stream/consumers and util/types': `
    import { text, json, buffer, arrayBuffer, blob } from 'node:stream/consumers'; import { Readable } from 'node:stream'; import { isDate } from 'node:util/types';
    console.log(await text(Readable.from(['a', Buffer.from([0xe2, 0x82]), Buffer.from([0xac])])), await json(Readable.from(['{"a":', '1}'])), await buffer(Readable.from([Buffer.from('x')])), (await arrayBuffer(Readable.from([Buffer.from('xy')]))).byteLength, (await blob(Readable.from(['hey']))).size, isDate(new Date()));
    await json(Readable.from(['{'])).catch((e) => console.log(e.name));`,
  'timers/promises that are aborted': `
    import { setTimeout as sleep, setInterval as every, scheduler } from 'node:timers/promises'; const said = async (run) => { try { console.log(await run()) } catch (e) { console.log(e.name, e.code, e.message) } };
    const stop = new AbortController(); setTimeout(() => stop.abort(), 30); await said(async () => { for await (const _ of every(5, 0, { signal: stop.signal })); });
    await said(async () => { for await (const _ of every(1, 0, { signal: AbortSignal.abort() })); }); await said(async () => { for await (const v of every(1, 'v')) return v }); await said(() => scheduler.wait(1, { signal: AbortSignal.abort() }));
    await said(() => sleep(1, 0, { ref: 5 })); await said(() => sleep('1')); { const t = setTimeout(() => console.log('not this'), 1); t[Symbol.dispose]() } await sleep(3);`,
  'more than an emitter should have, and what is no listener': `
    import { EventEmitter } from 'node:events'; process.on('warning', (w) => console.log(w.name, w.message, w.type, w.count, w.emitter?.constructor.name)); const said = (run) => { try { console.log(run()) } catch (e) { console.log(e.name, e.code, e.message) } };
    const e = new EventEmitter(); for (let i = 0; i < 12; i++) e.on('x', () => {}); class Mine extends EventEmitter {} const mine = new Mine().setMaxListeners(1); for (let i = 0; i < 3; i++) mine.once('y', () => {});
    for (const add of ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']) said(() => e[add]('a', 5)); said(() => e.setMaxListeners(-1)); said(() => e.setMaxListeners('3'));
    const order = []; const f = new EventEmitter(); f.on('newListener', (name, g) => order.push(name, g.name)); f.on('a', function one() {}); f.once('a', function two() {}); f.prependListener('a', function three() {}); console.log(order.join(), f.listeners('a').map((g) => g.name).join());
    setTimeout(() => {}, 2 ** 31);`,
  'events of the web': `
    const t = new EventTarget(); t.addEventListener('a', (e) => console.log(e.eventPhase, e.composedPath().length, e.srcElement === t)); const e = new Event('a', { bubbles: true }); t.dispatchEvent(e); console.log(e.bubbles, e.composed, e.eventPhase, e.isTrusted, Object.prototype.toString.call(e));
    try { t.dispatchEvent({}) } catch (e) { console.log(e.name, e.code, e.message) } t.addEventListener('b', () => { throw new Error('in a listener') }); process.once('uncaughtException', (e) => console.log(e.message)); t.dispatchEvent(new Event('b')); console.log('comes first');
    const d = new DOMException('m', 'AbortError'); console.log(d.code === DOMException.ABORT_ERR, Object.prototype.toString.call(d));`,
  'functions of Buffer that are called with new': `
    const allocate = Buffer.allocUnsafeSlow; console.log(new allocate(3).length, new Buffer.from('aGk=', 'base64').toString(), new Buffer.alloc(2), Buffer.from.length, Buffer.from.name, [1, 2].map(Buffer.alloc).length);`,
  'copies that are refused': `
    for (const value of [new Proxy({}, {}), new WeakRef({}), new WeakMap(), Promise.resolve(), (function () { return arguments })(1), (function* () {})(), { deep: [new Proxy([], {})] }]) try { console.log(structuredClone(value)) } catch (e) { console.log(e.name, e.code, /#<(Object|Weak|Promise)/.test(e.message) || /Generator|Array/.test(e.message)) }`,
  'an environment of text, and what process is known by': `
    process.env.N = 5; process.env.U = undefined; process.env.B = false; const { N, U, B } = process.env; console.log({ N, U, B }, typeof process.env.N, process.env.B ? 'true by its text' : 'false', { ...process.env }.U, delete process.env.N, 'N' in process.env); Object.assign(process.env, { X: 1 }); console.log(process.env.X === '1');
    console.log(Object.prototype.toString.call(process), typeof process.versions.v8, process.stdout.isTTY, process.stdin.isTTY); const said = (run) => { try { console.log(run()) } catch (e) { console.log(e.name, e.code, e.message) } }; said(() => { process.exitCode = 'x' }); said(() => { process.exitCode = 1.5 }); said(() => process.kill('x'));`,
  'hashes of a length, random bytes that are refused': `
    import { createHash, getHashes, randomBytes } from 'node:crypto'; const said = (run) => { try { console.log(run()) } catch (e) { console.log(e.name, e.code, e.message) } };
    console.log(createHash('shake256', { outputLength: 8 }).update('a').digest('hex'), createHash('shake128', { outputLength: 4 }).copy({ outputLength: 6 }).digest('hex'), getHashes().includes('sha3-256')); said(() => randomBytes(-1)); said(() => randomBytes('8')); said(() => crypto.getRandomValues(new Uint8Array(70000))); said(() => crypto.getRandomValues(new Float32Array(1))); said(() => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])));`,
  'callbacks, copies and paths that are none': `
    import fs from 'node:fs'; const t = (f) => { try { console.log(f()) } catch (e) { console.log(e.name, e.code, e.message) } };
    for (const f of [setTimeout, setInterval, setImmediate, queueMicrotask, process.nextTick]) { t(() => f(5)); t(() => f()); }
    t(() => fs.readFileSync(undefined)); t(() => fs.writeFileSync(process.env.NOT_SET, 'x')); t(() => fs.existsSync(undefined));
    t(() => structuredClone([Object(1), Object('s'), Object(true), Object(1n)])); try { structuredClone() } catch (e) { console.log(e.name, e.code) }`,
  'what assert throws': `
    import assert from 'node:assert';
    const t = (f) => { try { f(); console.log('ok') } catch (e) { console.log(e.name, e.code, e.operator, e.generatedMessage) } };
    const fails = () => { throw new Error('x') };
    t(() => assert.throws(fails, 'a message')); t(() => assert.throws(() => {}, 'a message')); t(() => assert.throws(() => {}, TypeError, 'm')); t(() => assert.throws(fails, new Error('x'))); t(() => assert.throws(fails, new Error('y'))); t(() => assert.throws(fails, { message: /x/ }));
    t(() => assert(0)); t(() => assert.equal(1, 2)); t(() => assert.notEqual(1, 1)); t(() => assert.strictEqual(1, 2, 'm')); t(() => assert.deepStrictEqual({ a: 1 }, { a: 2 })); t(() => assert.fail('x')); t(() => assert.ifError(new Error('e'))); t(() => assert.match('a', /b/)); t(() => assert.match(5, /5/));
    await assert.rejects(async () => fails(), 'a message'); console.log('rejected');`,
  'defaults of util.inspect, deprecated functions, parsed arguments': `
    import util from 'node:util';
    console.log(util.inspect.defaultOptions, util.inspect.name); const deep = { a: { b: { c: { d: 1 } } } };
    util.inspect.defaultOptions.depth = 0; console.log(deep, util.inspect(deep), util.format('%s', deep), util.inspect(deep, { depth: 1 })); util.inspect.defaultOptions = { depth: null, compact: 1 }; console.log(deep);
    try { util.inspect.defaultOptions = null } catch (e) { console.log(e.code) }
    process.on('warning', (w) => console.log('warning', w.name, w.message, w.code)); const old = util.deprecate((x) => x + 1, 'nor this', 'D1'); console.log(old(1), old(2)); util.deprecate(() => {}, 'nor this', 'D1')();
    const parsed = util.parseArgs({ args: ['-f'], options: { f: { type: 'boolean', short: 'f' } } }); console.log(parsed);
    util.callbackify(async () => { throw null })((e) => console.log(e.message, e.code, e.reason)); for (const f of [util.promisify, util.callbackify]) try { f(5) } catch (e) { console.log(e.code, e.message) }`,
  'Blob, File and crypto.subtle': `
    import { Blob as B } from 'node:buffer'; import { subtle, webcrypto } from 'node:crypto';
    const blob = new Blob(['é', new Uint8Array([65, 66]), new Blob(['c']), 5, new Uint16Array([1]).buffer], { type: 'Text/Plain' });
    console.log(B === Blob, blob.size, blob.type, await blob.slice(2, 5).text(), await blob.slice(-3, -2, 'x/y').text(), blob.slice(1, 2, 'x/y').type, blob.slice(1).type, new Uint8Array(await blob.arrayBuffer()).join(), Object.prototype.toString.call(blob), await new Blob().text());
    const file = new File(['x'], 'f.txt', { lastModified: 5 }); console.log(file.name, file.lastModified, file.size, file instanceof Blob); try { new Blob('text') } catch (e) { console.log(e.name) }
    const hex = (buffer) => Buffer.from(buffer).toString('hex'); const data = new TextEncoder().encode('data'); console.log(subtle === crypto.subtle, webcrypto.subtle === subtle);
    for (const name of ['SHA-1', 'sha-256', { name: 'SHA-384' }, 'SHA-512']) { const digest = await subtle.digest(name, data); console.log(digest instanceof ArrayBuffer, hex(digest)); }
    await subtle.digest('MD5', data).catch((e) => console.log(e.name));
    const key = await subtle.importKey('raw', Buffer.from('secret'), { name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify']); console.log(key.type, key.extractable, key.usages, key.algorithm.name, key.algorithm.hash, key.algorithm.length);
    const signature = await subtle.sign('HMAC', key, data); console.log(hex(signature), await subtle.verify('HMAC', key, signature, data), await subtle.verify({ name: 'HMAC' }, key, signature, Buffer.from('other')), hex(await subtle.exportKey('raw', key)), (await subtle.exportKey('jwk', key)).k);
    const made = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-512' }, false, ['sign']); console.log(made.algorithm.length, made instanceof CryptoKey); await subtle.exportKey('raw', made).catch((e) => console.log(e.name)); await subtle.verify('HMAC', made, signature, data).catch((e) => console.log(e.name));`,
  'WeakRef and util.types': `
    import util, { types, inherits } from 'node:util';
    const target = {}; const ref = new WeakRef(target); console.log(ref.deref() === target, Object.prototype.toString.call(ref)); try { new WeakRef(5) } catch (e) { console.log(e.name) }
    const registry = new FinalizationRegistry(() => console.log('never')); registry.register(target, 1, target); console.log(Object.prototype.toString.call(registry)); try { registry.register(target, target) } catch (e) { console.log(e.name) }
    const values = [new Proxy({}, {}), new Map().entries(), new Set().values(), function* () {}, (function* () {})(), async () => {}, new WeakMap(), new WeakSet(), new DataView(new ArrayBuffer(1)), new Float64Array(1), Buffer.alloc(1), Object(1), Object('s'), Object(Symbol('x')), Object(1n), new RangeError('x'), /x/, new Date(), Promise.resolve(), (function () { return arguments })(), 1, 'a', null, undefined];
    for (const question of Object.keys(types).sort()) console.log(question, values.map((value) => (types[question](value) ? 1 : 0)).join(''));
    for (const question of ['isString', 'isNumber', 'isError', 'isPrimitive', 'isObject', 'isNullOrUndefined', 'isBuffer', 'isFunction']) if (typeof util[question] === 'function') console.log(question, values.map((value) => (util[question](value) ? 1 : 0)).join(''));
    console.log(util.toUSVString('a\\ud800'), util.formatWithOptions({ compact: true }, '%o', { a: 1 }), util._extend({ a: 1 }, { b: 2 }));
    const stop = new AbortController(); setTimeout(() => stop.abort('why'), 1); await util.aborted(stop.signal, {}); console.log('aborted');
    const { setTimeout: sleep } = process.getBuiltinModule('timers/promises'); await sleep(9, null, { signal: stop.signal }).catch((e) => console.log(e.name, e.code, e.cause));`,
  text: `
    import { StringDecoder } from 'node:string_decoder';
    const bytes = new TextEncoder().encode('a€😀é');
    console.log(bytes, bytes instanceof Uint8Array, new TextDecoder().decode(bytes));
    const d = new StringDecoder('utf8'); console.log([...bytes].map((x) => d.write(Buffer.from([x]))), d.end(Buffer.from([0xe2])));
    const s = new TextDecoder(); console.log(JSON.stringify([...bytes].map((x) => s.decode(new Uint8Array([x]), { stream: true })).join('|')));
    console.log(new TextDecoder('latin1').encoding, new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 65])).length);
    try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])) } catch (e) { console.log(e.name) }
    console.log(new TextEncoder().encodeInto('a€', new Uint8Array(3)));`,
  events: `
    import EventEmitter, { once, on, EventEmitter as Named } from 'node:events';
    class Mine extends EventEmitter { constructor() { super(); this.own = 1; } }
    const e = new Mine();
    console.log(Named === EventEmitter, EventEmitter.EventEmitter === EventEmitter, e instanceof EventEmitter);
    e.on('x', function (...args) { console.log('on', args, this === e) });
    e.prependListener('x', () => console.log('first'));
    e.once('x', () => console.log('once'));
    const gone = () => console.log('gone'); e.on('x', gone); e.off('x', gone);
    console.log(e.emit('x', 1, 2), e.emit('x'), e.emit('y'), e.listenerCount('x'), e.eventNames());
    e.on('z', () => { e.removeAllListeners('z') }).on('z', () => console.log('still')); e.emit('z'); e.emit('z');
    try { e.emit('error', new RangeError('bad')) } catch (error) { console.log(error.name) }
    setTimeout(() => e.emit('later', 5), 1); console.log(await once(e, 'later'));
    setTimeout(() => { e.emit('n', 1); e.emit('n', 2) }, 1);
    for await (const [n] of on(e, 'n')) { console.log(n); if (n === 2) break; }
    setTimeout(() => e.emit('error', new Error('no')), 1); await once(e, 'never').catch((error) => console.log(error.message));`,
  'adding and removing listeners': `
    import { EventEmitter } from 'node:events';
    const e = new EventEmitter(); const f = () => console.log('f'), g = () => console.log('g'), h = () => console.log('h'); const names = { f, g, h };
    const nameOf = (l) => Object.keys(names).find((name) => names[name] === l) ?? 'other'; e.on('removeListener', (n, l) => console.log('removed', String(n), nameOf(l)));
    e.on('a', f).on('a', g).once('a', h).on('a', f); console.log(e.listenerCount('a'), e.listenerCount('a', f), e.rawListeners('a').map(nameOf).join(), e.listeners('a').map(nameOf).join());
    e.off('a', f); console.log(e.listeners('a').map(nameOf).join()); e.off('a', h).off('a', () => {}); console.log(e.emit('a'), e.removeAllListeners('a').eventNames().join());
    e.once('b', f).prependOnceListener('b', g).prependListener('b', h); e.emit('b'); e.emit('b'); e.on('c', f).on('c', g); e.removeAllListeners(); console.log(e.eventNames().length, e.listenerCount('c'));
    e.on('d', function first() { console.log('first', this === e); e.off('d', g); e.on('d', h) }).on('d', g); e.emit('d'); e.emit('d'); const raw = (e.once('x', f), e.rawListeners('x')[0]); raw(); raw(); console.log(raw.listener === f, e.listenerCount('x'));
    class Mine extends EventEmitter {} const m = new Mine(); console.log(m.on.name, m.off.name, m.addListener === m.on, m.removeListener === m.off, Object.keys(EventEmitter.prototype).sort().join(), EventEmitter.name, EventEmitter.length, m.constructor === Mine);
    for (const wrong of [-1, NaN, 'x', undefined]) for (const set of [() => { EventEmitter.defaultMaxListeners = wrong }, () => m.setMaxListeners(wrong)]) try { set(); console.log('taken') } catch (error) { console.log(error.name, error.code, error.message) }
    function Old() { EventEmitter.call(this) } Object.setPrototypeOf(Old.prototype, EventEmitter.prototype); const o = new Old(), s = Symbol('s'); o.on('z', f).on(s, g); console.log(o.emit('z'), o.emit(s), o.emit('none'), o.eventNames(), o.getMaxListeners());
    o.removeAllListeners(undefined); console.log(o.eventNames().length); o.on('z', g); o.removeAllListeners('z'); o.off(s, g); console.log(o.eventNames(), o.listeners('z'), o.rawListeners(s)); try { o.off('z', 5) } catch (error) { console.log(error.name, error.code) }`,
  'more of events': `
    import events, { EventEmitter, once, on, getEventListeners, errorMonitor, captureRejectionSymbol } from 'node:events'; import util from 'node:util';
    function Old() { EventEmitter.call(this); } util.inherits(Old, EventEmitter); const old = new Old();
    old.on('x', (n) => console.log('old', n)); console.log(old.emit('x', 1), old instanceof EventEmitter, Old.super_ === EventEmitter, EventEmitter.name, old.constructor === Old);
    const e = new EventEmitter(); const f = () => {}; e.once('a', f); e.on('a', f); console.log(e.rawListeners('a').length, e.listeners('a')[0] === f, e.listenerCount('a', f), getEventListeners(e, 'a').length, EventEmitter.listenerCount(e, 'a'));
    e.on(errorMonitor, (error) => console.log('seen', error.message)); try { e.emit('error', new Error('m')) } catch (error) { console.log('thrown', error.message) }
    for (const bad of [undefined, 'text', { a: 1 }]) try { new EventEmitter().emit('error', bad) } catch (error) { console.log(error.code, error.message) }
    try { e.on('x', 5) } catch (error) { console.log(error.name) }
    const c = new EventEmitter({ captureRejections: true }); c.on('x', async () => { throw new Error('late') }); c.on('error', (error) => console.log('caught', error.message)); c.emit('x'); await null;
    const own = new EventEmitter({ captureRejections: true }); own[captureRejectionSymbol] = (error, name, arg) => console.log('own', error.message, name, arg); own.on('y', async () => { throw new Error('later') }); own.emit('y', 7); await null;
    const stop = new AbortController(); setTimeout(() => stop.abort(), 1); await once(e, 'never', { signal: stop.signal }).catch((error) => console.log(error.name, error.code)); console.log(e.listenerCount('never'));
    const target = new EventTarget(); setTimeout(() => target.dispatchEvent(new Event('go')), 1); console.log((await once(target, 'go'))[0].type, getEventListeners(target, 'go').length);
    setTimeout(() => { e.emit('n', 1); e.emit('end') }, 1); for await (const [n] of on(e, 'n', { close: ['end'] })) console.log('n', n);
    e.removeAllListeners(errorMonitor); e.on('newListener', (name) => console.log('new', name)).on('removeListener', (name) => console.log('gone', name)); e.on('q', f).off('q', f); e.removeAllListeners(); console.log(e.eventNames(), events.usingDomains, e.getMaxListeners(), events.defaultMaxListeners);`,
  stream: `
    import stream, { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished, addAbortSignal } from 'node:stream'; import { pipeline as piped, finished as done } from 'node:stream/promises'; import { EventEmitter } from 'node:events'; import { promisify } from 'node:util';
    console.log(stream.Stream === stream, new Readable() instanceof EventEmitter, new Duplex() instanceof Writable, typeof stream.promises.pipeline, process.stdout instanceof Writable, process.stdin instanceof Readable);
    const upper = () => new Transform({ transform(chunk, _, next) { next(null, String(chunk).toUpperCase()) } });
    await piped(Readable.from(['a', 'b\\n']), upper(), new Writable({ write(chunk, encoding, next) { console.log(Buffer.isBuffer(chunk), encoding, String(chunk)); next() } }));
    pipeline(Readable.from(['x']), new Transform({ transform(c, e, next) { next(new Error('broken')) } }), new PassThrough(), (error) => console.log(error.message));
    const slow = new Writable({ highWaterMark: 3, write(chunk, _, next) { setTimeout(next, 2) } }); console.log(slow.write('ab'), slow.write('cd'), slow.writableLength); slow.once('drain', () => console.log('drained'));
    slow.end(() => console.log('ended', slow.writableFinished)); await done(slow); try { slow.write('x') } catch (e) { console.log('no') } slow.on('error', (e) => console.log(e.code));
    const r = new Readable({ read() {} }); r.setEncoding('utf8'); for (const b of Buffer.from('é€')) r.push(Buffer.from([b])); r.push(null); for await (const text of r) console.log(text);
    console.log(await Readable.from([1, 2, 3, 4]).filter((n) => n % 2 === 0).map(async (n) => n * 2).toArray(), await Readable.from([1, 2]).reduce((a, b) => a + b, 0));
    const stop = new AbortController(); const held = addAbortSignal(stop.signal, new Readable({ read() {} })); held.on('error', (e) => console.log(e.name)); stop.abort(); await promisify(finished)(held).catch((e) => console.log(e.code));
    const d = Duplex.from(async function* (source) { for await (const c of source) yield '<' + c + '>' }); d.end('in'); console.log(String(await d.toArray()));
    class Mine extends Transform { constructor() { super({ objectMode: true }) } _transform(x, _, next) { this.push({ x }); next() } _flush(next) { this.push('last'); next() } }
    const m = new Mine(); m.on('data', (x) => console.log(x)).on('end', () => console.log('end')).on('close', () => console.log('close')); m.write(1); m.end(2);`,
  'async_hooks and diagnostics_channel': `
    import { AsyncLocalStorage, AsyncResource, executionAsyncId } from 'node:async_hooks'; import { EventEmitterAsyncResource } from 'node:events'; import { setTimeout as sleep } from 'node:timers/promises'; import channels from 'node:diagnostics_channel';
    const store = new AsyncLocalStorage(); const other = new AsyncLocalStorage(); const seen = (where) => console.log(where, store.getStore(), other.getStore());
    seen('outside'); let bound, resource, snapshot, emitter;
    await store.run('A', async () => {
      seen('inside'); await null; seen('after await'); await sleep(1); seen('after sleep'); setImmediate(() => { seen('immediate'); setTimeout(seen, 1, 'timer') }); process.nextTick(seen, 'tick'); queueMicrotask(() => seen('microtask'));
      Promise.reject(new Error('x')).catch(() => seen('catch')).finally(() => seen('finally')); for await (const n of (async function* () { yield 1; await null; yield 2 })()) seen('loop ' + n);
      await other.run('B', () => Promise.resolve().then(() => seen('both'))); other.enterWith('C'); seen('entered'); await null; seen('still');
      bound = AsyncLocalStorage.bind(() => seen('bound')); snapshot = AsyncLocalStorage.snapshot(); resource = new AsyncResource('mine'); emitter = new EventEmitterAsyncResource({ name: 'mine' }); emitter.on('x', () => seen('emitter')); store.exit(() => seen('exited')); await sleep(200);
    });
    seen('over'); bound(); snapshot(seen, 'snapshot'); resource.runInAsyncScope(seen, null, 'resource'); emitter.emit('x'); console.log(typeof executionAsyncId(), typeof resource.asyncId());
    await Promise.all(['p', 'q'].map((name, i) => store.run(name, async () => { await sleep(40 - 20 * i); seen(name) })));
    store.enterWith('top'); setTimeout(() => seen('of top'), 1); await sleep(2); store.disable(); seen('disabled');
    const channel = channels.channel('c'); const on = (message, name) => console.log(message, name); console.log(channel.hasSubscribers, channels.channel('c') === channel); channel.subscribe(on); channel.publish({ a: 1 }); console.log(channel.unsubscribe(on), channel.hasSubscribers);
    const trace = channels.tracingChannel('t'); trace.subscribe({ start: (c) => console.log('start', c), end: (c) => console.log('end', Object.keys(c).join()), asyncEnd: (c) => console.log('asyncEnd', c.result), error: (c) => console.log('error', c.error.message) });
    console.log(trace.traceSync((x) => x + 1, { id: 1 }, null, 4), await trace.tracePromise(async () => 'done', { id: 2 })); try { trace.traceSync(() => { throw new Error('bad') }) } catch (error) { console.log(error.message) }`,
  util: `
    import util, { promisify, inspect, format, isDeepStrictEqual, parseArgs, types } from 'node:util';
    console.log(inspect({ a: [1, { b: new Map([[1, new Set([2])]]) }], c: 5n, d: new Date(0), e: /x/g, f() {} }, { depth: 5 }));
    console.log(format('%s %d %j %o %%', 'a', 5, { x: 1 }, [1]), format(1, 'a'), [undefined, null, Symbol('s'), -0], new Error('e').message);
    class Shape { constructor() { this.side = 1 } } console.log(new Shape(), [new Shape()], Object.create(null), new Uint8Array(2), { p: Promise.resolve(4) });
    console.log(isDeepStrictEqual({ a: [1, 2] }, { a: [1, 2] }), isDeepStrictEqual([1], ['1']), isDeepStrictEqual(new Map([[1, 2]]), new Map([[1, 2]])));
    console.log(await promisify((x, done) => done(null, x + 1))(4), await promisify(setTimeout)(1, 'v'));
    const { values, positionals } = parseArgs({ args: ['--fast', '-n', '3', 'file'], options: { fast: { type: 'boolean' }, num: { type: 'string', short: 'n' } }, allowPositionals: true });
    console.log({ ...values }, positionals, types.isPromise(Promise.resolve()), types.isDate(new Date()), util.inspect.custom.toString());
    console.log({ [util.inspect.custom]() { return 'custom!' } }, util.stripVTControlCharacters('\\u001b[31mred\\u001b[0m'));`,
  assert: `
    import assert from 'node:assert'; import strict, { deepEqual, AssertionError } from 'node:assert/strict';
    const tries = { ok: () => assert(0), eq: () => assert.equal(1, 2), loose: () => assert.equal(1, '1'), strict: () => strict.equal(1, '1'), same: () => assert.strictEqual(NaN, NaN),
      deep: () => assert.deepEqual({ a: 1 }, { a: '1' }), deepStrict: () => deepEqual({ a: 1 }, { a: '1' }), throws: () => assert.throws(() => { throw new TypeError('t') }, TypeError),
      pattern: () => assert.throws(() => { throw new Error('abc') }, /b/), wrong: () => assert.throws(() => { throw new Error('abc') }, RangeError), none: () => assert.throws(() => {}), object: () => assert.throws(() => { throw new Error('abc') }, { message: 'abc' }),
      match: () => assert.match('abc', /z/), fail: () => assert.fail('given'), own: () => assert.ok(false, new RangeError('mine')), notEqual: () => assert.notDeepStrictEqual([1], [1]), if: () => assert.ifError(null) };
    for (const [name, run] of Object.entries(tries)) { try { run(); console.log(name, 'holds') } catch (e) { console.log(name, e.name, e instanceof AssertionError, e.code) } }
    await assert.rejects(Promise.reject(new Error('r')), /r/); await assert.rejects(async () => {}).catch((e) => console.log(e.message));`,
  'path, url and os': `
    import path, { join } from 'node:path'; import { fileURLToPath, pathToFileURL, URL as U } from 'node:url'; import os, { EOL } from 'node:os';
    console.log(join('a', '../b', 'c.txt'), path.dirname('/x/y.z'), path.basename('/x/y.z', '.z'), path.extname('q.tar.gz'), path.resolve('/a', 'b', '../c'), path.normalize('/a//b/./c/'), path.isAbsolute('a'), path.sep, path.posix.join('m', 'n'), path.relative('/a/b', '/a/c'));
    console.log(fileURLToPath('file:///a/b%20c'), pathToFileURL('/a b').href, new URL('http://h:1/p?q=1#f').searchParams.get('q'), U === URL, new URLSearchParams({ a: '1' }).toString());
    console.log(JSON.stringify(EOL), typeof os.hostname(), os.platform(), os.cpus().length > 0);`,
  timers: `
    import { setTimeout as sleep, setInterval as every, setImmediate as soon, scheduler } from 'node:timers/promises'; import timers from 'node:timers';
    console.log(await sleep(5, 'slept'), await soon('soon'), await scheduler.wait(1), timers.setTimeout === setTimeout);
    let n = 0; for await (const v of every(2, 'beat')) { console.log(v); if (++n === 3) break; }
    const stop = new AbortController(); setTimeout(() => stop.abort(), 2);
    await sleep(1000, null, { signal: stop.signal }).catch((e) => console.log(e.name, stop.signal.aborted));
    const t = setTimeout(() => console.log('refreshed'), 20); console.log(t.hasRef(), t.unref().hasRef(), t.ref().hasRef(), typeof +t, t.refresh() === t);
    clearTimeout(setTimeout(() => console.log('no'), 1)); clearTimeout(undefined); clearTimeout(999999); const i = setImmediate(() => console.log('no')); clearImmediate(i);
    setTimeout((...args) => console.log(args), 1, 'a', 'b'); setTimeout(() => console.log('long'), 2 ** 40);
    const byId = setTimeout(() => console.log('no'), 1); clearTimeout(+byId);
    try { setTimeout('code', 1) } catch (e) { console.log(e.name) }`,
  'abort and events of the web': `
    const c = new AbortController(); c.signal.addEventListener('abort', (e) => console.log(e.type, e.target === c.signal), { once: true }); c.signal.onabort = () => console.log('onabort');
    c.abort(); c.abort(); try { c.signal.throwIfAborted() } catch (e) { console.log(e.name, e instanceof Error, e.code, e instanceof DOMException) }
    console.log(AbortSignal.abort('why').reason, AbortSignal.any([c.signal, new AbortController().signal]).aborted);
    const t = new EventTarget(); const l = (e) => { console.log(e.type); e.preventDefault() }; t.addEventListener('x', l); t.addEventListener('x', l); t.addEventListener('x', { handleEvent() { console.log('object') } });
    console.log(t.dispatchEvent(new Event('x', { cancelable: true }))); t.removeEventListener('x', l); console.log(t.dispatchEvent(new Event('x')));
    const s = AbortSignal.timeout(5); s.addEventListener('abort', () => console.log(s.reason.name)); setTimeout(() => {}, 10);`,
  structuredClone: `
    const v = { d: new Date(5), m: new Map([[{ k: 1 }, new Set([1])]]), r: /a/gi, b: new Uint8Array([1, 2]), n: [1, , 3], e: new TypeError('t'), u: undefined, big: 9n, ['__proto__x']: 1 }; v.self = v;
    const c = structuredClone(v); console.log(c.self === c, c !== v, c.d, c.m, c.r, c.b, c.n, c.e instanceof TypeError, c.e.message, 'u' in c, c.big);
    for (const bad of [() => {}, { f() {} }, Symbol('s')]) { try { structuredClone(bad) } catch (e) { console.log(e.name, e.code) } }
    class P { x = 1 } console.log(structuredClone(new P()).constructor === Object, structuredClone(JSON.parse('{"__proto__": 5}')));`,
  url: `
    const u = new URL('http://me:pw@a.b:8080/c/d?x=1&y=%20#z'); console.log(u, [u], String(u), JSON.stringify({ u }), Object.prototype.toString.call(u));
    u.searchParams.append('k', 'a b&'); u.searchParams.delete('x'); console.log(u.href, u.search); u.search = '?q=1&q=2'; console.log(u.searchParams.getAll('q'), u.searchParams.size);
    u.port = '99'; u.protocol = 'https'; u.pathname = '/ä b'; u.hash = 'h'; u.hostname = 'x.y'; u.username = 'q'; console.log(u.href, u.origin, u.host); u.href = 'ftp://z'; console.log(u.href);
    try { new URL('no') } catch (e) { console.log(e.name, e.code, e.message, e.input) } console.log(URL.canParse('no'), URL.canParse('no', 'http://a'), new URL('../c', 'http://a/b/d/').href);
    const q = new URLSearchParams([['b', 2], ['a', 1], ['b', 3]]); q.sort(); q.set('b', 5); console.log(q, q.toString(), [...q], [...q.keys()].join(), q.has('a', '1'), q.has('a', '2'), new URLSearchParams({ a: 1 }) + '', new URLSearchParams('?a=%zz+b').get('a'));
    q.forEach((value, name) => console.log(name, value)); try { new URLSearchParams([[1]]) } catch (e) { console.log(e.name, e.code) } console.log(new URLSearchParams(), new URLSearchParams(q).get('nope'));`,
  crypto: `
    import crypto, { createHash, createHmac, randomUUID, randomBytes, randomInt, timingSafeEqual, webcrypto } from 'node:crypto';
    console.log(createHash('sha256').update('a').update(Buffer.from('b')).digest('hex'), createHash('md5').update('x').digest('base64'), createHmac('sha1', 'key').update('data').digest('hex'), createHash('sha1').digest().length);
    console.log(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(randomUUID()), randomBytes(5).length, randomUUID() === randomUUID(), typeof globalThis.crypto.getRandomValues);
    const ints = Array.from({ length: 200 }, () => randomInt(3, 6)); console.log([...new Set(ints)].sort(), crypto.getRandomValues(new Uint32Array(4)).length, timingSafeEqual(Buffer.from('a'), Buffer.from('a')));
    randomInt(5, (error, n) => console.log(error ?? null, n < 5)); try { createHash('nope') } catch (e) { console.log('refused') } try { randomInt(5, 5) } catch (e) { console.log(e.name) }
    console.log(typeof webcrypto.randomUUID());`,
  process: `
    import process, { argv, stdout, nextTick } from 'node:process'; import { performance } from 'node:perf_hooks';
    console.log(process === globalThis.process, argv.length > 0, process.argv[0] !== '', typeof process.pid, process.platform, typeof process.uptime(), process.hrtime().length, typeof process.hrtime.bigint(), process.exitCode);
    console.log(typeof process.memoryUsage().heapUsed, typeof process.memoryUsage.rss(), process.stdout.isTTY ?? false, typeof process.cwd(), process.version.startsWith('v2'), typeof performance.now(), process.env.NOT_SET);
    stdout.write('written', () => console.log('callback')); stdout.write('\\n'); nextTick(console.log, 'tick'); process.on('exit', (code) => console.log('exit', code, process.exitCode)); process.exitCode = 2;
    console.log(typeof performance.timeOrigin, global === globalThis, 'x' in process.env);`,
  console: `
    console.log(); console.log('a', 1, { b: [1, 2] }, 'c'); console.log('%s is %i', 'x', 4.5); console.info('info'); console.debug('debug');
    console.group('G'); console.log('in\\nside'); console.group(); console.log('deeper'); console.groupEnd(); console.groupEnd(); console.log('out');
    console.count(); console.count('c'); console.count(); console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 }); console.assert(true, 'no'); console.error('not on stdout'); console.warn('nor this');`,
  'more of path': `
    import path, { parse, format } from 'node:path';
    for (const text of ['/a/b.c', 'b.c', './b', '/', '', 'a/', '/x/.y', 'a/b/']) console.log(JSON.stringify(parse(text)), path.format(parse(text)));
    console.log([{ dir: '/a', base: 'b' }, { root: '/', name: 'x', ext: '.y' }, { root: '/', dir: '/', base: 'z' }, { name: 'x', ext: 'y' }, {}].map((parts) => format(parts)).join(), path.toNamespacedPath('a'));`,
  'Buffer as a function': `
    console.log(Buffer('hi').toString(), new Buffer(3).length, new Buffer('6869', 'hex').toString(), Buffer(2).constructor === Buffer, Buffer.name);
    console.log(Buffer.from('abc').subarray(1) instanceof Buffer, Buffer.from('abc').slice(1).constructor.name, Buffer.prototype.constructor === Buffer);
    const names = []; for (const name in Buffer) if (name !== 'stringLength') names.push(name); console.log(names.sort().join());
    class Own extends Buffer {} console.log(typeof Own, Object.getPrototypeOf(Buffer) === Uint8Array);
    try { Buffer(5, 'hex') } catch (e) { console.log(e.name) }`,
  Console: `
    import { Console } from 'node:console'; import { Writable } from 'node:stream';
    const lines = []; const sink = () => new Writable({ write(chunk, encoding, done) { lines.push(String(chunk)); done() } });
    const c = new Console(sink()); c.group('g'); c.log('a', 1); c.groupEnd(); c.error('e'); c.count(); c.count();
    console.Console({ stdout: sink(), stderr: sink() }).info('i'); try { new Console({}) } catch (e) { console.log(e.code) }
    class Loud extends Console { warn(x) { this.log('W' + x) } } const loud = new Loud(sink()); loud.warn('q');
    setTimeout(() => console.log(JSON.stringify(lines), loud instanceof Console), 1);`,
  CustomEvent: `
    const event = new CustomEvent('x', { detail: { a: 1 } }); const target = new EventTarget(); let seen = '';
    target.addEventListener('x', (e) => { seen += e.detail.a; e.stopImmediatePropagation() }); target.addEventListener('x', () => { seen += 'no' });
    target.dispatchEvent(event); console.log(seen, event instanceof Event, new CustomEvent('y').detail);`,
  WebAssembly: `
    const adds = new Uint8Array([0,97,115,109,1,0,0,0,1,7,1,96,2,127,127,1,127,3,2,1,0,7,7,1,3,97,100,100,0,0,10,9,1,7,0,32,0,32,1,106,11]);
    const { instance, module } = await WebAssembly.instantiate(adds); const again = await WebAssembly.instantiate(await WebAssembly.compile(adds)); const memory = new WebAssembly.Memory({ initial: 1 });
    console.log(instance.exports.add(2, 3), again.exports.add(4, 5), WebAssembly.validate(adds), module instanceof WebAssembly.Module, memory instanceof WebAssembly.Memory, memory.buffer.byteLength, WebAssembly.Memory.name);
    await WebAssembly.compile(new Uint8Array([1, 2])).catch((e) => console.log(e.name, e instanceof WebAssembly.CompileError));`,
  'files and folders': `
    import fs, { constants, promises as fsp } from 'node:fs'; import { tmpdir } from 'node:os'; import { basename, join, relative } from 'node:path';
    const folder = process.env.MAELSTROM_DATA_DIR ?? fs.mkdtempSync(join(tmpdir(), 'maelstrom-same-')); const at = (name) => join(folder, name);
    if (process.env.MAELSTROM_DATA_DIR === undefined) process.on('exit', () => fs.rmSync(folder, { recursive: true }));
    const tried = (name, act) => { try { console.log(name, act()) } catch (e) { console.log(name, e.code ?? e.name) } };
    const opened = (name, flags, act) => { const fd = fs.openSync(at(name), flags); try { return act(fd) } finally { fs.closeSync(fd) } };
    fs.mkdirSync(at('d/e'), { recursive: true }); fs.writeFileSync(at('d/e/f'), 'hello'); fs.writeFileSync(at('d/g'), 'x');
    tried('recursive', () => fs.readdirSync(at('d'), { recursive: true }).sort().join());
    tried('entries', () => fs.readdirSync(at('d'), { withFileTypes: true }).map((e) => e.name + e.isFile() + e.isDirectory() + e.isFIFO() + relative(folder, e.parentPath) + (e instanceof fs.Dirent)).sort().join());
    tried('entries below', () => fs.readdirSync(at('d'), { withFileTypes: true, recursive: true }).map((e) => e.name + e.isFile() + relative(folder, e.parentPath)).sort().join());
    tried('names in bytes', () => fs.readdirSync(at('d'), 'buffer').map((name) => Buffer.isBuffer(name) + String(name)).sort().join());
    tried('flags as a number', () => opened('n', constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, (fd) => { fs.writeSync(fd, 'abc'); const b = Buffer.alloc(3); fs.readSync(fd, b, 0, 3, 0); return String(b) }));
    for (const flags of [constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 'wx', 'q', 'rx+']) tried(flags, () => opened('n', flags, () => 'open'));
    for (const flags of ['xw', 'as', 'w+', 'ax+']) tried(flags, () => opened('o' + flags, flags, (fd) => fs.writeSync(fd, '1') + fs.readFileSync(at('o' + flags), 'utf8')));
    tried('read what is written only', () => opened('n', 'a', (fd) => fs.readSync(fd, Buffer.alloc(1))));
    tried('write what is read only', () => opened('n', 'r', (fd) => fs.writeSync(fd, 'x')));
    tried('shorten what is read only', () => opened('n', 'r', (fd) => fs.ftruncateSync(fd, 1)));
    tried('a folder', () => opened('d', 'r', (fd) => { fs.fsyncSync(fd); return fs.fstatSync(fd).isDirectory() }));
    tried('a folder to write', () => opened('d', 'w', () => 'open')); tried('a folder as a file', () => fs.readFileSync(at('d')));
    tried('a file as a folder', () => opened('n', constants.O_DIRECTORY, () => 'open'));
    tried('copy', () => { fs.copyFileSync(at('n'), at('n2')); return fs.readFileSync(at('n2'), 'utf8') }); tried('copy to what is there', () => fs.copyFileSync(at('n'), at('n2'), constants.COPYFILE_EXCL));
    tried('stat', () => { const s = fs.statSync(at('n')); return [s.size, s.isFile(), s.isSocket(), (s.mode & constants.S_IFMT) === constants.S_IFREG, typeof s.mtimeMs, s.mtime instanceof Date, s instanceof fs.Stats, Object.keys(s)].join() });
    tried('bigint', () => { const s = fs.statSync(at('n'), { bigint: true }); return typeof s.size + typeof s.mtimeNs + typeof s.mtimeMs });
    tried('times', () => { fs.utimesSync(at('n'), 1, 1700000000); const one = fs.statSync(at('n')).mtimeMs; fs.utimesSync(at('n'), 1, new Date(1600000000000)); return one + fs.statSync(at('n')).mtime.toISOString() });
    tried('access', () => fs.accessSync(at('n'), constants.R_OK | constants.W_OK)); tried('no access', () => fs.accessSync(at('zz'), fs.F_OK)); tried('chmod', () => fs.chmodSync(at('n'), 0o644)); tried('chown of nothing', () => fs.chownSync(at('zz'), 1, 1));
    tried('realpath', () => basename(fs.realpathSync(at('d/../n'))) + basename(fs.realpathSync.native(at('n')))); tried('mkdtemp', () => basename(fs.mkdtempSync(at('t-'))).length);
    tried('several', () => opened('v', 'w+', (fd) => { const count = fs.writevSync(fd, [Buffer.from('ab'), Buffer.from('cd')]); const parts = [Buffer.alloc(1), Buffer.alloc(3)]; return count + fs.readvSync(fd, parts, 0) + parts.join() }));
    const h = await fsp.open(at('h'), 'w+'); await h.write('hello'); const some = await h.read({ buffer: Buffer.alloc(3), position: 1 }); const all = await h.read(Buffer.alloc(9), 0, 9, 0);
    await h.sync(); console.log(some.bytesRead, String(some.buffer), all.bytesRead, (await h.stat()).size, (await h.writev([Buffer.from('!')], 5)).bytesWritten, (await h.read()).bytesRead); await h.close();
    await fsp.access(at('h'), fsp.constants.R_OK); await fsp.copyFile(at('h'), at('h2')); await fsp.utimes(at('h2'), 5, 5); console.log((await fsp.stat(at('h2'))).mtimeMs, (await fsp.readdir(at('d'), { withFileTypes: true })).length);
    fs.readdir(at('d'), { withFileTypes: true }, (error, entries) => fs.exists(at('h'), (isThere) => fs.realpath(at('h'), (error2, real) => console.log(error, entries.length, isThere, error2, basename(real)))));`,
};

describe.each(Object.entries(PROGRAMS))('%s', (_name, source) => {
  it('behaves in the simulation as in Node', async () => {
    // The code that a program ends with is no matter here.
    const inNode = execNode(source);
    const { lines, stderr } = await runSource({ source, file: 'program.mjs', untilMs: 5000 });
    expect(
      stderr.filter((line) => !/stdout|nor this|Overflow|Timeout duration|MaxListeners/.test(line)),
    ).toEqual([]);
    expect(comparable(lines.join('\n'))).toBe(comparable(inNode));
  });
});

/**
 * Lines that a later Node writes otherwise: an error reworded or renamed, a function added to `util.types` or removed from
 * `util`, the names of a Stats object's fields, the chunks of a stream. The simulation follows Node 20.
 */
const OF_NODE_20 =
  /^(?:Writable\.toWeb err|fromWeb \[|cs bad|ds bad|start |stat |InvalidAccess|is(?:Float16Array|String|Number|Error|Primitive|Object|NullOrUndefined|Buffer|Function) )/;

function comparable(output: string): string {
  if (process.versions.node.startsWith('20.')) return output;
  return output
    .split('\n')
    .filter((line) => !OF_NODE_20.test(line))
    .join('\n');
}

function execNode(source: string): string {
  const args = ['--input-type=module', '--no-warnings', '-e', source];
  try {
    return execFileSync(process.execPath, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trimEnd();
  } catch (error) {
    // A program that sets another exit code than 0; its output is in the error.
    if (error instanceof Error && 'stdout' in error) return String(error.stdout).trimEnd();
    throw error;
  }
}
