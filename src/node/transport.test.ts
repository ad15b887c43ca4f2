import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StdioTransport } from './transport.ts';

function streams() {
  const stdin = new PassThrough();
  const written: string[] = [];
  const exits: number[] = [];
  const transport = new StdioTransport({
    stdin,
    stdout: { write: (text) => written.push(text) },
    stderr: { write: () => {} },
    exit: (code) => exits.push(code),
  });
  return { stdin, written, exits, transport };
}

describe('input', () => {
  it('is split into lines, wherever the chunks are cut, even inside a character', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''))),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        async (lines, sizes) => {
          const { stdin, transport } = streams();
          const seen: string[] = [];
          const ended = new Promise<void>((resolve) => {
            transport.start((line) => seen.push(line), resolve);
          });
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          for (let at = 0; at < bytes.length;) {
            const size = sizes.next().value;
            stdin.write(bytes.subarray(at, at + size));
            at += size;
          }
          stdin.end('a last line that never ends');
          await ended;
          expect(seen).toEqual(lines);
        },
      ),
    );
  });
});

describe('output', () => {
  it('of one turn is one write', async () => {
    const { written, transport } = streams();
    transport.send('a');
    transport.send('b');
    expect(written).toEqual([]);
    await Promise.resolve();
    expect(written).toEqual(['a\nb\n']);
    transport.send('c');
    await Promise.resolve();
    expect(written).toEqual(['a\nb\n', 'c\n']);
  });

  it('is written before the program exits', () => {
    const { written, exits, transport } = streams();
    transport.send('a');
    transport.exit();
    expect(written).toEqual(['a\n']);
    expect(exits).toEqual([0]);
  });

  it('that a full pipe has not accepted yet is waited for', async () => {
    let taken = '';
    const stdout = new Writable({
      write(chunk: Buffer, _encoding, done) {
        setImmediate(() => {
          taken += chunk.toString();
          done();
        });
      },
    });
    const code = await new Promise<number>((exit) => {
      const transport = new StdioTransport({
        stdin: new PassThrough(),
        stdout,
        stderr: { write: () => {} },
        exit,
      });
      transport.send('a');
      transport.exit();
    });
    expect({ code, taken }).toEqual({ code: 0, taken: 'a\n' });
  });
});
