/** The ways in which programs read stdin and write stdout, and what a simulated node has instead of files. */
import { describe, expect, it } from 'vitest';
import { runSource } from '../../../test/support/run-source.ts';

const ANSWER = `const answer = (line) => { if (line) console.log('got ' + JSON.parse(line).body.n); };`;

const READERS: Readonly<Record<string, string>> = {
  'readline lines': `
    import { createInterface } from 'node:readline';
    createInterface({ input: process.stdin, terminal: false }).on('line', answer);`,
  'readline, awaited': `
    import * as readline from 'readline';
    const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });
    for await (const line of lines) answer(line);`,
  'readline/promises': `
    import readline from 'node:readline/promises';
    for await (const line of readline.createInterface({ input: process.stdin })) answer(line);`,
  'readline questions': `
    import { createInterface } from 'node:readline/promises';
    const lines = createInterface({ input: process.stdin });
    for (let i = 0; i < 3; i++) answer(await lines.question(''));`,
  'data as text': `process.stdin.setEncoding('utf8'); process.stdin.on('data', (text) => text.split('\\n').forEach(answer));`,
  'data as bytes': `process.stdin.on('data', (bytes) => bytes.toString('utf8').split('\\n').forEach(answer));`,
  'readable and read': `
    process.stdin.on('readable', () => {
      for (let chunk; (chunk = process.stdin.read()) !== null; ) String(chunk).split('\\n').forEach(answer);
    });`,
  'the stream, awaited': `for await (const chunk of process.stdin) String(chunk).split('\\n').forEach(answer);`,
  'events.once': `
    import { once } from 'node:events';
    for (let i = 0; i < 3; i++) { const [chunk] = await once(process.stdin, 'data'); String(chunk).split('\\n').forEach(answer); }`,
  'a pipe': `
    import { Writable } from 'node:stream';
    process.stdin.pipe(new Writable({ write(chunk, _encoding, done) { String(chunk).split('\\n').forEach(answer); done(); } }));`,
  'a pipe through a Transform to stdout': `
    import { Transform } from 'stream';
    process.stdin.pipe(new Transform({ transform: (chunk, _encoding, done) => done(null, 'got ' + JSON.parse(chunk).body.n + '\\n') })).pipe(process.stdout);`,
  'a pipeline of generators': `
    import { pipeline } from 'node:stream/promises';
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 500);
    await pipeline(process.stdin, async function* (chunks) {
      for await (const chunk of chunks) yield 'got ' + JSON.parse(chunk).body.n + '\\n';
    }, process.stdout);`,
  'helpers of streams': `
    await process.stdin.map((chunk) => String(chunk).trim()).forEach(answer);`,
  'a stream of fs on its number': `
    import fs from 'node:fs';
    fs.createReadStream(null, { fd: 0, encoding: 'utf8' }).on('data', (text) => text.split('\\n').forEach(answer));`,
  'a stream of fs on its path': `
    import fs from 'node:fs'; import { createInterface } from 'node:readline';
    createInterface({ input: fs.createReadStream('/dev/stdin', { highWaterMark: 5 }) }).on('line', answer);`,
  'lines of a handle': `
    import { open } from 'node:fs/promises';
    for await (const line of (await open('/proc/self/fd/0')).readLines()) answer(line);`,
  'fs.read with a callback': `
    import fs from 'node:fs';
    const bytes = Buffer.alloc(7); let text = '';
    const more = () => fs.read(0, bytes, 2, 5, null, (error, count) => {
      text += bytes.toString('latin1', 2, 2 + count);
      const lines = text.split('\\n'); text = lines.pop();
      lines.forEach((line) => answer(Buffer.from(line, 'latin1').toString()));
      if (error === null && count > 0) more();
    });
    more();`,
  'reads of a handle': `
    import { open } from 'node:fs/promises';
    const handle = await open('/dev/fd/0'); let text = '';
    for (let got; (got = await handle.read()).bytesRead > 0; ) {
      const lines = (text + got.buffer.toString('utf8', 0, got.bytesRead)).split('\\n'); text = lines.pop();
      lines.forEach(answer);
    }`,
  'readline over a pipe': `
    import { createInterface } from 'node:readline'; import { PassThrough } from 'node:stream';
    createInterface({ input: process.stdin.pipe(new PassThrough()) }).on('line', answer);`,
  'readline that is at work when stdin becomes a stream': `
    import { createInterface } from 'node:readline';
    createInterface({ input: process.stdin }).on('line', answer);
    if (process.stdin.readableLength !== 0) throw new Error('not a stream');`,
  'a start that comes late': `
    import { createInterface } from 'node:readline';
    await new Promise((resolve) => setTimeout(resolve, 50));
    createInterface({ input: process.stdin }).on('line', answer);`,
  CommonJS: `
    const readline = require('readline');
    if (require.main === module) readline.createInterface({ input: process.stdin }).on('line', answer);`,
};

describe('stdin', () => {
  it.each(Object.entries(READERS))('can be read by %s', async (_name, source) => {
    const { lines, stderr } = await runSource({
      source: ANSWER + source,
      file: source.includes('require(') ? 'program' : 'program.mjs',
      ...(source.includes('require(') ? { source: `#!/usr/bin/env node\n${ANSWER}${source}` } : {}),
      bodies: [{ n: 1 }, { n: 2 }, { n: 'é€😀' }],
    });
    expect(stderr).toEqual([]);
    expect(lines).toEqual(['got 1', 'got 2', 'got é€😀']);
  });

  it('waits outside while it is paused', async () => {
    const { lines } = await runSource({
      source: `
        setInterval(() => {}, 1000);
        process.stdin.setEncoding('utf8').on('data', (text) => {
          console.log(Date.now() % 1000 < 100 ? 'early' : 'late', JSON.parse(text).body.n);
          process.stdin.pause();
          setTimeout(() => process.stdin.resume(), 200);
        });`,
      bodies: [{ n: 1 }, { n: 2 }],
    });
    expect(lines).toEqual(['early 1', 'late 2']);
  });

  it('ends for a program that is asked to stop and keeps listening', async () => {
    const { stderr } = await runSource({
      source: `
        import { createInterface } from 'node:readline';
        process.on('SIGTERM', (name) => console.error(name));
        createInterface({ input: process.stdin }).on('line', () => {}).on('close', () => console.error('closed'));`,
      script: { 10: (nodes) => void nodes.get('n1')?.stop() },
    });
    expect(stderr).toEqual(['SIGTERM', 'closed']);
  });
});

describe('fs', () => {
  it('writes to stdout and stderr', async () => {
    const { lines, stderr } = await runSource({
      source: `
        import fs, { writeSync } from 'node:fs';
        console.log(writeSync(1, 'é\\n'));
        fs.writeFileSync('/dev/stdout', Buffer.from('b\\n'));
        fs.appendFileSync(1, 'c\\n'); fs.fsyncSync(1);
        fs.write(2, 'd\\n', (error, bytes) => console.log(error, bytes));
        console.log(fs.existsSync('/etc/passwd'));`,
    });
    expect(lines).toEqual(['é', '3', 'b', 'c', 'false', 'null 2']);
    expect(stderr).toEqual(['d']);
  });

  it('knows the standard streams by their numbers and their paths', async () => {
    const { lines, stderr } = await runSource({
      source: `
        import fs from 'node:fs'; import { once } from 'node:events';
        const out = fs.openSync('/dev/stdout', 'w'); fs.writeSync(out, Buffer.from('xaby'), 1, 2); fs.writeSync(1, '0a', null, 'hex'); fs.closeSync(out);
        const stream = fs.createWriteStream('', { fd: 1 }); stream.end('c\\n'); await once(stream, 'finish');
        fs.createWriteStream('/dev/fd/1').write('d\\n');
        const handle = await fs.promises.open('/proc/self/fd/1', 'a'); await handle.write('e\\n'); await handle.close();
        fs.writevSync(1, [Buffer.from('f'), Buffer.from('\\n')]);
        console.log(fs.fstatSync(0).isFIFO(), fs.statSync('/dev/stdout').isFile(), fs.existsSync('/dev/stdin'));
        try { fs.writeSync(7, 'x'); } catch (error) { console.log(error.code); }`,
      file: 'program.mjs',
    });
    expect(stderr).toEqual([]);
    expect(lines.toSorted()).toEqual(['EBADF', 'ab', 'c', 'd', 'e', 'f', 'true false true']);
  });

  it('has streams for the files of the disk', async () => {
    const { lines, stderr } = await runSource({
      source: `
        import fs from 'node:fs'; import { pipeline } from 'node:stream/promises'; import { createInterface } from 'node:readline'; import { once } from 'node:events';
        const at = (name) => process.env.MAELSTROM_DATA_DIR + '/' + name;
        const log = fs.createWriteStream(at('log'), { flags: 'a' }); log.write('é€\\n'); log.end('two\\nthree'); await once(log, 'finish');
        console.log(log.bytesWritten, log.path === at('log'), log instanceof fs.WriteStream);
        await pipeline(fs.createReadStream(at('log'), { highWaterMark: 2 }), fs.createWriteStream(at('copy')));
        for await (const line of createInterface({ input: fs.createReadStream(at('copy'), { highWaterMark: 1 }) })) console.log(line);
        console.log(String(await fs.createReadStream(at('copy'), { start: 6, end: 8 }).toArray()));
        const handle = await fs.promises.open(at('log'), 'r+'); handle.createWriteStream({ start: 6 }).end('TWO'); setTimeout(() => console.log(fs.readFileSync(at('log'), 'utf8')), 1);
        fs.createReadStream(at('none')).on('error', (error) => console.log(error.code)).on('close', () => console.log('closed'));`,
      file: 'program.mjs',
    });
    expect(stderr).toEqual([]);
    expect(lines.join()).toBe('15 true true,é€,two,three,two,ENOENT,closed,é€,TWO,three');
  });

  it.each([
    ['fs.readFileSync(0)', /would wait for stdin and stop the simulation/],
    [
      `fs.readFileSync('/etc/passwd')`,
      /fs.readFileSync\("\/etc\/passwd"\) is not available in the simulation/,
    ],
    [`fs.writeFileSync('/tmp/x', '')`, /fs.writeFileSync\("\/tmp\/x"\) is not available/],
    [`await fs.promises.readFile('a')`, /fs.readFileSync\("a"\) is not available/],
  ])('refuses %s and says why', async (call, message) => {
    const { stderr, exits } = await runSource({ source: `import fs from 'node:fs';\n${call}` });
    expect(stderr.join('\n')).toMatch(message);
    expect(exits).toMatchObject([{ code: 1 }]);
  });
});

describe('the outside world', () => {
  it('is not reachable: no shared memory, no environment, no import of unbundled files', async () => {
    const { lines } = await runSource({
      source: `
        console.log(['SharedArrayBuffer', 'Atomics', 'fetch', 'gc'].filter((name) => name in globalThis).join());
        try { new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }) } catch (error) { console.log(error.message) }
        console.log(JSON.stringify(process.env), process.argv.join(' '), process.cwd());
        const [fs, net] = ['node:fs', 'node:net']; console.log(typeof (await import(fs)).readFileSync); await import(net).catch((error) => console.log(error.code));
        console.log(new Error('e').stack.split('\\n').slice(1).every((line) => /^ +at (?:\\S+ \\()?program\\.ts:\\d+:\\d+/.test(line)));`,
      env: { ONLY: 'this' },
      args: ['--x'],
    });
    expect(lines).toEqual([
      '',
      'WebAssembly.Memory: shared memory is not available in the simulation, which has no threads',
      '{"ONLY":"this","MAELSTROM_DATA_DIR":"/simulated/data"} /simulated/node /simulated/program.ts --x /simulated',
      'function',
      'MODULE_NOT_FOUND',
      'true',
    ]);
  });

  it('is not shared with another node', async () => {
    const { lines } = await runSource({
      source: `
        Array.prototype.mark = (Array.prototype.mark ?? 0) + 1; Buffer.mark = (Buffer.mark ?? 0) + 1; globalThis.mark = (globalThis.mark ?? 0) + 1;
        console.log([].mark, Buffer.mark, mark);`,
      file: 'program.mjs',
      nodes: ['n1', 'n2'],
    });
    expect(lines).toEqual(['1 1 1', '1 1 1']);
  });
});

it('a node may read and write by web streams alone', async () => {
  const source = `import { Readable, Writable } from 'node:stream';
    const lines = () => { let rest = ''; return new TransformStream({ transform(text, out) { const parts = (rest + text).split('\\n'); rest = parts.pop(); for (const part of parts) out.enqueue(JSON.parse(part)); } }); };
    const answers = new TransformStream({ transform: ({ body }, out) => out.enqueue(\`\${body.type} \${body.n}\\n\`) });
    await Readable.toWeb(process.stdin).pipeThrough(new TextDecoderStream()).pipeThrough(lines()).pipeThrough(answers).pipeThrough(new TextEncoderStream()).pipeTo(Writable.toWeb(process.stdout));`;
  const bodies = [1, 2, 3].map((n) => ({ type: 'é', n }));
  const { lines, stderr } = await runSource({ source, file: 'program.mjs', bodies });
  expect(stderr).toEqual([]);
  expect(lines).toEqual(['é 1', 'é 2', 'é 3']);
});
