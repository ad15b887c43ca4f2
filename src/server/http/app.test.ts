import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { markRunning } from '../../store/running-mark.ts';
import { messagesInView, operationsInView } from '../../../viewer/src/diagram/data/in-view.ts';
import { makeApp } from './app.ts';
import { lostElement, writeSampleRun, type SampleRun } from '../../../test/support/stored-run-sample.ts';
import type {
  MessageDetails,
  MessageWindow,
  OperationDetails,
  OperationWindow,
  Overview,
} from '../../recording/views.ts';
import type { RunCard, RunPage } from '../../recording/views.ts';
import { DUPLICATED, LOST, MARKED, RECEIVED } from '../../recording/messages/message-flags.ts';

const root = mkdtempSync(join(tmpdir(), 'server-test-'));
afterAll(() => rmSync(root, { recursive: true }));
let stores = 0;

const NAME = '20261121T030000.000Z';

/**
 *     c4 --0 read--> n1 --1 ask--> n2 --2 answer--> n1 --3 read_ok--> c4
 *                              n3 --4 idle--> n2 (before anything reached n3)      n1 --5 lost--> n3      n2 --6 twice--> n3
 */
const SAMPLE: SampleRun = {
  clients: [{ name: 'c4', process: 0, node: 'n1', time: 9_900_000 }],
  messages: [
    { src: 'c4', dest: 'n1', sent: 10, arrives: [10], body: '{"type":"read","msg_id":1}' },
    { src: 'n1', dest: 'n2', sent: 11, arrives: [21], body: '{"type":"ask","msg_id":7,"value":5}' },
    { src: 'n3', dest: 'n2', sent: 12, arrives: [15], body: '{"type":"idle"}' },
    { src: 'n2', dest: 'n1', sent: 22, arrives: [32], body: '{"type":"answer","in_reply_to":7}' },
    {
      src: 'n1',
      dest: 'c4',
      sent: 33,
      arrives: [33],
      body: '{"type":"read_ok","in_reply_to":1,"text":"täglich"}',
    },
    { src: 'n1', dest: 'n3', sent: 40, lost: 45, body: '{"type":"gone"}' },
    { src: 'n2', dest: 'n3', sent: 41, arrives: [51, 55], body: '{"type":"twice","value":50}' },
    { src: 'n3', dest: 'n1', sent: 60, body: '{"type":"late"}' },
  ],
  history: [
    '{"index":0,"time":9900000,"type":"invoke","process":0,"f":"read","value":null}',
    '{"index":1,"time":20000000,"type":"info","process":"nemesis","f":"start-partition","value":"one"}',
    '{"index":2,"time":20000000,"type":"info","process":"nemesis","f":"start-partition","value":["isolated",{"n1":["n2","n3"],"n2":["n1"],"n3":["n1"]}]}',
    '{"index":3,"time":33100000,"type":"ok","process":0,"f":"read","value":[1,2]}',
    '{"index":4,"time":34000000,"type":"invoke","process":1,"f":"broadcast","value":9}',
    '{"index":5,"time":50000000,"type":"info","process":"nemesis","f":"stop-partition","value":"network-healed"}',
    '{"index":6,"time":54000000,"type":"info","process":1,"f":"broadcast","value":9,"error":"timeout"}',
  ],
  results: {
    workload: lostElement(
      9,
      { index: 6, time: 54e6, process: 1, type: 'ok', f: 'broadcast', value: 9 },
      { index: 0, time: 9.9e6, process: 0, type: 'invoke', f: 'read', value: null },
    ),
    'valid?': false,
  },
  logs: { n1: 'one\ntwo\n' },
};

interface Opened {
  readonly store: string;
  readonly folder: string;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  readonly json: <T>(path: string) => Promise<T>;
  readonly ask: (method: string, path: string, headers: Record<string, string>) => Promise<Response>;
}

const RUN = `/api/runs/broadcast/${NAME}`;

function open(run: SampleRun = SAMPLE, nowMs: () => number = () => Date.now() + 60_000): Opened {
  const store = join(root, String(stores++));
  mkdirSync(store);
  const folder = writeSampleRun(store, NAME, run);
  const app = makeApp({ store, host: '127.0.0.1', nowMs });
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    app.request(`http://localhost${path}`, { headers: { host: 'localhost:8080', ...headers } });
  return {
    store,
    folder,
    get,
    json: async <T>(path: string) => {
      const response = await get(path);
      expect(response.status).toBe(200);
      return (await response.json()) as T;
    },
    ask: async (method, path, headers) =>
      app.request(`http://localhost${path}`, { method, headers: { host: 'localhost:8080', ...headers } }),
  };
}

const window = `from=0&to=100000000&buckets=10`;

test('commands on pages begin with the way this program was called', async () => {
  const app = makeApp({ store: join(root, 'nowhere'), host: '127.0.0.1', program: 'npx maelstrom' });
  const response = await app.request('http://localhost/api/program', { headers: { host: 'localhost:8080' } });
  expect(await response.json()).toEqual({ program: 'npx maelstrom' });
});

describe('the list of runs', () => {
  test('shows the verdict and the options of each, and leaves out a folder that is not a run', async () => {
    const { store, json } = open();
    mkdirSync(join(store, 'broadcast', 'no-run'));
    symlinkSync(NAME, join(store, 'broadcast', 'latest'));
    const runs = await json<RunCard[]>('/api/runs');
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      id: `broadcast/${NAME}`,
      verdict: 'invalid',
      nodes: 3,
      clients: 2,
      program: 'sample.ts',
    });
  });

  test('a run without results or a mark is running while its files are fresh, and unfinished later', async () => {
    const { results: _, ...unjudged } = SAMPLE;
    let ahead = 0;
    const { json } = open(unjudged, () => Date.now() + ahead);
    expect((await json<RunCard[]>('/api/runs'))[0]?.verdict).toBe('running');
    ahead = 60_000;
    expect((await json<RunCard[]>('/api/runs'))[0]?.verdict).toBe('unfinished');
  });

  test('a run is running as long as its process lives, however quiet, and unfinished once it is dead', async () => {
    const { results: _, ...unjudged } = SAMPLE;
    const { store, json } = open(unjudged, () => Date.now() + 3600_000);
    const folder = join(store, 'broadcast', NAME);
    markRunning(folder);
    expect((await json<RunCard[]>('/api/runs'))[0]?.verdict).toBe('running');
    const mark = join(folder, 'running.json');
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(mark, readFileSync(mark, 'utf8').replace(`"pid":${process.pid}`, `"pid":${pid}`));
    expect((await json<RunCard[]>('/api/runs'))[0]?.verdict).toBe('unfinished');
  });

  test('a missing store has no runs', async () => {
    const app = makeApp({ store: join(root, 'nowhere'), host: '127.0.0.1' });
    expect(await (await app.request('http://localhost/api/runs')).json()).toEqual([]);
  });
});

describe('a run', () => {
  test('has its suspects with the operations that show them', async () => {
    const { suspects, logs } = await open().json<RunPage>(RUN);
    expect(suspects).toEqual([{ title: 'Element 9 was lost', operations: [0, 4] }]);
    expect(logs.map(({ name }) => name)).toEqual(['jepsen.log', 'node-logs/n1.log']);
  });

  test('that failed in the simulation has the word of the command that shrinks it', async () => {
    const { json, folder } = open();
    const word = (await json<RunPage>(RUN)).shrinks ?? '';
    expect(resolve(word)).toBe(folder);
    const real = open({ ...SAMPLE, spec: { world: 'real' } });
    expect((await real.json<RunPage>(RUN)).shrinks).toBeUndefined();
  });

  test('counts what the run recorded, and names when the network was cut and between which nodes', async () => {
    const overview = await open().json<Overview>(`${RUN}/overview`);
    expect(overview).toMatchObject({
      messages: 8,
      events: 17,
      lost: 1,
      duplicated: 1,
      operations: 2,
      endNanos: 60e6,
    });
    expect(overview.faults).toEqual([
      { name: 'partition', from: 20e6, to: 50e6, about: 'n1 | n2 n3', nodes: ['n1', 'n2', 'n3'] },
    ]);
  });

  test('has the messages in flight in a range of time, including those sent before', async () => {
    const { arrows, total } = await open().json<MessageWindow>(`${RUN}/messages?from=14000000&to=23000000`);
    expect(arrows.id).toEqual([1, 2, 3]);
    expect(total).toBe(3);
    expect(arrows.type).toEqual(['ask', 'idle', 'answer']);
  });

  test('marks lost messages, duplicated ones, and those still in flight', async () => {
    const { arrows, copies, lanes } = await open().json<MessageWindow>(
      `${RUN}/messages?from=39000000&to=100000000`,
    );
    expect(arrows.flags).toEqual([LOST, RECEIVED | DUPLICATED, 0]);
    expect(arrows.end).toEqual([45e6, 51e6, null]);
    expect(copies).toEqual([{ id: 6, arrival: 55e6 }]);
    expect(lanes.map(({ label }) => label)).toEqual(['c4', 'n1', 'n2', 'n3']);
  });

  test('has a density if there are more messages than requested, which counts each once', async () => {
    const found = await open().json<MessageWindow>(`${RUN}/messages?${window}&limit=3`);
    expect(found.arrows.id).toEqual([]);
    const lanes = found.density?.lanes ?? [];
    expect(lanes.flatMap(({ sent }) => sent).reduce((a, b) => a + b)).toBe(8);
    expect(lanes.flatMap(({ lost }) => lost).reduce((a, b) => a + b)).toBe(1);
  });

  test.each([
    ['type:read', [0]],
    ['value:5', [1]],
    ['node:n3', [2, 5, 6, 7]],
    ['from:n1 to:n3', [5]],
    ['is:lost', [5]],
    ['is:Lost', [5]],
    ['node:N3', [2, 5, 6, 7]],
    ['is:client', [0, 4]],
    ['id:3', [3]],
    ['TÄGLICH', []],
    ['täglich', [4]],
    ['"in_reply_to":7', [3]],
    ['n1', []],
    ['type:ask node:n3', []],
    ['(', []],
  ])('%s finds messages %j', async (query, ids) => {
    const found = await open().json<MessageWindow>(
      `${RUN}/messages?${window}&q=${encodeURIComponent(query)}`,
    );
    expect(found.arrows.id).toEqual(ids);
  });

  test('what a message caused is what its receiver sent afterwards, and so on; earlier messages are not', async () => {
    const { arrows, marked } = await open().json<MessageWindow>(`${RUN}/messages?${window}&mark=caused:1`);
    expect(arrows.id.filter((_, i) => ((arrows.flags[i] ?? 0) & MARKED) !== 0)).toEqual([1, 3, 4, 5, 6, 7]);
    expect(marked).toBe(6);
  });

  test('a request is followed through the cluster to its reply, and nothing else', async () => {
    const { arrows } = await open().json<MessageWindow>(`${RUN}/messages?${window}&mark=way:0`);
    expect(arrows.id.filter((_, i) => ((arrows.flags[i] ?? 0) & MARKED) !== 0)).toEqual([0, 1, 3, 4]);
  });

  test('a message has its body, its reply, and the operation it belongs to', async () => {
    const message = await open().json<MessageDetails>(`${RUN}/messages/0`);
    expect(message).toMatchObject({
      src: 'c4',
      dest: 'n1',
      body: '{"type":"read","msg_id":1}',
      operation: 0,
    });
    expect(message.replies.map(({ id }) => id)).toEqual([4]);
    expect((await open().json<MessageDetails>(`${RUN}/messages/5`)).dropReason).toBe('partition');
  });

  test('an operation has its lines and the messages that carried it', async () => {
    const operation = await open().json<OperationDetails>(`${RUN}/operations/3`);
    expect(operation).toMatchObject({
      index: 0,
      process: 0,
      f: 'read',
      outcome: 'ok',
      node: 'n1',
      preview: 'read [1,2]',
    });
    expect(operation.exchanges.map(({ request, reply }) => [request.id, reply?.id])).toEqual([[0, 4]]);
  });

  test('operations have latencies and rates', async () => {
    const { bars, latency, rate } = await open().json<OperationWindow>(`${RUN}/operations?${window}`);
    expect(bars.index).toEqual([0, 4]);
    expect(bars.outcome).toEqual([1, 3]);
    expect(latency.points?.latency).toEqual([23.2e6, 20e6]);
    expect(rate.ok.filter((value) => value > 0)).toEqual([100]);
  });

  test('operations are filtered by function, outcome and process', async () => {
    const { bars } = await open().json<OperationWindow>(
      `${RUN}/operations?${window}&q=f:broadcast%20outcome:info`,
    );
    expect(bars.index).toEqual([4]);
  });

  test('missing things are 404, and invalid requests are 400', async () => {
    const { get } = open();
    for (const path of [
      '/api/runs/broadcast/none',
      `${RUN}/messages/99`,
      `${RUN}/messages/x`,
      `${RUN}/operations/1`,
      '/nothing',
    ])
      expect((await get(path)).status, path).toBe(404);
    expect((await get(`${RUN}/messages?from=9&to=3`)).status).toBe(400);
  });

  test('log lines of nodes come with the messages of that time, if times were recorded', async () => {
    const { json, folder } = open();
    writeFileSync(
      join(folder, 'node-logs', 'n1.log.times'),
      '0 15000000\n4 16000000\nnonsense\n4 99000000\n',
    );
    const { logs } = await json<MessageWindow>(`${RUN}/messages?from=14000000&to=23000000`);
    expect(logs).toEqual([
      { node: 'n1', time: 15e6, text: 'one' },
      { node: 'n1', time: 16e6, text: 'two' },
    ]);
  });

  test('logs are returned in parts, from the end for a negative offset', async () => {
    const { json } = open();
    expect(await json(`${RUN}/log?file=node-logs/n1.log&offset=4`)).toMatchObject({
      text: 'two\n',
      bytes: 8,
    });
    expect(await json(`${RUN}/log?file=node-logs/n1.log&offset=-4`)).toMatchObject({
      text: 'two\n',
      offset: 4,
    });
  });

  test('is downloaded as a zip that other programs accept', async () => {
    const { get, store } = open();
    const response = await get(`${RUN}/zip`);
    const file = join(store, 'run.zip');
    writeFileSync(file, new Uint8Array(await response.arrayBuffer()));
    expect(readFileSync(file).readUInt32LE(0)).toBe(0x04034b50);
    // Test machines have Python; if it is missing, checking the beginning must do.
    const listed = (() => {
      try {
        return execFileSync(
          'python3',
          [
            '-c',
            'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip()); print("\\n".join(z.namelist()))',
            file,
          ],
          { encoding: 'utf8' },
        );
      } catch {
        return undefined;
      }
    })();
    if (listed !== undefined) expect(listed).toContain(`None\nbroadcast-${NAME}/history.jsonl`);
  });
});

describe('a run in progress', () => {
  test("sends its log and its growth, from the browser's last position", async () => {
    const { get } = open();
    const all = await (await get(`${RUN}/events`)).text();
    expect(all).toContain('event: log\nid: 37\ndata: {"text":"2026-11-21T03:00:00.000Z Phase: main\\n"}');
    expect(all).toContain('"messages":8');
    expect(all).toContain('event: done');
    const again = await (await get(`${RUN}/events`, { 'last-event-id': '37' })).text();
    expect(again).not.toContain('event: log');
  });
});

describe('the counts next to the pictures equal those of the tables', () => {
  test('in any range of time', async () => {
    const { json } = open();
    const whole = await json<MessageWindow>(`${RUN}/messages?from=-1000000000&to=200000000`);
    const bars = await json<OperationWindow>(`${RUN}/operations?from=-1000000000&to=200000000`);
    for (const [from, to] of [
      [0, 100e6],
      [10e6, 11e6],
      [14e6, 16e6],
      [22.5e6, 31.2e6],
      [34e6, 41e6],
      [52e6, 70e6],
      [61e6, 90e6],
    ] as const) {
      const stretch = `from=${from}&to=${to}`;
      const rows = await json<readonly unknown[]>(`${RUN}/message-rows?${stretch}`);
      expect(messagesInView(whole, { from, to }), stretch).toBe(rows.length);
      const operations = await json<readonly unknown[]>(`${RUN}/operation-rows?${stretch}`);
      expect(operationsInView(bars, { from, to }), stretch).toBe(operations.length);
    }
  });
});

describe('forbidden requests', () => {
  test('hosts other than this machine are refused, because a name may resolve to it', async () => {
    const { get } = open();
    expect((await get('/api/runs', { host: 'evil.example' })).status).toBe(403);
    expect((await get('/api/runs', { host: '127.0.0.1.evil.example' })).status).toBe(403);
    expect((await get('/api/runs', { host: '[::1]:8080' })).status).toBe(200);
  });

  test('nothing outside the store is read, by dots or by links', async () => {
    const { get, store, folder } = open();
    writeFileSync(join(root, 'secret.txt'), 'secret');
    symlinkSync(join(root, 'secret.txt'), join(folder, 'link.txt'));
    symlinkSync(join(root, 'secret.txt'), join(folder, 'node-logs', 'n9.log'));
    symlinkSync(root, join(store, 'outside'));
    for (const path of [
      `/files/broadcast/${NAME}/link.txt`,
      `/files/broadcast/${NAME}/..%2f..%2f..%2fsecret.txt`,
      `/files/broadcast/${NAME}/%2e%2e/%2e%2e/secret.txt`,
      `${RUN}/log?file=../../../secret.txt`,
      `${RUN}/log?file=node-logs/n9.log`,
      `${RUN}/log?file=node-logs/../test.json`,
      '/api/runs/outside/..',
      '/api/runs/..%2f../x',
      '/assets/..%2fapp.ts',
    ]) {
      const response = await get(path);
      expect(response.status, path).toBe(404);
      expect(await response.text()).not.toContain('secret');
    }
    expect((await get(`/files/broadcast/${NAME}/test.json`)).status).toBe(200);
  });

  test('a run is deleted only from a page of our own', async () => {
    const { ask, folder } = open();
    const ours = { origin: 'http://localhost:8080', 'x-maelstrom': '1', 'sec-fetch-site': 'same-origin' };
    for (const headers of [
      {},
      { 'x-maelstrom': '1' },
      { ...ours, origin: 'http://evil.example' },
      { ...ours, origin: 'null' },
      { ...ours, origin: 'http://localhost:9090' },
      { ...ours, 'sec-fetch-site': 'cross-site' },
      { origin: ours.origin },
    ]) {
      expect((await ask('DELETE', RUN, headers)).status).toBe(403);
    }
    expect(existsSync(folder)).toBe(true);
    expect((await ask('DELETE', RUN, ours)).status).toBe(200);
    expect(existsSync(folder)).toBe(false);
  });

  test('a run in progress is not deleted', async () => {
    const { results: _, ...unjudged } = SAMPLE;
    const { ask, folder } = open(unjudged, Date.now);
    const ours = { origin: 'http://localhost:8080', 'x-maelstrom': '1' };
    expect((await ask('DELETE', RUN, ours)).status).toBe(409);
    expect(existsSync(folder)).toBe(true);
  });

  test('pages run only our own scripts, and files of a run are sandboxed', async () => {
    const { get, folder } = open();
    writeFileSync(join(folder, 'report.html'), '<script>fetch("/api/runs")</script>');
    expect((await get('/api/runs')).headers.get('content-security-policy')).toContain("script-src 'self'");
    const file = await get(`/files/broadcast/${NAME}/report.html`);
    expect(file.headers.get('content-security-policy')).toMatch(/^sandbox allow-scripts; default-src 'none'/);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('invalid files', () => {
  test('a file that is not a journal is reported in words', async () => {
    const { json, folder } = open();
    writeFileSync(join(folder, 'net-journal', 'events.bin'), 'this is no journal at all, not at all');
    const { problem } = await json<Overview>(`${RUN}/overview`);
    expect(problem).toContain('it is not a journal file');
  });

  test('a history truncated in the middle of a line is read up to there', async () => {
    const { json, folder } = open();
    const whole = readFileSync(join(folder, 'history.jsonl'), 'utf8');
    writeFileSync(join(folder, 'history.jsonl'), whole.slice(0, whole.indexOf('"index":4') + 30));
    expect((await json<Overview>(`${RUN}/overview`)).operations).toBe(1);
  });

  test('a run without a journal or a history is empty, and does not fail', async () => {
    const { json, folder } = open();
    rmSync(join(folder, 'net-journal'), { recursive: true });
    rmSync(join(folder, 'history.jsonl'));
    expect(await json<Overview>(`${RUN}/overview`)).toMatchObject({ messages: 0, operations: 0 });
    expect((await json<MessageWindow>(`${RUN}/messages?${window}`)).total).toBe(0);
  });
});
