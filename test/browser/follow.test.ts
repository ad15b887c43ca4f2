/** A request followed in the viewer: nodes forward writes by rpc, a partition loses a forward, and the operation times out. */
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openRun, runTest } from '../../src/index.ts';
import type { OperationDetails, RequestTree } from '../../src/recording/views.ts';
import { announced, openSite, withBrowser, type Site } from '../support/browser.ts';

let browser: Browser;
let site: Site;
let folder: string;
let id: string;
/** An operation that ended in `info` because a forward was lost, and the messages sent for it. */
let operation: OperationDetails;
let tree: RequestTree;

withBrowser(
  async (opened) => {
    browser = opened;
    site = await openSite();
    const { folder: written } = await runTest({
      store: site.store,
      world: 'simulated',
      seed: 'follow',
      workload: 'lin-kv',
      bin: fileURLToPath(new URL('../sdk/forwarding.ts', import.meta.url)),
      nodes: ['n1', 'n2', 'n3'],
      nemesis: ['partition'],
      nemesisIntervalSeconds: 2,
      timeLimitSeconds: 10,
      rate: 40,
      latency: { meanMs: 20, distribution: 'constant' },
    });
    folder = written;
    id = folder.split('/').slice(-2).join('/');
    [operation, tree] = await lostForward();
  },
  () => site.close(),
);

async function lostForward(): Promise<readonly [OperationDetails, RequestTree]> {
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${site.url}api/runs/${id}/${path}`)).json()) as T;
  const { ops } = openRun(folder).history();
  for (const { index, type, process, error } of ops) {
    if (type !== 'info' || process === 'nemesis' || !JSON.stringify(error).includes('did not answer'))
      continue;
    const found = await ask<OperationDetails>(`operations/${index}`);
    const of = await ask<RequestTree>(`requests/${found.exchanges[0]?.request.id}`);
    if (of.rows[1]?.dropReason === 'partition') return [found, of];
  }
  throw new Error('no forward was lost');
}

const panel = (page: Page) => page.getByRole('region', { name: 'The request, followed' });

async function follow(page: Page, address: string): Promise<void> {
  await page.goto(`${address}#o=${operation.index}`);
  await page.getByRole('button', { name: 'Follow through the cluster' }).click();
  await panel(page).getByRole('row').first().waitFor();
}

test('the operation’s lost forward comes first, with the time spent waiting for it; no unrelated read is highlighted', async () => {
  const { page, complaints } = await site.page(browser);
  await follow(page, `${site.url}run/${id}`);
  const rows = await panel(page).getByRole('row').allInnerTexts();
  expect(rows.length).toBe(tree.rows.length);
  expect(rows[0]).toMatch(/^c\d+ → n\d write|^c\d+ → n\d cas/);
  expect(rows[1]).toMatch(/→ n1 forward .*lost \(partition\).*waited 500 ms in vain/s);
  await page.waitForURL(/mark=way/);
  await page.getByText(/All \d+ marked messages in view/).waitFor();
  const types = await page.locator('#tab-panel tbody tr td:nth-child(2)').allInnerTexts();
  expect(types).toEqual([expect.stringMatching(/write|cas/), 'forward', 'error']);
  // The view contains all of it, and more.
  expect(Number(await page.locator('.picture').getAttribute('data-arrows'))).toBeGreaterThan(3);
  expect(complaints).toEqual([]);
  await page.close();
});

test('rows are navigated by keyboard, and a selection there is a selection in the picture', async () => {
  const { page } = await site.page(browser);
  await follow(page, `${site.url}run/${id}`);
  await panel(page).getByRole('row').first().focus();
  await page.keyboard.press('ArrowDown');
  const lost = tree.rows[1]?.message.id;
  await page.waitForURL(new RegExp(`m=${lost}(&|$)`));
  await page.getByRole('heading', { name: `Message ${lost}: forward` }).waitFor();
  expect(await panel(page).getByRole('row').nth(1).getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Home');
  await page.getByRole('heading', { name: `Message ${tree.rows[0]?.message.id}:` }).waitFor();
  const words = await announced(page, ['treegrid', 'row']);
  expect(words).toContain('treegrid: What was sent for it');
  await page.getByRole('button', { name: 'Clear the selection' }).click();
  expect(await panel(page).isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Stop following' }).click();
  await panel(page).waitFor({ state: 'detached' });
  await page.close();
});

test('branches are folded and unfolded, by keyboard and by mouse; a folded one shows its size', async () => {
  const { page } = await site.page(browser);
  await follow(page, `${site.url}run/${id}`);
  const rows = panel(page).getByRole('row');
  await rows.first().focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => rows.count()).toBe(1);
  expect(await rows.first().getAttribute('aria-expanded')).toBe('false');
  expect(await rows.first().innerText()).toContain(`${tree.rows.length - 1} more`);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => rows.count()).toBe(tree.rows.length);
  await rows.first().locator('.follow-fold').click();
  await expect.poll(() => rows.count()).toBe(1);
  // Folding does not select.
  expect(await rows.first().getAttribute('aria-selected')).toBe('false');
  await page.close();
});

test('a link restores the request, followed', async () => {
  const { page } = await site.page(browser);
  await page.goto(`${site.url}run/${id}#mark=way%3A${tree.rows[1]?.message.id}`);
  await panel(page).getByRole('row').first().waitFor();
  expect(await panel(page).getByRole('row').count()).toBe(tree.rows.length);
  await page.close();
});

test('report.html follows a request as well, from a file', async () => {
  const { page, complaints } = await site.page(browser);
  await follow(page, pathToFileURL(join(folder, 'report.html')).href);
  const rows = await panel(page).getByRole('row').allInnerTexts();
  expect(rows[1]).toMatch(/forward .*lost \(partition\).*waited 500 ms in vain/s);
  // Without the report's styles, bars would have no width.
  const bars = await panel(page).locator('.follow-bar.waiting').boundingBox();
  expect(bars?.width).toBeGreaterThan(100);
  expect(complaints).toEqual([]);
  await page.close();
});

test('on a narrow screen the rows fit', async () => {
  const { page } = await site.page(browser, { viewport: { width: 390, height: 800 } });
  await follow(page, `${site.url}run/${id}`);
  const box = await panel(page).getByRole('row').nth(1).boundingBox();
  expect([box !== null && box.x >= 0, box !== null && box.x + box.width <= 390]).toEqual([true, true]);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  await page.close();
});
