/** The viewer without a picture or a mouse: what screen readers announce, what keys do, and that everything fits any screen. */
import type { Browser, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { lostElement, writeSampleRun } from '../support/stored-run-sample.ts';
import { announced, withBrowser, openSite, type Site } from '../support/browser.ts';

let browser: Browser;
let site: Site;

const FAILED = '20261121T030000.000Z';
const SECOND = '20261121T040000.000Z';
const LONG = 'a-program-with-a-long-name-that-was-chosen-one-day.ts';

const RUN = {
  messages: [
    { src: 'c4', dest: 'n1', sent: 100, arrives: [101], body: '{"type":"read","msg_id":1}' },
    { src: 'n1', dest: 'c4', sent: 201, arrives: [202], body: '{"type":"read_ok","in_reply_to":1}' },
  ],
  history: [
    '{"index":0,"time":99900000,"type":"invoke","process":0,"f":"read","value":null}',
    '{"index":1,"time":203000000,"type":"ok","process":0,"f":"read","value":[1,2]}',
  ],
};

withBrowser(
  async (opened) => {
    browser = opened;
    site = await openSite();
    writeSampleRun(site.store, FAILED, {
      ...RUN,
      results: {
        workload: lostElement(9, { index: 1, time: 1, process: 0, type: 'ok', f: 'broadcast', value: 9 }),
        'valid?': false,
      },
      spec: {
        bin: `/programs/${LONG}`,
        nemesis: ['partition', 'kill', 'pause', 'membership', 'one-way', 'duplicate'],
        seed: 'x'.repeat(60),
        concurrency: 7,
      },
    });
    writeSampleRun(site.store, SECOND, { ...RUN, results: { 'valid?': true } });
  },
  () => site.close(),
);

async function open(path: string, width = 1300): Promise<Page> {
  const { page } = await site.page(browser, { viewport: { width, height: 900 } });
  await page.goto(site.url + path);
  await page
    .locator(path === '' ? 'tbody tr' : '.picture[data-drawn$="full"]')
    .first()
    .waitFor();
  return page;
}

const runPath = `run/broadcast/${FAILED}`;

describe('a screen reader announces', () => {
  test('the list of runs as a named table, even if a narrow screen shows its rows as cards', async () => {
    for (const width of [1900, 390]) {
      const page = await open('', width);
      expect(await announced(page, ['heading', 'table', 'columnheader', 'searchbox', 'combobox'])).toEqual([
        'columnheader: Actions',
        'columnheader: Cluster',
        'columnheader: Compare',
        'columnheader: Faults',
        'columnheader: Finding',
        'columnheader: Load',
        'columnheader: Msgs/op',
        'columnheader: Program',
        'columnheader: Seed',
        'columnheader: Stable',
        'columnheader: Started',
        'columnheader: Verdict',
        'columnheader: Workload',
        ...(width === 390 ? ['combobox: Sort by'] : []),
        'combobox: Verdict',
        'heading: Runs',
        'searchbox: Search',
        'table: Runs',
      ]);
      const named = await announced(page, ['checkbox', 'button']);
      expect(named).toContain(`button: Delete broadcast/${FAILED}`);
      expect(named).toContain('checkbox: Compare broadcast of 2026-11-21 03:00:00');
      await page.close();
    }
  });

  test('the parts of a run by headings, its tools, its tabs and its tables by name', async () => {
    const page = await open(runPath);
    await page.locator('[role=tabpanel] table').waitFor();
    expect(await announced(page, ['heading', 'tablist', 'tab', 'tabpanel', 'table', 'toolbar'])).toEqual([
      'heading: 1 finding',
      'heading: Element 9 is lost',
      'heading: In words',
      'heading: Verdict',
      'heading: broadcast ✗ invalid',
      'tab: Faults',
      'tab: Files',
      'tab: Logs',
      'tab: Messages',
      'tab: Operations',
      'tab: Options',
      'tab: Propagation',
      'tab: Results',
      'table: Messages in view',
      'tablist: In words',
      'tabpanel: Messages',
      'toolbar: View',
    ]);
    const unnamed = (
      await announced(page, ['button', 'link', 'searchbox', 'combobox', 'region', 'application'])
    ).filter((each) => each.endsWith(': '));
    expect(unnamed).toEqual([]);
    await page.close();
  });

  test('what is in view, after moving stops', async () => {
    const page = await open(runPath);
    const live = page.locator('.picture-area [aria-live=polite].hidden');
    await expect.poll(() => live.textContent()).toContain('2 messages');
    await page.locator('div.picture').focus();
    await page.keyboard.press('+');
    await expect.poll(() => live.textContent()).not.toContain('0.00 s to');
    await page.close();
  });

  test('the selection, under a heading, in a region that is announced when it changes', async () => {
    const page = await open(`${runPath}#m=0`);
    const selected = page.getByRole('complementary', { name: 'Selected' });
    await selected.getByRole('heading', { name: 'Message 0: read' }).waitFor();
    expect(await selected.getAttribute('aria-live')).toBe('polite');
    await selected.getByRole('button', { name: 'Clear the selection' }).click();
    await expect.poll(() => selected.count()).toBe(0);
    await page.close();
  });
});

describe('keys', () => {
  test('move from tab to tab, cyclically and to both ends, and only one tab is in the tab order', async () => {
    const page = await open(runPath);
    const chosen = page.locator('[role=tab][aria-selected=true]');
    await page.getByRole('tab', { name: 'messages' }).focus();
    for (const [key, name] of [
      ['ArrowRight', 'operations'],
      ['End', 'files'],
      ['ArrowRight', 'messages'],
      ['ArrowLeft', 'files'],
      ['Home', 'messages'],
    ] as const) {
      await page.keyboard.press(key);
      expect(await chosen.textContent()).toBe(name);
      expect(await page.evaluate('document.activeElement.textContent')).toBe(name);
      const panel = page.getByRole('tabpanel', { name });
      expect(await panel.getAttribute('id')).toBe(await chosen.getAttribute('aria-controls'));
    }
    expect(await page.locator('[role=tab][tabindex="0"]').count()).toBe(1);
    await page.close();
  });

  test('ask before a run is deleted, with the harmless answer preselected, and Escape cancels', async () => {
    const page = await open('');
    const remove = page.getByRole('button', { name: `Delete broadcast/${SECOND}` });
    await remove.focus();
    await page.keyboard.press('Enter');
    const question = page.getByRole('alertdialog', { name: `Delete broadcast/${SECOND}?` });
    await question.waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Keep');
    await page.keyboard.press('Escape');
    await expect.poll(() => question.count()).toBe(0);
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('delete');
    expect(await page.locator('tbody tr').count()).toBe(2);
    await page.close();
  });
});

describe('on a screen of any width', () => {
  const WIDTHS = [1900, 1400, 1000, 768, 760, 390];

  test.each([
    ['the list', ''],
    ['a run', `${runPath}#m=0`],
    ['two runs', `compare?a=broadcast/${FAILED}&b=broadcast/${SECOND}`],
  ])('%s is no wider than it', async (_, path) => {
    const page = await open(path);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      // Drawings are resized after the layout.
      await expect
        .poll(() => page.evaluate('document.documentElement.scrollWidth'))
        .toBeLessThanOrEqual(width);
    }
    await page.close();
  });

  test('a page without hunts breaks the command that it shows, rather than grow wider', async () => {
    const { page } = await site.page(browser, { viewport: { width: 390, height: 900 } });
    await page.goto(`${site.url}hunts`);
    await page.getByText('There are no hunts here yet').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.close();
  });

  test('on a narrow screen the figures of two runs stand below the name of their run', async () => {
    const page = await open(`compare?a=broadcast/${FAILED}&b=broadcast/${SECOND}`, 390);
    const table = page.getByRole('table', { name: 'Options that differ' });
    for (const column of [1, 2]) {
      const name = await table.locator('thead th').nth(column).boundingBox();
      const value = await table
        .locator('tbody td')
        .nth(column - 1)
        .boundingBox();
      expect(name?.height).toBeGreaterThan(10);
      expect(name?.x).toBeCloseTo(value?.x ?? -1, 0);
    }
    await page.close();
  });

  test('on a narrow screen the tab that a link opens is in view', async () => {
    const { page } = await site.page(browser, { viewport: { width: 390, height: 900 } });
    await page.goto(`${site.url}${runPath}#tab=files`);
    const chosen = page.getByRole('tab', { name: 'files' });
    await chosen.waitFor();
    await expect
      .poll(async () => {
        const box = await chosen.boundingBox();
        return box !== null && box.x >= 0 && box.x + box.width <= 390;
      })
      .toBe(true);
    await page.close();
  });

  test('on a narrow screen an entire value is next to its name, none of it below', async () => {
    const page = await open('', 390);
    const misplaced = await page.locator('tbody td[data-label]:visible').evaluateAll((cells) =>
      cells.flatMap((cell) => {
        const range = cell.ownerDocument.createRange();
        range.selectNodeContents(cell);
        const { left } = cell.getBoundingClientRect();
        return [...range.getClientRects()].some((part) => part.left < left + 60) ? [cell.textContent] : [];
      }),
    );
    expect(misplaced).toEqual([]);
    await page.close();
  });

  test('no cell of the list covers another or is cut off', async () => {
    const page = await open('');
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const cells = await page.locator('tbody td:visible').evaluateAll((found) =>
        found.map((cell) => {
          const { left, right, top, bottom } = cell.getBoundingClientRect();
          // Text cut by an ellipsis is complete in the title.
          const isCut =
            cell.scrollWidth > cell.clientWidth + 1 && cell.getAttribute('title') !== cell.textContent;
          return { left, right, top, bottom, isCut };
        }),
      );
      expect(cells.filter(({ isCut, right }) => isCut || right > width)).toEqual([]);
      const covers = cells.filter((one, at) =>
        cells
          .slice(at + 1)
          .some(
            (other) =>
              one.left < other.right - 1 &&
              other.left < one.right - 1 &&
              one.top < other.bottom - 1 &&
              other.top < one.bottom - 1,
          ),
      );
      expect([width, covers]).toEqual([width, []]);
    }
    await page.close();
  });
});
