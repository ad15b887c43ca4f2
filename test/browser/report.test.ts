/** report.html as people open it: from a file, without a server or a network, by mouse and by keyboard. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { latencyRaw } from '../../src/report/latency-raw.ts';
import { reportPage } from '../../src/report/report-page.ts';
import { spaceTime } from '../../src/report/space-time.ts';
import { svgFile } from '../../src/report/svg.ts';
import { timelinePage } from '../../src/report/timeline.ts';
import { SAMPLE_NODES, sampleFacts } from '../support/sample-run.ts';
import { withBrowser } from '../support/browser.ts';

const HOSTILE =
  '</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202Eevil\u2028 <!--<script> \' " & \u0007';

let browser: Browser;
let folder: string;
withBrowser(
  async (opened) => {
    browser = opened;
    folder = mkdtempSync(join(tmpdir(), 'maelstrom-report-'));
    const entry = fileURLToPath(new URL('../../src/report/page/report.ts', import.meta.url));
    const { outputFiles } = buildSync({ entryPoints: [entry], bundle: true, format: 'iife', write: false });
    const script = outputFiles[0]?.text ?? '';
    for (const [name, text] of [
      ['plain', 'hello'],
      ['hostile', HOSTILE],
    ] as const) {
      const facts = sampleFacts(text);
      const { columns, endNanos } = facts.operations;
      const plots = [latencyRaw({ workload: text, columns, bands: facts.bands, endNanos })];
      const picture = spaceTime({ messages: facts.messages, nodes: SAMPLE_NODES, bands: facts.bands });
      const findings = [{ title: text, text, fullText: text, picture }];
      writeFileSync(join(folder, `${name}.html`), reportPage({ facts, plots, findings, script }));
      writeFileSync(join(folder, `${name}-timeline.html`), timelinePage(facts));
      writeFileSync(join(folder, `${name}.svg`), svgFile(picture));
    }
  },
  () => rmSync(folder, { recursive: true, force: true }),
);

/** Opens a file; whatever goes wrong there, or is asked of a network, is told. */
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

test('operations can be searched', async () => {
  const { page, complaints } = await open('plain.html');
  const table = page.locator('#operations');
  await expect.poll(() => table.locator('tbody tr').count()).toBe(6);
  await table.getByRole('searchbox').fill('cas fail');
  expect(await table.getByRole('status').innerText()).toBe('1 to 1 of 1');
  await table.getByRole('searchbox').fill('nothing has this');
  expect(await table.getByRole('status').innerText()).toBe('nothing found');
  expect(complaints).toEqual([]);
  await page.close();
});

test('a message is chosen in the table, by mouse or keyboard, and the diagram goes there', async () => {
  const { page, complaints } = await open('plain.html');
  await page.locator('#messages tbody tr').nth(3).click();
  expect(await page.locator('#message').innerText()).toContain(
    'Message 3: n2 to n1, sent at 0.600000 s, lost (partition).',
  );
  await page.locator('#messages tbody tr').nth(4).focus();
  await page.keyboard.press('Enter');
  expect(await page.locator('#message').innerText()).toContain('2 copies arrived');
  expect(complaints).toEqual([]);
  await page.close();
});

test('the diagram zooms and pans by keyboard, and shows the whole run', async () => {
  const { page } = await open('plain.html');
  const status = page.locator('#diagram .controls span');
  await page.getByRole('button', { name: 'Whole run' }).click();
  await expect.poll(() => status.innerText()).toBe('0.000000 s to 2.100000 s: 7 messages');
  await page.locator('canvas').focus();
  await page.keyboard.press('+');
  await expect.poll(() => status.innerText()).toContain('0.525000 s to 1.575000 s');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => status.innerText()).toContain('0.735000 s to 1.785000 s');
  await page.close();
});

test.each(['hostile.html', 'hostile-timeline.html', 'hostile.svg'])(
  '%s runs nothing that a node wrote',
  async (file) => {
    const { page, complaints } = await open(file);
    if (file === 'hostile.html') await page.locator('#messages tbody tr').first().click();
    expect(await page.locator('img, svg script').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  },
);
