/** report.html as people open it: from a file, without a server or network, by mouse and keyboard. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';
import { Console } from '../../src/cli/show/console.ts';
import { latencyRaw } from '../../src/report/plots/latency-raw.ts';
import { spaceTime } from '../../src/report/plots/space-time.ts';
import { svgFile } from '../../src/report/svg/svg.ts';
import { timelinePage } from '../../src/report/pages/timeline.ts';
import { SAMPLE_NODES, sampleFacts, sampleReport, timelineOf } from '../support/sample-run.ts';
import { withBrowser } from '../support/browser.ts';

const HOSTILE =
  '</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202Eevil\u2028 <!--<script> \' " & \u0007';

const beside = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../dist/${name}`, import.meta.url)), 'utf8');

let browser: Browser;
let folder: string;
withBrowser(
  async (opened) => {
    browser = opened;
    folder = mkdtempSync(join(tmpdir(), 'maelstrom-report-'));
    const parts = { script: beside('report-page.js'), style: beside('report-page.css') };
    for (const [name, text] of [
      ['plain', 'hello'],
      ['hostile', HOSTILE],
    ] as const) {
      const facts = await sampleFacts(text);
      const { history, journal, bands } = facts;
      const plots = [latencyRaw({ workload: text, history, bands })];
      const picture = spaceTime({ journal, nodes: SAMPLE_NODES, bands });
      const findings = [{ title: text, text, operations: [1], picture: `${text}.svg` }];
      const pictures = new Map([[`${text}.svg`, picture]]);
      const decisive = {
        sentences: [`Without ${text} the run passes.`],
        steps: [`2. ${text}`],
        moment: { timeNanos: 0.75e9, message: 3 },
      };
      const page = await sampleReport(facts, { ...parts, plots, findings, pictures, decisive });
      writeFileSync(join(folder, `${name}.html`), page);
      writeFileSync(join(folder, `${name}-timeline.html`), timelinePage(timelineOf(facts)));
      writeFileSync(join(folder, `${name}.svg`), svgFile(picture));
    }
  },
  () => rmSync(folder, { recursive: true, force: true }),
);

/** Opens a file, and reports all errors and network requests. */
async function open(file: string): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const address = pathToFileURL(join(folder, file)).href;
  page.on('request', (request) => {
    if (request.url() !== address) complaints.push(`a request: ${request.url()}`);
  });
  await page.goto(address);
  return { page, complaints };
}

const drawn = (page: Page): Promise<void> => page.locator('.picture[data-drawn$="full"]').waitFor();

test('a run works without a server: search, selection, zooming and following, by mouse and by keyboard', async () => {
  const { page, complaints } = await open('plain.html');
  await drawn(page);
  expect(await page.locator('.sentence').innerText()).toBe('It is wrong: hello\nSee for yourself.');

  const decided = page.getByRole('region', { name: 'What decided it' });
  expect(await decided.getByRole('listitem').innerText()).toBe('Without hello the run passes.');
  expect(await decided.innerText()).toContain('Step 2. hello');
  await decided.getByRole('button', { name: 'Show the decisive moment' }).click();
  const shown = page.getByRole('complementary', { name: 'Selected' });
  await shown.getByRole('heading', { name: 'Message 3: heartbeat' }).waitFor();
  await page.locator('div.picture').focus();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Whole run' }).click();

  await page.getByRole('tab', { name: 'operations' }).click();
  const operations = page.getByRole('table', { name: 'Operations in view' });
  await expect.poll(() => operations.locator('tbody tr').count()).toBe(6);
  const filter = page.getByRole('searchbox', { name: 'Filter' });
  await filter.fill('cas outcome:fail');
  await expect.poll(() => operations.locator('tbody tr').count()).toBe(1);
  await filter.fill('nothing-has-this');
  const status = page.getByRole('tabpanel').getByRole('status');
  await expect.poll(() => status.innerText()).toBe('No operations in view that match the filter.');
  await filter.fill('');

  await page.getByRole('tab', { name: 'messages' }).click();
  const selected = page.getByRole('complementary', { name: 'Selected' });
  await page.getByRole('button', { name: '3', exact: true }).click();
  await selected.getByRole('heading', { name: 'Message 3: heartbeat' }).waitFor();
  expect(await selected.innerText()).toMatch(/lost after 10 ms[^]*Lost by\s+partition/);
  await page.getByRole('button', { name: '4', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => selected.innerText()).toContain('arrived again at 0.750000 s');

  const spoken = page.locator('.picture-area [aria-live=polite].hidden');
  await page.getByRole('button', { name: 'Whole run' }).click();
  // A small margin is shown after the end.
  await expect
    .poll(() => spoken.textContent())
    .toBe('0.000 s to 2.121 s: 7 messages, 6 operations, the decisive moment at 0.750 s');
  await page.locator('div.picture').focus();
  await page.keyboard.press('+');
  await expect.poll(() => spoken.textContent()).toContain('0.407 s to 1.693 s');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => spoken.textContent()).toMatch(/^0\.[5-7]\d+ s to 1\.[78]\d+ s/);

  for (const [tab, text] of [
    ['faults', 'n1 | n2 n3'],
    ['results', '"valid?": false'],
    ['options', '"workload": "lin-kv"'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click();
    await expect.poll(() => page.getByRole('tabpanel').innerText()).toContain(text);
  }
  await page.getByRole('tab', { name: 'logs' }).click();
  await page.getByRole('tabpanel').getByRole('combobox').selectOption({ index: 1 });
  await expect.poll(() => page.getByRole('tabpanel').innerText()).toContain('line one');
  await page.getByRole('button', { name: 'Plots ↓' }).click();
  expect(await page.locator('#plots svg').count()).toBe(1);
  expect(await page.locator('#findings').count()).toBe(0);
  expect(await page.getByRole('article').locator('svg').count()).toBe(1);
  expect(complaints).toEqual([]);
  await page.close();
});

test.each(['hostile.html', 'hostile-timeline.html', 'hostile.svg'])(
  '%s runs nothing that a node wrote',
  async (file) => {
    const { page, complaints } = await open(file);
    if (file === 'hostile.html') {
      await drawn(page);
      await page.getByRole('button', { name: '0', exact: true }).click();
      await page.getByRole('complementary', { name: 'Selected' }).getByText('alert(1)').first().waitFor();
      for (const tab of ['operations', 'logs', 'results', 'options']) {
        await page.getByRole('tab', { name: tab }).click();
        await expect.poll(() => page.getByRole('tabpanel').innerText()).toContain('alert(1)');
      }
    }
    expect(await page.locator('img, svg script').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  },
);

test('for an operation that the page does not contain, it says where to look', async () => {
  const { page, complaints } = await open('plain.html');
  await drawn(page);
  await page.goto(`${page.url().replace(/#.*/, '')}#o=4711`);
  await page
    .getByText(
      /^Operation 4711 is not in this page, which only has the beginning of a large run\. .* serve shows all of it\.$/,
    )
    .waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test('an address whose event is still to come is not overwritten by a change of the view before it', async () => {
  const { page, complaints } = await open('plain.html');
  await drawn(page);
  await page.getByRole('tab', { name: 'logs' }).click();
  await page.evaluate("history.replaceState(null, '', '#o=4711')");
  // Longer than until the change is written into the address.
  await page.waitForTimeout(500);
  await page.evaluate("dispatchEvent(new HashChangeEvent('hashchange'))");
  await page.getByText(/^Operation 4711 is not in this page/).waitFor({ timeout: 10_000 });
  expect(complaints).toEqual([]);
  await page.close();
});

test('a foreign history: its story as operations in lanes, and nothing about messages, which are unknown', async () => {
  const entries: readonly (readonly [type: string, process: number])[] = [
    ['invoke', 0],
    ['ok', 0],
    ['invoke', 1],
    ['ok', 1],
  ];
  const lines = entries.map(([type, process], index) =>
    JSON.stringify({ index, time: index * 1e8, type, process, f: 'acquire', value: null }),
  );
  writeFileSync(join(folder, 'lock.jsonl'), lines.join('\n'));
  const words = [
    'check',
    join(folder, 'lock.jsonl'),
    '--model',
    'mutex',
    '--report',
    join(folder, 'lock.html'),
  ];
  const console = new Console({ write: () => true, isTTY: false }, {});
  const session = {
    console,
    errors: console,
    stdin: () => new ReadableStream<Uint8Array>(),
    env: {},
    program: 'maelstrom',
  };
  expect(await runCli(words, session)).toBe(1);
  const { page, complaints } = await open('lock.html');
  await drawn(page);
  await page.getByRole('heading', { name: 'The lock is held twice' }).waitFor();
  expect(await page.locator('.heading p').first().innerText()).toMatch(
    /the history lock\.jsonl, without messages · 300 ms, 2 operations$/,
  );
  await expect.poll(() => page.locator('.picture-lanes').isVisible()).toBe(false);
  await expect.poll(() => page.locator('.findings rect.box').count()).toBe(2);
  expect(complaints).toEqual([]);
  await page.close();
});

test('on a narrow screen keys reach the plots, which scroll, in a region of their own', async () => {
  const { page } = await open('plain.html');
  await page.setViewportSize({ width: 390, height: 800 });
  const plots = page.getByRole('region', { name: 'Plots' }).locator('figure');
  await plots.first().focus();
  expect(await plots.evaluateAll((all) => all.map((figure) => figure.tabIndex))).toEqual([0]);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => plots.first().evaluate((figure) => figure.scrollLeft)).toBeGreaterThan(0);
  await page.close();
});
