import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeSampleRun } from '../../../test/support/stored-run-sample.ts';
import { makeApp } from './app.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-bodies-'));
afterAll(() => rmSync(store, { recursive: true }));
const NAME = '20261121T033319.799Z';
const RUN = `broadcast/${NAME}`;
const folder = writeSampleRun(store, NAME, { results: { 'valid?': true } });
writeFileSync(join(folder, 'large.txt'), Buffer.alloc(8e6));
const app = makeApp({ store, host: '127.0.0.1' });

/** Returns the files of the run that this process has open; only Linux reveals them. */
const openFiles = (): readonly string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(join('/proc/self/fd', fd));
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return [];
    }
  });

/** A file is closed some turns of the event loop after its reader is gone. */
async function openFilesInTheEnd(): Promise<readonly string[]> {
  for (let turn = 0; turn < 10_000 && (turn < 500 || openFiles().length > 0); turn++)
    await new Promise((next) => setImmediate(next));
  return openFiles();
}

const ask = async (path: string): Promise<Response> =>
  app.request(`http://localhost${path}`, { headers: { host: 'localhost:8080' } });

const BODIES = [`/api/runs/${RUN}/zip`, `/files/${RUN}/large.txt`];

test.skipIf(!existsSync('/proc/self/fd')).each(BODIES)(
  'a client that disconnects in the middle of %s leaves no file open',
  async (path) => {
    const reader = (await ask(path)).body?.getReader();
    let read = 0;
    while (read < 100_000) read += (await reader?.read())?.value?.length ?? Infinity;
    expect(openFiles()).not.toEqual([]);
    await reader?.cancel();
    expect(await openFilesInTheEnd()).toEqual([]);
  },
);

test.skipIf(!existsSync('/proc/self/fd')).each(BODIES)(
  'a body of %s that is never read opens no file',
  async (path) => {
    expect((await ask(path)).status).toBe(200);
    expect(await openFilesInTheEnd()).toEqual([]);
  },
);

test.each(BODIES)('a body of %s is complete', async (path) => {
  expect((await (await ask(path)).arrayBuffer()).byteLength).toBeGreaterThanOrEqual(8e6);
});
