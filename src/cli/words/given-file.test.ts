/** Files named on the command line: whatever they are, reading them ends. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readGivenFile } from './given-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-given-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

describe('a given file', () => {
  it('is read whole, up to the limit', () => {
    const text = 'é€\n'.repeat(100_000);
    writeFileSync(at('text'), text);
    expect(readGivenFile('--file', at('text'))).toBe(text);
    const bytes = Buffer.byteLength(text);
    expect(readGivenFile('--file', at('text'), bytes)).toBe(text);
    expect(() => readGivenFile('--file', at('text'), bytes - 1)).toThrow(
      /^--file: .* has more than .* MB: too much to be meant\.$/,
    );
  });

  it('may be a pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const writer = spawn('sh', ['-c', 'seq 1 50000 > "$1"', 'sh', at('pipe')], { stdio: 'ignore' });
    expect(readGivenFile('--file', at('pipe')).split('\n').length).toBe(50_001);
    await new Promise((resolve) => writer.once('close', resolve));
  });

  it.runIf(process.platform === 'linux')('may be one whose size is said to be 0', () => {
    expect(readGivenFile('--file', '/proc/self/status')).toContain('Pid:');
  });

  it('is not a device without end', () => {
    expect(() => readGivenFile('--file', '/dev/zero')).toThrow(
      '--file: /dev/zero is a device; expected a file.',
    );
  });

  it('is not a socket', async () => {
    const server = createServer().listen(at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect(() => readGivenFile('--file', at('socket'))).toThrow('socket is a socket; expected a file.');
    await new Promise((resolve) => server.close(resolve));
  });
});
