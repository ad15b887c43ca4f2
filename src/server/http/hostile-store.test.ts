/**
 * A store may contain anything: a run whose files were not written by a run is shown as such, and everything else still
 * works.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { makeApp } from './app.ts';
import { UserError } from '../../protocol/user-error.ts';
import { openRun, storedOps } from '../../store/open-run.ts';
import { storedFile } from '../../report/read/stored-run-source.ts';
import { RunOperations } from '../../recording/operations/operation-columns.ts';
import { writeSampleRun } from '../../../test/support/stored-run-sample.ts';
import type { MessageDetails, OperationDetails, Overview } from '../../recording/views.ts';
import type { RunCard, RunPage } from '../../recording/views.ts';

const root = mkdtempSync(join(tmpdir(), 'hostile-store-'));
afterAll(() => rmSync(root, { recursive: true }));
let stores = 0;

const GOOD = '20261121T030000.000Z';
const BAD = '20261121T040000.000Z';
const RUN = `/api/runs/broadcast/${BAD}`;

const SAMPLE = {
  messages: [
    { src: 'c4', dest: 'n1', sent: 10, arrives: [10], body: '{"type":"read","msg_id":1}' },
    { src: 'n1', dest: 'c4', sent: 12, arrives: [12], body: '{"type":"read_ok","in_reply_to":1}' },
  ],
  history: [
    '{"index":0,"time":9900000,"type":"invoke","process":0,"f":"read","value":null}',
    '{"index":1,"time":12000000,"type":"ok","process":0,"f":"read","value":[1]}',
  ],
  results: { workload: { 'valid?': true }, 'valid?': true },
  logs: { n1: 'one\n' },
};

function open(host = '127.0.0.1') {
  const store = join(root, String(stores++));
  mkdirSync(store);
  writeSampleRun(store, GOOD, SAMPLE);
  const folder = writeSampleRun(store, BAD, SAMPLE);
  const app = makeApp({ store, host, nowMs: () => Date.now() + 60_000 });
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    app.request(`http://localhost${path}`, { headers: { host: 'localhost:8080', ...headers } });
  return {
    store,
    folder,
    app,
    get,
    // The tests know the shape of what they request.
    json: async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T,
  };
}

const EVERY_QUESTION = [
  RUN,
  `${RUN}/overview`,
  `${RUN}/messages?q=read`,
  `${RUN}/message-rows`,
  `${RUN}/messages/0`,
  `${RUN}/operations`,
  `${RUN}/operation-rows?q=read`,
  `${RUN}/operations/0`,
  `${RUN}/counts`,
  `${RUN}/requests/0`,
  `${RUN}/states`,
  `${RUN}/propagation`,
  `/api/compare?a=broadcast/${GOOD}&b=broadcast/${BAD}`,
  `${RUN}/log`,
  `${RUN}/log?file=node-logs/n1.log`,
  `${RUN}/events`,
  `${RUN}/zip`,
];

const FILES = [
  'test.json',
  'results.json',
  'history.jsonl',
  'jepsen.log',
  'running.json',
  'node-logs/n1.log',
  'node-logs/n1.log.times',
  'net-journal/events.bin',
  'net-journal/messages.bin',
  'net-journal/bodies.ndjson',
  'net-journal/names.ndjson',
  'net-journal/causes.bin',
  'net-journal/states.jsonl',
  'story.json',
  'findings.json',
];

const ODD: Readonly<Record<string, (path: string) => void>> = {
  'a pipe': (path) => void execFileSync('mkfifo', [path]),
  'a device': (path) => symlinkSync('/dev/zero', path),
  'a folder': (path) => mkdirSync(path),
};

describe.each(Object.entries(ODD))('%s in place of', (_, put) => {
  test.each(FILES)('%s disturbs neither the list nor any reply', async (file) => {
    const { folder, get, json } = open();
    rmSync(join(folder, file), { force: true });
    put(join(folder, file));
    const runs = await json<RunCard[]>('/api/runs');
    const verdicts = Object.fromEntries(runs.map(({ id, verdict }) => [id, verdict]));
    const isUnreadable = file === 'test.json' || file === 'results.json';
    expect(verdicts).toEqual({
      [`broadcast/${GOOD}`]: 'valid',
      [`broadcast/${BAD}`]: isUnreadable ? 'unreadable' : 'valid',
    });
    for (const path of EVERY_QUESTION) {
      const response = await get(path);
      expect(response.status, path).not.toBe(500);
      await response.arrayBuffer();
    }
    expect((await get(`/files/broadcast/${BAD}/${file}`)).status).toBe(404);
  });
});

describe.each(['node-logs', 'net-journal'])('in place of %s', (name) => {
  test.each<[string, (path: string) => void]>([
    ['a file', (path) => writeFileSync(path, 'no folder')],
    ['an empty folder', (path) => mkdirSync(path)],
    ['nothing', () => undefined],
  ])('%s is not a server error', async (_, put) => {
    const { folder, get } = open();
    rmSync(join(folder, name), { recursive: true });
    put(join(folder, name));
    for (const path of EVERY_QUESTION) {
      const response = await get(path);
      expect(response.status, path).not.toBe(500);
      await response.arrayBuffer();
    }
    expect((await get(RUN)).status).toBe(200);
  });
});

test('a link in place of a file or a folder of a run reveals nothing of its target', async () => {
  const { folder, get, store } = open();
  const elsewhere = join(store, '..', `elsewhere-${stores}`);
  mkdirSync(elsewhere);
  for (const file of ['results.json', 'history.jsonl', 'jepsen.log', 'running.json']) {
    const real = join(elsewhere, file);
    writeFileSync(real, `{"index":0,"time":1,"type":"invoke","process":0,"f":"secret","value":"secret"}\n`);
    rmSync(join(folder, file), { force: true });
    symlinkSync(real, join(folder, file));
  }
  for (const name of ['net-journal', 'node-logs']) {
    renameSync(join(folder, name), join(elsewhere, name));
    symlinkSync(join(elsewhere, name), join(folder, name));
  }
  writeFileSync(join(elsewhere, 'node-logs', 'n1.log'), 'secret\n');
  for (const path of EVERY_QUESTION) {
    const response = await get(path);
    expect(response.status, path).not.toBe(500);
    expect(Buffer.from(await response.arrayBuffer()).toString('latin1'), path).not.toContain('secret');
  }
  const overview = (await (await get(`${RUN}/overview`)).json()) as Overview;
  expect(overview).toMatchObject({ messages: 0, operations: 0 });
  expect(overview.problem).toMatch(/net-journal is a link, not a folder/);
});

test('a history takes as much memory as it has lines, whatever its indexes say', async () => {
  const { folder, json } = open();
  const path = join(folder, 'history.jsonl');
  const line = (index: number, type: string): string =>
    `{"index":${index},"time":5,"type":"${type}","process":${index},"f":"read","value":null}\n`;
  writeFileSync(path, [3, 1e6, 1e9, 1e15].map((index) => line(index, 'invoke') + line(index, 'ok')).join(''));
  const before = process.memoryUsage().arrayBuffers;
  const columns = new RunOperations(storedFile(path));
  await columns.refresh();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
  expect([3, 1e6, 1e9, 1e15, 4].map((index) => columns.rowOf(index))).toEqual([0, 1, 2, 3, undefined]);
  expect(await json<OperationDetails>(`${RUN}/operations/1000000000000000`)).toMatchObject({
    index: 1e15,
    process: 1e15,
  });
});

test('a journal record that points nowhere is a message without a body, and says so', async () => {
  const { folder, json, get } = open();
  const path = join(folder, 'net-journal', 'messages.bin');
  const records = readFileSync(path);
  // The offset of message 1's body, and the names of message 0.
  records.writeUInt32LE(0xffffffff, 16 + 20 + 8);
  records.writeUInt32LE(0xffffffff, 16 + 20 + 12);
  records.writeUInt32LE(4_000_000, 16);
  writeFileSync(path, records);
  const message = await json<MessageDetails>(`${RUN}/messages/1`);
  expect(message).toMatchObject({ body: '', bodyBytes: 0 });
  expect(message.problem).toMatch(/points to byte \d+ of bodies.ndjson, which has \d+/);
  expect(await json<MessageDetails>(`${RUN}/messages/0`)).toMatchObject({ src: '?', dest: 'n1' });
  for (const question of EVERY_QUESTION) expect((await get(question)).status, question).toBe(200);
});

test('a journal that claims to be larger than any memory is refused in words', async () => {
  const { folder, json } = open();
  truncateSync(join(folder, 'net-journal', 'messages.bin'), 400e9);
  expect((await json<Overview>(`${RUN}/overview`)).problem).toMatch(/too many to show/);
});

describe('a zip', () => {
  const NAMES = [
    Buffer.from('back\\slash.txt'),
    Buffer.from('back_slash.txt'),
    Buffer.from('C:drive.txt'),
    Buffer.from('bell\u0007\n.txt'),
    Buffer.concat([Buffer.from('invalid-'), Buffer.from([0xff, 0xfe]), Buffer.from('.txt')]),
    Buffer.from('täglich.txt'),
  ];

  const NAMES_IN_ZIP = [
    'back_slash.txt',
    'back_slash.txt~2',
    'C_drive.txt',
    'bell__.txt',
    'invalid-__.txt',
    'täglich.txt',
  ];

  test.skipIf(spawnSync('unzip', ['-v']).status !== 0)(
    'has names that every system can unpack, and all files',
    async () => {
      const { folder, get } = open();
      for (const name of NAMES) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), String(name));
      const archive = join(root, 'names.zip');
      writeFileSync(archive, Buffer.from(await (await get(`${RUN}/zip`)).arrayBuffer()));
      const bytes = readFileSync(archive);
      const listed = NAMES_IN_ZIP.filter((name) => bytes.includes(`broadcast-${BAD}/${name}`));
      expect(listed).toEqual(NAMES_IN_ZIP);
      // Without a locale, unzip compares UTF-8 names wrongly with those in the archive's directory.
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      const count =
        execFileSync('unzip', ['-Z1', archive], { encoding: 'latin1', env }).split('\n').length - 1;
      expect(count).toBe(NAMES.length + 10);
      expect(execFileSync('unzip', ['-t', archive], { encoding: 'utf8', env })).toContain(
        'No errors detected',
      );
    },
  );
});

describe('a server that other machines can reach', () => {
  test.each(['127.0.0.1', '0.0.0.0', '::', '192.0.2.7', 'box.example'])(
    'listening on %s answers only to its own names',
    async (host) => {
      const { get } = open(host);
      for (const foreign of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:80', '']) {
        expect((await get('/api/runs', { host: foreign })).status, foreign).toBe(403);
      }
      expect((await get('/api/runs', { host: 'localhost:8080' })).status).toBe(200);
    },
  );

  test('answers to its own address and name', async () => {
    expect((await open('0.0.0.0').get('/api/runs', { host: '192.0.2.7:8080' })).status).toBe(200);
    expect((await open('::').get('/api/runs', { host: '[2001:db8::1]:8080' })).status).toBe(200);
    expect((await open('box.example').get('/api/runs', { host: 'Box.example:8080' })).status).toBe(200);
    expect((await open('192.0.2.7').get('/api/runs', { host: '192.0.2.8:8080' })).status).toBe(403);
    expect((await open('127.0.0.1').get('/api/runs', { host: '192.0.2.7:8080' })).status).toBe(403);
  });

  test('changes nothing on any request', async () => {
    const { app, json } = open('0.0.0.0');
    for (const host of ['localhost:8080', '192.0.2.7:8080']) {
      const headers = { host, origin: `http://${host}`, 'x-maelstrom': '1', 'sec-fetch-site': 'same-origin' };
      const response = await app.request(`http://localhost${RUN}`, { method: 'DELETE', headers });
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('refuses to change or run anything');
    }
    expect(await json<RunCard[]>('/api/runs')).toHaveLength(2);
  });
});

test('the files of a run are listed with those in its folders, and each can be opened', async () => {
  const { folder, get, json } = open();
  for (const file of [
    'elle/G1c.txt',
    'elle/G1c/0.svg',
    'independent/%22a%2f%22/linear.svg',
    'evidence/7.svg',
  ]) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), 'drawn');
  }
  mkdirSync(join(folder, 'node-data', 'n1'), { recursive: true });
  writeFileSync(join(folder, 'node-data', 'n1', 'wal.json'), '');
  const { files } = await json<RunPage>(RUN);
  expect(files).toEqual([
    'history.jsonl',
    'jepsen.log',
    'results.json',
    'test.json',
    'elle/G1c.txt',
    'elle/G1c/0.svg',
    'evidence/7.svg',
    'independent/%22a%2f%22/linear.svg',
    'net-journal/bodies.ndjson',
    'net-journal/clients.jsonl',
    'net-journal/names.ndjson',
    'node-logs/n1.log',
  ]);
  for (const file of files) {
    const address = `/files/broadcast/${BAD}/${file.split('/').map(encodeURIComponent).join('/')}`;
    const response = await get(address);
    expect(response.status, address).toBe(200);
    await response.arrayBuffer();
  }
});

test("a pipe or a file in place of a run's folder is not a run, wherever it is requested", async () => {
  const { folder, get, json } = open();
  rmSync(folder, { recursive: true });
  for (const plant of [() => execFileSync('mkfifo', [folder]), () => writeFileSync(folder, 'a file')]) {
    rmSync(folder, { force: true });
    plant();
    for (const path of [
      RUN,
      `${RUN}/log`,
      `${RUN}/zip`,
      `${RUN}/overview`,
      `/files/broadcast/${BAD}/report.html`,
    ])
      expect((await get(path)).status, path).toBe(404);
    expect((await json<readonly RunCard[]>('/api/runs')).map(({ id }) => id)).toEqual([`broadcast/${GOOD}`]);
    expect(() => openRun(folder)).toThrow(UserError);
  }
});

test('an unreadable history is reported by requests that need all of it', () => {
  const { folder } = open();
  const history = join(folder, 'history.jsonl');
  writeFileSync(
    history,
    '{"index":9007199254740993,"time":1,"type":"ok","process":0,"f":"read","value":[]}\n',
  );
  expect(() => storedOps(openRun(folder))).toThrow(UserError);
  rmSync(history);
  execFileSync('mkfifo', [history]);
  expect(() => storedOps(openRun(folder))).toThrow(/cannot be read: .*named pipe/);
});
