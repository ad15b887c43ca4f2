/** The tab `propagation`: charts and tables of how elements spread, in `maelstrom serve` and in report.html. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { MessageColumns } from '../../src/recording/messages/message-columns.ts';
import { RunOperations } from '../../src/recording/operations/operation-columns.ts';
import { packRun } from '../../src/recording/packed/pack-run.ts';
import { packedRun, runPageOf } from '../../src/report/pages/page-data.ts';
import { reportPage } from '../../src/report/pages/report-page.ts';
import { readRunFacts } from '../../src/report/read/read-run-facts.ts';
import { announced, openSite, withBrowser, type Site } from '../support/browser.ts';
import { writeSampleRun } from '../support/stored-run-sample.ts';

const NAME = '20261121T030000.000Z';
const OTHER = '20261121T040000.000Z';
const EVIL = '<img src=x onerror=alert(1)>\u202e';

const broadcastOf = (client: string, node: string, at: number, message: unknown) => ({
  src: client,
  dest: node,
  sent: at,
  arrives: [at],
  body: JSON.stringify({ type: 'broadcast', msg_id: 1, message }),
});
const gossip = (src: string, dest: string, sent: number, arrives: number, messages: readonly unknown[]) => ({
  src,
  dest,
  sent,
  arrives: [arrives],
  body: JSON.stringify({ type: 'gossip', messages }),
});
const entry = (
  index: number,
  ms: number,
  type: string,
  process: number | string,
  f: string,
  value: unknown,
) => JSON.stringify({ index, time: ms * 1e6, type, process, f, value });

/** Element 7 goes from n1 through n2 to n3 and takes 400 ms; the other reaches n1 only. */
const RUN = {
  spec: { nodes: ['n1', 'n2', 'n3'] },
  clients: [
    { name: 'c4', process: 0, node: 'n1', time: 0 },
    { name: 'c5', process: 1, node: 'n1', time: 0 },
  ],
  messages: [
    broadcastOf('c4', 'n1', 100, 7),
    gossip('n1', 'n2', 110, 200, [7]),
    gossip('n2', 'n3', 210, 500, [7]),
    broadcastOf('c5', 'n1', 600, EVIL),
  ],
  history: [
    entry(0, 100, 'invoke', 0, 'broadcast', 7),
    entry(1, 101, 'ok', 0, 'broadcast', 7),
    entry(2, 550, 'info', 'nemesis', 'start-partition', 'one'),
    entry(3, 550, 'info', 'nemesis', 'start-partition', ['isolated', { n1: ['n2'] }]),
    entry(4, 600, 'invoke', 1, 'broadcast', EVIL),
    entry(5, 601, 'ok', 1, 'broadcast', EVIL),
  ],
  results: { 'valid?': true, workload: { 'stable-latencies': { '0': 0, '0.5': 50, '1': 399 } } },
};

let browser: Browser;
let site: Site;
let reports: string;
withBrowser(
  async (opened) => {
    browser = opened;
    site = await openSite();
    reports = mkdtempSync(join(tmpdir(), 'propagation-report-'));
    const folder = writeSampleRun(site.store, NAME, RUN);
    writeSampleRun(site.store, OTHER, { ...RUN, spec: { workload: 'echo' } });
    const facts = await readRunFacts({ folder, sentence: 'fine' });
    const journal = new MessageColumns(facts.source.journal);
    const history = new RunOperations(facts.source.history);
    await journal.refresh();
    await history.refresh();
    const page = runPageOf(folder, facts);
    const beside = (name: string): string =>
      readFileSync(fileURLToPath(new URL(`../../dist/${name}`, import.meta.url)), 'utf8');
    const parts = { script: beside('report-page.js'), style: beside('report-page.css') };
    const write = (name: string, packed: Uint8Array): void =>
      writeFileSync(
        join(reports, name),
        reportPage({ page, packed, plots: [], pictures: new Map(), ...parts }),
      );
    write('report.html', await packedRun(page, { ...facts, journal, history }));
    const beginning = { messages: 2, operations: 100, bytes: 1e6 };
    write('beginning.html', (await packRun({ ...facts, journal, history, page }, beginning)).bytes);
  },
  async () => {
    await site.close();
    rmSync(reports, { recursive: true, force: true });
  },
);

async function expectTab(page: Page): Promise<void> {
  const panel = page.getByRole('tabpanel');
  await expect.poll(() => panel.innerText()).toContain('1 of 2 elements did not reach all 3 nodes.');
  const delays = panel.getByRole('table', { name: 'Delays', exact: true });
  expect(await delays.getByRole('row', { name: 'on all nodes' }).innerText()).toMatch(
    /on all nodes\s+400 ms\s+never\s+never\s+never/,
  );
  expect(await delays.getByRole('row', { name: 'stable latency' }).innerText()).toMatch(/50 ms.*399 ms/s);
  const nodes = panel.getByRole('table', { name: 'Delays by node' });
  expect(await nodes.getByRole('row', { name: 'n3' }).innerText()).toMatch(/n3\s+400 ms\s+400 ms\s+1/);

  const slowest = panel.getByRole('table', { name: 'Slowest elements' });
  expect(await slowest.locator('tbody tr').allInnerTexts()).toEqual([
    expect.stringMatching(/<img src=x onerror=alert\(1\)>\\u202e.*n2 n3/s),
    expect.stringMatching(/^7\s+0\.100000 s\s+100 ms\s+400 ms/),
  ]);
  await slowest.getByRole('button', { name: 'Message 2, brings it to n3' }).focus();
  await page.keyboard.press('Enter');
  const selected = page.getByRole('complementary', { name: 'Selected' });
  await selected.getByRole('heading', { name: 'Message 2: gossip' }).waitFor();
  await page.waitForURL(/mark=way%3A2/);

  // The first element is at the left of the run, and can also be selected with the mouse.
  const chart = panel.getByRole('img', { name: 'Of 2 elements 1 reached all nodes' });
  const dot = chart.locator('circle').first();
  await dot.click();
  await selected.getByRole('heading', { name: /broadcast/ }).waitFor();
  expect(await slowest.locator('tr.selected').innerText()).toMatch(/^7\s/);
}

test('a run in serve shows when each element was where, and links to the messages that brought it', async () => {
  const { page, complaints } = await site.page(browser);
  await page.goto(`${site.url}run/broadcast/${NAME}`);
  await page.getByRole('tab', { name: 'propagation' }).click();
  await expectTab(page);
  const pictures = await announced(page, ['image']);
  expect(pictures.filter((name) => /median element|Of 2 elements|per operation/.test(name))).toHaveLength(3);
  expect(await page.locator('.spread-chart .band').count()).toBe(2);
  expect(complaints).toEqual([]);
  await page.close();
});

test('report.html computes the same from its run, also on a narrow screen', async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(pathToFileURL(join(reports, 'report.html')).href);
  await page.getByRole('tab', { name: 'propagation' }).click();
  await expectTab(page);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  expect(errors).toEqual([]);
  await page.close();
});

test('a report with only the beginning of a run does not claim what happened later', async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(reports, 'beginning.html')).href);
  await page.getByRole('tab', { name: 'propagation' }).click();
  const panel = page.getByRole('tabpanel');
  await expect
    .poll(() => panel.innerText())
    .toContain(
      'By 0.210000 s, where what is known of the run ends, 1 of 1 element had not yet reached all 3 nodes.',
    );
  expect(await panel.innerText()).not.toContain('never');
  await page.close();
});

test('a workload without elements has no such tab, and no data for it', async () => {
  const { page } = await site.page(browser);
  await page.goto(`${site.url}run/echo/${OTHER}`);
  await page.getByRole('tab', { name: 'faults' }).waitFor();
  expect(await page.getByRole('tab', { name: 'propagation' }).count()).toBe(0);
  expect((await fetch(`${site.url}api/runs/echo/${OTHER}/propagation`)).status).toBe(404);
  await page.close();
});
