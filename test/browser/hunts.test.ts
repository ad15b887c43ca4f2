/** The pages of hunts: what screen readers announce, that hostile names are only text, and that everything fits any screen. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { announced, withBrowser, openSite, type Site } from '../support/browser.ts';

let browser: Browser;
let site: Site;

const FOUND = '20261121T023456.789Z-broadcast';
const CLEAN = '20261121T033456.789Z-lin-kv';
const HOSTILE = '20261121T043456.789Z-echo';

/** Tries to run as a script, break out of an attribute, reverse the text direction, or push other text away. */
const EVIL = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>\u202e\u200b\u0007${'long'.repeat(40)}`;

const failure = (number: number, texts: { readonly name: string; readonly sentence: string }) => ({
  signature: [texts.name],
  also: [],
  problem: '',
  count: 3,
  firstRun: number,
  smallest: {
    number,
    spec: { nodes: ['n1', 'n2', 'n3'], nemesis: ['partition'] },
    signature: [texts.name],
    sentence: texts.sentence,
    problem: '',
    operations: 4,
    messages: 9,
    nanos: 1,
    command: `maelstrom test --simulate --seed ${texts.name}`,
    kept: 'broadcast/20261121T023500.000Z',
    shrunk: 'broadcast/20261121T023600.000Z',
  },
});

function writeHunt(name: string, summary: object): void {
  const folder = join(site.store, 'hunts', name);
  mkdirSync(folder, { recursive: true });
  const whole = {
    version: 1,
    workload: 'broadcast',
    program: 'broadcast.ts',
    seed: 's',
    startedAt: '2026-11-21T02:34:56.789Z',
    end: 'all runs',
    seconds: 12,
    world: 'simulated',
    cpuSeconds: 20,
    workers: 2,
    faults: ['partition', 'pause'],
    tally: {
      runs: 1240,
      failures: 0,
      operations: 9000,
      messages: 70_000,
      virtualNanos: 1e12,
      withoutSuccess: 3,
      faults: { partition: { began: 400, underWay: 380, succeeded: 200 } },
    },
    fates: ['lost by a partition: tell 12; never: hello'],
    expected: [
      'never: sometimes "a leader is cut off with an uncommitted entry"',
      'in 12 runs: reachable "an overwrite"',
    ],
    compared: 24,
    doubts: [],
    failures: [],
    otherFailures: 0,
    ...summary,
  };
  writeFileSync(join(folder, 'summary.json'), JSON.stringify(whole));
}

/** Writes a hunt on many machines. */
function writeCampaign(name: string, host: string, why: string): void {
  const worker = {
    host,
    pid: 7,
    processes: 8,
    maelstrom: '0.1.0',
    node: '20.19.0',
    runs: 1234,
    silentSeconds: 300,
  };
  const campaign = {
    version: 1,
    state: 'paused',
    queue: 'redis://10.0.0.5:6379',
    rate: 4,
    workers: [
      { ...worker, state: 'away', why: '' },
      { ...worker, pid: 8, silentSeconds: 0, state: 'refuses', why },
    ],
  };
  writeFileSync(join(site.store, 'hunts', name, 'campaign.json'), JSON.stringify(campaign));
}

withBrowser(
  async (opened) => {
    browser = opened;
    site = await openSite();
    writeHunt(CLEAN, { workload: 'lin-kv' });
    writeHunt(FOUND, {
      end: 'found',
      tally: { runs: 9, failures: 6 },
      failures: [
        failure(7, { name: 'lost', sentence: 'Element 3 was lost.' }),
        failure(9, { name: 'unseen', sentence: 'Element 4 was never seen.' }),
      ],
      doubts: [
        { run: 50, doubt: 'not deterministic', command: 'maelstrom test --seed s-50' },
        {
          run: 60,
          doubt: 'too many events',
          why: 'Given up after 5000000 events.',
          command: 'maelstrom test --seed s-60',
        },
      ],
    });
    writeHunt(HOSTILE, {
      workload: EVIL,
      program: EVIL,
      seed: EVIL,
      faults: [EVIL, '__proto__', 'constructor'],
      fates: [EVIL],
      expected: [`never: sometimes "${EVIL}"`, '__proto__'],
      doubts: [
        { run: 1, doubt: 'constructor', why: EVIL, command: EVIL },
        { run: 1, doubt: 'toString', why: '', command: EVIL },
      ],
      failures: [failure(1, { name: EVIL, sentence: `${EVIL}\n${EVIL}` })],
    });
    writeCampaign(CLEAN, 'lab-7', 'the hunt needs Node.js 20, but the worker has Node.js 24');
    writeCampaign(HOSTILE, EVIL, EVIL);
  },
  () => site.close(),
);

async function open(path: string, width = 1300): Promise<{ page: Page; complaints: readonly string[] }> {
  const { page, complaints } = await site.page(browser, { viewport: { width, height: 900 } });
  await page.goto(site.url + path);
  await page
    .locator(path === 'hunts' ? 'tbody tr' : 'section')
    .first()
    .waitFor();
  return { page, complaints };
}

test('hunts are a named table with the outcome of each in words, newest first', async () => {
  const { page, complaints } = await open('hunts');
  expect(await announced(page, ['heading', 'table', 'columnheader', 'status'])).toEqual(
    expect.arrayContaining([
      'heading: Hunts',
      'table: Hunts',
      ...['Outcome', 'Workload', 'Started', 'Program', 'Runs', 'Failures', 'Kinds', 'Seed'].map(
        (name) => `columnheader: ${name}`,
      ),
    ]),
  );
  const rows = page.locator('tbody tr');
  expect(await rows.count()).toBe(3);
  expect(await rows.nth(1).textContent()).toContain('✓ nothing found');
  expect(await rows.nth(2).textContent()).toContain('✗ failure found');
  expect(await rows.nth(2).textContent()).toContain('lost; unseen');
  await rows.nth(2).getByRole('link').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Hunt in broadcast.ts (broadcast)' }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test('a hunt has a heading for each part, including what never occurred, and no control without a name', async () => {
  const { page, complaints } = await open(`hunt/${FOUND}`);
  expect(await announced(page, ['heading', 'region', 'table'])).toEqual([
    'heading: 6 failures, by kind, the smallest first',
    'heading: Faults',
    'heading: Hunt in broadcast.ts (broadcast)',
    'heading: Messages between servers, in every tenth run',
    'heading: Unreliable runs',
    'heading: What should happen at least once',
    'heading: lost: 3 runs, first run 7',
    'heading: unseen: 3 runs, first run 9',
    'region: Doubts',
    'region: Failures',
    'region: Faults',
    'region: Faults, scrolls',
    'region: Figures',
    'region: Kinds of failures, scrolls',
    'region: What should happen at least once',
    'table: In how many runs faults happened',
    'table: Kinds of failures, with their smallest runs',
  ]);
  const expected = page.getByRole('region', { name: 'What should happen at least once' });
  expect(await expected.getByRole('listitem').allTextContents()).toEqual([
    'never: sometimes "a leader is cut off with an uncommitted entry"',
    'in 12 runs: reachable "an overwrite"',
  ]);
  const small = page.getByRole('link', { name: 'Open the shrunk run' }).first();
  expect(await small.getAttribute('href')).toBe('/run/broadcast/20261121T023600.000Z');
  const doubts = page.getByRole('region', { name: 'Doubts' });
  expect(await doubts.locator('pre').allTextContents()).toEqual([
    'maelstrom test --seed s-50 --check-determinism',
    'maelstrom test --seed s-60',
  ]);
  expect(await doubts.textContent()).toContain('Given up after 5000000 events.');
  const unnamed = (await announced(page, ['button', 'link', 'region', 'table'])).filter((each) =>
    each.endsWith(': '),
  );
  expect(unnamed).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
});

test('the kinds of failures are a table that sorts by each column, with the failures below, and leads to them', async () => {
  const { page, complaints } = await open(`hunt/${FOUND}`);
  const table = page.getByRole('table', { name: 'Kinds of failures, with their smallest runs' });
  const kinds = (): Promise<string[]> => table.locator('tbody td:first-child').allTextContents();
  const headings = (): Promise<string[]> => page.locator('.hunt-group h3').allTextContents();
  expect(await kinds()).toEqual(['lost', 'unseen']);
  const heading = table.getByRole('columnheader', { name: 'Kind' });
  const button = heading.getByRole('button');
  await button.press('Enter');
  expect(await heading.getAttribute('aria-sort')).toBe('ascending');
  await button.press('Enter');
  expect(await heading.getAttribute('aria-sort')).toBe('descending');
  expect(await kinds()).toEqual(['unseen', 'lost']);
  expect(await headings()).toEqual(['unseen: 3 runs, first run 9', 'lost: 3 runs, first run 7']);
  await page.getByRole('heading', { name: '6 failures, by kind', exact: true }).waitFor();
  await table.getByRole('link', { name: 'lost' }).click();
  await page.waitForURL(/#failure-7$/);
  await button.press('Enter');
  expect(await heading.getAttribute('aria-sort')).toBeNull();
  expect(await kinds()).toEqual(['lost', 'unseen']);
  expect(complaints).toEqual([]);
  await page.close();
});

test('a hunt on many machines has a table of its workers; once it is over, no button, and nothing of what they do now', async () => {
  const { page, complaints } = await open(`hunt/${CLEAN}`);
  const campaign = page.getByRole('region', { name: 'Campaign' });
  expect(
    await campaign.getByRole('table', { name: 'Workers' }).locator('tbody tr').allTextContents(),
  ).toEqual([
    'lab-7 71,234–80.1.020.19.0',
    'lab-7 81,234cannot work for it: the hunt needs Node.js 20, but the worker has Node.js 2480.1.020.19.0',
  ]);
  expect(await campaign.getByRole('button').count()).toBe(0);
  expect(await campaign.textContent()).toContain('Over, through redis://10.0.0.5:6379');
  expect(complaints).toEqual([]);
  await page.close();
});

test('text from programs is shown as text: it runs nothing, and invisible characters are escaped', async () => {
  for (const path of ['hunts', `hunt/${HOSTILE}`]) {
    const { page, complaints } = await open(path);
    const text = (await page.locator('.page').textContent()) ?? '';
    expect(text).toContain('<script>');
    for (const hidden of ['\u202e', '\u200b', '\u0007']) expect(text).not.toContain(hidden);
    expect(await page.locator('.page img, .page script').count()).toBe(0);
    expect(await page.title()).toMatch(/^Maelstrom: hunt/);
    expect(complaints).toEqual([]);
    await page.close();
  }
});

test('both pages are no wider than the screen, even with very long words', async () => {
  for (const path of ['hunts', `hunt/${FOUND}`, `hunt/${HOSTILE}`]) {
    const { page } = await open(path);
    for (const width of [1900, 1000, 760, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await expect
        .poll(() => page.evaluate('document.documentElement.scrollWidth'))
        .toBeLessThanOrEqual(width);
    }
    await page.close();
  }
});

test('an endless name covers neither the outcome beside it nor the columns after it', async () => {
  const { page } = await open('hunts', 390);
  const row = page.locator('tbody tr').first();
  const name = await row.getByRole('link').boundingBox();
  const outcome = await row.locator('.verdict').boundingBox();
  expect((name?.x ?? 0) + (name?.width ?? Infinity)).toBeLessThanOrEqual(outcome?.x ?? 0);
  await page.setViewportSize({ width: 1300, height: 900 });
  await page.goto(`${site.url}hunt/${HOSTILE}`);
  const host = page.getByRole('table', { name: 'Workers' }).locator('tbody td').first();
  expect((await host.boundingBox())?.width).toBeLessThan(600);
  await page.close();
});
