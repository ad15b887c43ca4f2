/** The list of runs with their outcomes, and two runs side by side: their differences, and the first event that differs. */
import type { Browser } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { writeSampleRun, type SampleMessage } from '../support/stored-run-sample.ts';
import { openSite, withBrowser, type Site } from '../support/browser.ts';

let browser: Browser;
let site: Site;

const GOOD = '20261121T030000.000Z';
const LOSING = '20261121T040000.000Z';
const REPEATED = '20261121T033000.000Z';
const SLOWER = '20261121T043000.000Z';
const RUNNING = '20261121T050000.000Z';
const EVIL = '<img src=x onerror="window.hacked=1">';

const ASK: SampleMessage = { src: 'n1', dest: 'n2', sent: 100, arrives: [150], body: '{"type":"ask"}' };
const TELL: SampleMessage = {
  src: 'n2',
  dest: 'n3',
  sent: 200,
  arrives: [240],
  body: '{"type":"tell","v":1}',
};
const HISTORY = [
  '{"index":0,"time":99000000,"type":"invoke","process":0,"f":"read","value":null}',
  '{"index":1,"time":300000000,"type":"ok","process":0,"f":"read","value":[1,2]}',
];

const results = (isValid: boolean, perOperation: number) => ({
  stats: { 'valid?': true, count: 1, 'ok-count': 1, 'fail-count': 0, 'info-count': 0, 'by-f': {} },
  net: {
    'valid?': true,
    all: { 'send-count': 2, 'recv-count': 2, 'msg-count': 2, 'msgs-per-op': perOperation },
    clients: { 'send-count': 0, 'recv-count': 0, 'msg-count': 0 },
    servers: { 'send-count': 2, 'recv-count': 2, 'msg-count': 2, 'msgs-per-op': perOperation },
  },
  workload: {
    'valid?': isValid,
    'attempt-count': 4,
    'stable-count': isValid ? 4 : 3,
    'lost-count': isValid ? 0 : 1,
    lost: isValid ? [] : [9],
    'never-read': [],
    'stale-count': 0,
    'stable-latencies': { '0': 0, '0.5': 120, '0.95': 400, '0.99': 450, '1': 1500 },
  },
  'valid?': isValid,
});

withBrowser(
  async (opened) => {
    browser = opened;
    site = await openSite();
    const spec = { world: 'simulated', seed: 'a' } as const;
    writeSampleRun(site.store, GOOD, {
      spec,
      messages: [ASK, TELL],
      history: HISTORY,
      results: results(true, 2.5),
    });
    writeSampleRun(site.store, LOSING, {
      spec: { ...spec, timeLimitSeconds: 77, bin: `/programs/${EVIL}${'w'.repeat(300)}.ts` },
      messages: [ASK, { ...TELL, body: `{"type":"tell","v":${JSON.stringify(EVIL)}}` }],
      history: HISTORY,
      results: results(false, 12.25),
    });
  },
  () => site.close(),
);

describe('the list of runs', () => {
  test('shows the errors found, the figures, and how often each program passed', async () => {
    const { page, complaints } = await site.page(browser);
    await page.goto(site.url);
    const losing = page.locator('tr', { has: page.locator(`a[href$="${LOSING}"]`) });
    await losing.getByText('1 of 4 elements lost').waitFor();
    expect(await losing.textContent()).toContain('12.3');
    expect(await losing.textContent()).toContain('0.1 / 1.5 s');
    await page.getByText('Pass rate by program').click();
    const rates = page.getByRole('table', { name: 'Pass rate by program' });
    expect(await rates.getByRole('row').nth(1).textContent()).toContain('0 of 10 %');
    expect(await rates.getByRole('row').nth(2).textContent()).toContain('sample.tsbroadcast1 of 1100 %');
    // A name of any length leaves the figures in view.
    const rate = await rates.getByRole('columnheader', { name: 'Rate' }).boundingBox();
    expect(rate?.x).toBeLessThan(1200);
    await rates.getByRole('button', { name: 'List the runs of sample.ts, broadcast' }).click();
    await page.getByText('1 of 2 runs').waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('has a line for each run, even if one is in progress with many faults and a long seed', async () => {
    writeSampleRun(site.store, RUNNING, {
      spec: {
        seed: 's'.repeat(60),
        nemesis: ['partition', 'kill', 'pause', 'loss', 'duplicate'],
        bin: `/programs/${'long-name-'.repeat(8)}.ts`,
      },
      messages: [ASK],
      history: HISTORY,
    });
    const { page } = await site.page(browser);
    await page.goto(site.url);
    await page.getByText('● running').waitFor();
    for (const width of [1900, 1400, 1360, 1200, 1000, 800, 768]) {
      await page.setViewportSize({ width, height: 800 });
      const heights = await page
        .locator('table.runs tbody tr')
        .evaluateAll((rows) => rows.map((row) => Math.round(row.getBoundingClientRect().height)));
      expect(heights).toHaveLength(3);
      // Two lines of text are 40 px high.
      expect([width, Math.max(...heights) < 40]).toEqual([width, true]);
      const finding = await page.locator('td.finding', { hasText: /./ }).first().boundingBox();
      expect([width, (finding?.width ?? 0) > (width >= 1400 ? 250 : 150)]).toEqual([width, true]);
      // The actions are not cut off on the right.
      const overflow = await page
        .locator('table.runs')
        .evaluate(
          (table) => (table.parentElement?.scrollWidth ?? 0) - (table.parentElement?.clientWidth ?? 0),
        );
      expect([width, overflow]).toEqual([width, 0]);
    }
    await page.close();
  });
});

describe('two runs', () => {
  test('differ in options and figures, and diverge at an event that is shown in both', async () => {
    const { page, complaints } = await site.page(browser);
    await page.goto(`${site.url}compare?a=broadcast/${GOOD}&b=broadcast/${LOSING}`);
    const options = page.getByRole('table', { name: 'Options that differ' });
    await options.getByRole('row', { name: /^time limit seconds \S+ 77$/ }).waitFor();
    const figures = page.getByRole('table', { name: 'Figures' });
    await figures.getByRole('row', { name: /^p95 until stable 400 ms 400 ms$/ }).waitFor();
    await figures.getByRole('row', { name: /^longest until stable 1,500 ms 1,500 ms$/ }).waitFor();
    expect(await figures.locator('tr.differs th').allTextContents()).toEqual(['workload', 'messages']);
    const parting = page.getByRole('region', { name: 'Where they part' });
    await parting.getByText('The first message that differs, at 0.200000 s').waitFor();
    expect(await parting.locator('dd').allTextContents()).toEqual([
      'n2 → n3  {"type":"tell","v":1}, sent at 0.200000 s',
      expect.stringContaining('onerror'),
    ]);
    await page.locator('.picture[data-drawn$="full"]').nth(1).waitFor();
    const tops = await page
      .locator('.side .picture-area')
      .evaluateAll((areas) => areas.map((area) => Math.round(area.getBoundingClientRect().top)));
    expect(tops[0]).toBe(tops[1]);
    await parting.getByRole('button', { name: 'Show it in both' }).click();
    await page.waitForURL(/a\.t=.*b\.t=/);
    const words = new URLSearchParams(new URL(page.url()).hash.slice(1));
    expect(words.get('a.t')).toBe(words.get('b.t'));
    await page.locator('.side').nth(0).getByText('"v":1').first().waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('of one seed and other options diverge where their operations do, since all times differ', async () => {
    writeSampleRun(site.store, SLOWER, {
      spec: {
        world: 'simulated',
        seed: 'a',
        concurrency: 9,
        latency: { distribution: 'constant', meanMs: 50 },
      },
      messages: [{ ...ASK, sent: 50 }, TELL],
      history: [HISTORY[0] ?? '', (HISTORY[1] ?? '').replace('[1,2]', '[1]')],
      results: results(true, 2.5),
    });
    const { page } = await site.page(browser);
    await page.goto(`${site.url}compare?a=broadcast/${GOOD}&b=broadcast/${SLOWER}`);
    const parting = page.getByRole('region', { name: 'Where they part' });
    await parting.getByText('The first operation that differs').waitFor();
    expect(await parting.textContent()).toContain(
      'Operations were compared without their times, which concurrency and latency have changed from the beginning.',
    );
    await page.close();
  });

  test('that are equal do not diverge', async () => {
    writeSampleRun(site.store, REPEATED, {
      spec: { world: 'simulated', seed: 'a' },
      messages: [ASK, TELL],
      history: HISTORY,
      results: results(true, 2.5),
    });
    const { page } = await site.page(browser);
    await page.goto(`${site.url}compare?a=broadcast/${GOOD}&b=broadcast/${REPEATED}`);
    await page.getByText('Both runs have the same options.').waitFor();
    await page.getByText('No message or operation differs.').waitFor();
    await page.close();
  });
});
