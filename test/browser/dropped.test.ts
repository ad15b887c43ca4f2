/** Runs opened from files, dropped on the list of runs or chosen there; and files that are not runs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync, type Zippable } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openSite, withBrowser, type Site } from '../support/browser.ts';
import { sampleFacts, sampleReport } from '../support/sample-run.ts';
import { writeSampleRun } from '../support/stored-run-sample.ts';

const NAME = '20261121T030000.000Z';
const EVIL = '<img src=x onerror=alert(1)>';

const text = (written: string): Uint8Array => new TextEncoder().encode(written);
const beside = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../dist/${name}`, import.meta.url)), 'utf8');

let browser: Browser;
/** The store the zip is taken from, and an empty one, where it is dropped. */
let filled: Site;
let empty: Site;
let folder: string;
let zip: Uint8Array;
let report: string;
withBrowser(
  async (opened) => {
    browser = opened;
    [filled, empty] = [await openSite(), await openSite()];
    folder = mkdtempSync(join(tmpdir(), 'dropped-'));
    writeSampleRun(filled.store, NAME, {
      spec: { nodes: ['n1', 'n2'] },
      clients: [{ name: 'c4', process: 0, node: 'n1', time: 0 }],
      messages: [
        { src: 'c4', dest: 'n1', sent: 100, arrives: [101], body: '{"type":"broadcast","message":7}' },
        { src: 'n1', dest: 'n2', sent: 110, arrives: [200], body: '{"type":"gossip","message":7}' },
      ],
      history: [
        '{"index":0,"time":100000000,"type":"invoke","process":0,"f":"broadcast","value":7}',
        '{"index":1,"time":102000000,"type":"ok","process":0,"f":"broadcast","value":7}',
      ],
      results: { 'valid?': false },
      logs: { n1: `said ${EVIL}` },
    });
    const answer = await fetch(`${filled.url}api/runs/broadcast/${NAME}/zip`);
    zip = new Uint8Array(await answer.arrayBuffer());
    const parts = { script: beside('report-page.js'), style: beside('report-page.css') };
    report = await sampleReport(await sampleFacts('hello'), {
      ...parts,
      plots: [],
      findings: [],
      pictures: new Map(),
    });
  },
  async () => {
    await Promise.all([filled.close(), empty.close()]);
    rmSync(folder, { recursive: true, force: true });
  },
);

interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Requests of the page to the server other than reads. */
  readonly sent: readonly string[];
}

async function openList(): Promise<Opened> {
  const { page, complaints } = await empty.page(browser);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' || request.postData() !== null) sent.push(request.url());
  });
  await page.goto(empty.url);
  await page.getByRole('button', { name: 'Open a file…' }).waitFor();
  return { page, complaints, sent };
}

async function choose(page: Page, name: string, content: Uint8Array | string): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a file…' }).press('Enter');
  await (await choosing).setFiles(path);
}

test('the zip of a run from serve is a run again, in the page of another server, and is sent nowhere', async () => {
  const { page, complaints, sent } = await openList();
  await choose(page, 'run.zip', zip);
  await page.locator('.picture[data-drawn$="full"]').waitFor();
  expect(await page.getByRole('note').first().innerText()).toContain(
    'run.zip, read by this page and sent nowhere',
  );
  expect(await page.locator('.verdict').first().innerText()).toContain('invalid');
  await page.getByRole('tab', { name: 'propagation' }).click();
  await expect
    .poll(() => page.getByRole('tabpanel').innerText())
    .toContain('The only element reached 2 nodes.');
  await page.getByRole('tab', { name: 'logs' }).click();
  await page.getByRole('tabpanel').getByRole('combobox').selectOption('node-logs/n1.log');
  await expect.poll(() => page.getByRole('tabpanel').innerText()).toContain(`said ${EVIL}`);
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('heading', { name: 'Runs' }).waitFor();
  expect([complaints, sent]).toEqual([[], []]);
  await page.close();
});

test('a report.html is opened when it is dropped', async () => {
  const { page, complaints, sent } = await openList();
  const data = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([${JSON.stringify(report)}], 'report.html', { type: 'text/html' }));
    return transfer;
  })()`);
  await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
  await page.getByText('Drop a report.html or a zip of a run').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
  await page.locator('.picture[data-drawn$="full"]').waitFor();
  expect(await page.locator('.sentence').innerText()).toBe('It is wrong: hello\nSee for yourself.');
  expect([complaints, sent]).toEqual([[], []]);
  await page.close();
});

/** Returns the zip with the size of its first entry changed in both headers. */
function claiming(bytes: Uint8Array, size: number): Uint8Array {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  for (let at = 0; at + 30 < changed.length; at++) {
    const signature = view.getUint32(at, true);
    if (signature === 0x04034b50) view.setUint32(at + 22, size, true);
    if (signature === 0x02014b50) view.setUint32(at + 24, size, true);
  }
  return changed;
}

const zipOf = (files: Zippable): Uint8Array => zipSync(files);
const TEST = '{"version":1,"spec":{"workload":"echo"}}';

test('a file that is not a run is reported in a sentence, and the list stays', async () => {
  const { page, complaints } = await openList();
  const bad: readonly (readonly [string, Uint8Array | string, string])[] = [
    ['notes.html', 'hello', 'It is neither a report.html nor a zip of a run’s folder.'],
    ['notes.zip', 'hello', 'It is neither a report.html nor a zip of a run’s folder.'],
    ['empty.zip', '', 'It is neither a report.html nor a zip of a run’s folder.'],
    ['other.zip', zipOf({ 'a.txt': text('a') }), 'It has no test.json'],
    [
      'upstream.zip',
      zipOf({ '20200101T000000.000Z/history.edn': text('{}') }),
      'The original Maelstrom seems to have written it: unpack its folder into the store as WORKLOAD/TIME',
    ],
    [
      'half.html',
      report.slice(0, report.indexOf('id="run">') + 50),
      'It is not a complete report.html: it was truncated.',
    ],
    ['half.zip', zip.slice(0, zip.length / 2), 'It is not a complete zip: it was truncated or damaged.'],
    ['bomb.zip', claiming(zipOf({ 'test.json': text(TEST) }), 4e9), 'Unpacked, it would exceed 768 MB'],
    ['newer.zip', zipOf({ 'test.json': text('{"version":99}') }), 'was written by a later Maelstrom'],
    ['broken.zip', zipOf({ 'test.json': text('{') }), 'test.json is not JSON'],
    ['old.html', report.replace(/(id="run">)[^<]*/, '$1AAAA'), 'cannot be opened.'],
  ];
  for (const [name, content, problem] of bad) {
    await choose(page, name, content);
    const status = page.locator('.dropped').getByRole('status');
    await expect.poll(() => status.innerText()).toContain(`${name} cannot be opened. `);
    expect(await status.innerText()).toContain(problem);
  }
  expect(await page.getByRole('heading', { name: 'Runs' }).count()).toBe(1);
  expect(complaints).toEqual([]);
  await page.close();
});

test('names in a zip lead nowhere, and an invalid description does not break the page', async () => {
  const { page } = await openList();
  const files = {
    '../../etc/test.json': text(TEST),
    '../../etc/__proto__': text('x'),
    '/etc/passwd': text('root'),
  };
  await choose(page, 'odd.zip', zipOf(files));
  const alert = page.getByRole('alert');
  const problem = page.locator('.dropped').getByRole('status');
  await expect
    .poll(async () => [...(await alert.allInnerTexts()), ...(await problem.allInnerTexts())].join(' '))
    .toMatch(/odd\.zip (is not a run|cannot be opened)/);
  await page.close();
});
