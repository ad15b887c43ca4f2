/** Findings at the top of report.html and of a run's page: the story step by step, the drawings, and links into the diagram. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openTest } from '../../src/harness/one-test/open-test.ts';
import { reportRun } from '../../src/harness/one-test/report-run.ts';
import { completeSpec } from '../../src/harness/settings/spec-defaults.ts';
import type { TestSpec } from '../../src/run/test-spec.ts';
import { WORKLOADS } from '../../src/workloads/index.ts';
import { bundleNode } from '../../src/world/bundling/bundle.ts';
import { openSite, withBrowser, type Site } from '../support/browser.ts';
import { BROKEN, smallFailingRun } from '../support/small-failing-run.ts';

let browser: Browser;
let site: Site;
const folders = new Map<string, string>();
const bundles = mkdtempSync(join(tmpdir(), 'maelstrom-findings-'));

withBrowser(
  async (opened) => {
    browser = opened;
    site = await openSite();
    folders.set('broadcast', await lossyBroadcast());
    folders.set('lin-kv', await storedRun(await specOf('raft-stale-reads')));
    folders.set('cycle', await storedRun(await specOf('txn-lost-update')));
    folders.set('cases', await manyAnomalies());
  },
  async () => {
    await site.close();
    rmSync(bundles, { recursive: true });
  },
);

async function lossyBroadcast(): Promise<string> {
  const program = fileURLToPath(new URL('../../examples/broken/trusts-delivery.ts', import.meta.url));
  const { bin } = await bundleNode(program, 'simulated', bundles);
  return storedRun(
    completeSpec({
      workload: 'broadcast',
      bin,
      world: 'simulated',
      seed: '1',
      nodes: ['n0', 'n1', 'n2'],
      nemesis: ['partition'],
      nemesisIntervalSeconds: 2,
      timeLimitSeconds: 8,
    }),
  );
}

async function manyAnomalies(): Promise<string> {
  const program = fileURLToPath(new URL('../../examples/broken/txn-lost-update.ts', import.meta.url));
  const { bin } = await bundleNode(program, 'simulated', bundles);
  return storedRun(
    completeSpec({
      workload: 'txn-list-append',
      bin,
      world: 'simulated',
      seed: '1',
      rate: 200,
      timeLimitSeconds: 4,
      latency: { meanMs: 5, distribution: 'constant' },
    }),
  );
}

const isDiagramInView = (page: Page): Promise<unknown> =>
  page.evaluate(`(() => {
    const { top } = document.querySelector('.picture-area').getBoundingClientRect();
    return top >= 0 && top < innerHeight / 2;
  })()`);

async function specOf(name: string): Promise<TestSpec> {
  const example = BROKEN.find((one) => one.name === name);
  if (example === undefined) throw new Error(`there is no example ${name}`);
  return (await smallFailingRun(example)).spec;
}

async function storedRun(spec: TestSpec): Promise<string> {
  const workload = WORKLOADS.get(spec.workload);
  if (workload === undefined) throw new Error(`there is no workload ${spec.workload}`);
  const run = await openTest({ spec, workload, store: site.store });
  const stored = await run.run();
  if (stored === undefined) throw new Error('the run was ended');
  const { folder, sentence } = stored;
  expect(await reportRun({ folder, sentence, png: false })).toBeUndefined();
  return folder;
}

const PLACES = ['report.html', 'serve'] as const;

async function open(
  name: string,
  place: (typeof PLACES)[number],
  width = 1400,
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const folder = folders.get(name) ?? '';
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(
    place === 'serve'
      ? `${site.url}run/${basename(dirname(folder))}/${basename(folder)}`
      : pathToFileURL(join(folder, 'report.html')).href,
  );
  await page.locator('.picture[data-drawn$="full"]').waitFor();
  return { page, complaints };
}

/** Returns the time range in the URL, in seconds. */
async function rangeOf(page: Page): Promise<readonly [number, number]> {
  await page.waitForURL(/t=/);
  const [, from, to] = /t=(-?[\d.]+)-([\d.]+)/.exec(page.url()) ?? [];
  return [Number(from) / 1e9, Number(to) / 1e9];
}

describe.each(PLACES)('%s', (place) => {
  test('opens on the story: its steps are at the top, next to a picture of them', async () => {
    const { page, complaints } = await open('broadcast', place);
    const shrinking = page.getByText(/maelstrom shrink \S+/);
    expect(await shrinking.count()).toBe(place === 'serve' ? 1 : 0);
    const article = page.getByRole('article').first();
    expect(await article.getByRole('heading').innerText()).toBe('Element 0 is lost');
    const steps = article.getByRole('list', { name: 'How it happened' }).getByRole('button');
    const words = await steps.allInnerTexts();
    expect(words.join('\n')).toMatch(
      /c4 broadcasts 0 at n0[^]*the partition n0 \| n1 n2 drops it[^]*0 is lost/,
    );
    const drawing = article.getByRole('figure', { name: 'The steps as a picture' });
    await drawing.locator('svg').waitFor();
    const box = await drawing.boundingBox();
    expect((box?.y ?? 9999) + (box?.height ?? 0)).toBeLessThan(900);
    // However many lanes it has, it stays readable and scrolls.
    const svg = drawing.locator('svg');
    const [, least] = /min-width: (\d+)px/.exec((await svg.getAttribute('style')) ?? '') ?? [];
    expect(Number(least) / Number(await svg.getAttribute('width'))).toBeCloseTo(0.7, 1);
    // The sentences are in the list, and not repeated in the picture.
    expect(await drawing.locator('svg').innerHTML()).not.toContain('broadcasts 0 at');
    const [from, to] = await rangeOf(page);
    expect([from < 0, to > 18]).toEqual([true, true]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a step moves the diagram to its moment and selects its message, by mouse and by keyboard', async () => {
    const { page } = await open('broadcast', place);
    const steps = page.getByRole('list', { name: 'How it happened' }).first().getByRole('button');
    await steps.filter({ hasText: 'drops it' }).click();
    const selected = page.getByRole('complementary', { name: 'Selected' });
    await selected.getByRole('heading', { name: /^Message \d+: tell/ }).waitFor();
    expect(await selected.innerText()).toContain('partition');
    await expect.poll(async () => (await rangeOf(page))[1]).toBeLessThan(0.1);
    expect(await isDiagramInView(page)).toBe(true);
    expect(await steps.filter({ hasText: 'drops it' }).getAttribute('aria-current')).toBe('step');

    await steps.filter({ hasText: 'lacks 0' }).focus();
    await page.keyboard.press('Enter');
    await selected.getByRole('heading', { name: /^Operation \d+: read, ok/ }).waitFor();
    await expect.poll(async () => (await rangeOf(page))[0]).toBeGreaterThan(17);
    await page.close();
  });

  test('an arrow of the story selects its message, and its step is marked', async () => {
    const { page } = await open('broadcast', place);
    const drawing = page.getByRole('figure', { name: 'The steps as a picture' }).first();
    const lost = drawing.getByRole('button', { name: /tell from n0 to n1, lost/ });
    await lost.focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('complementary', { name: 'Selected' })
      .getByRole('heading', { name: /^Message \d+: tell/ })
      .waitFor();
    const current = page.locator('[aria-current=step]');
    expect(await current.innerText()).toContain('drops it');
    expect(await drawing.locator('.current').count()).toBe(1);
    await page.close();
  });

  test('the parts of a drawing are one stop of the Tab key, and arrow keys go from one to the next', async () => {
    const { page, complaints } = await open('broadcast', place);
    const parts = page.locator('.drawing').first().locator('svg [role=button]');
    await parts.first().waitFor();
    const names = await parts.evaluateAll((all) => all.map((part) => part.getAttribute('aria-label')));
    expect(names.length).toBeGreaterThan(3);
    const focused = (): Promise<unknown> =>
      page.evaluate('document.activeElement.getAttribute("aria-label")');
    await page.locator('.steps button').last().focus();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(names[0]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe(names[2]);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(names[2]);
    await page.keyboard.press('End');
    expect(await focused()).toBe(names.at(-1));
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.closest(".drawing svg")')).toBeNull();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('is printed dark on white, with the story over the whole width, also from the dark theme', async () => {
    const { page } = await open('broadcast', place);
    const theme = (): Promise<unknown> => page.evaluate('document.documentElement.dataset.theme');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(theme).toBe('dark');
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    await expect.poll(theme).toBe('light');
    expect(await page.locator('.tools button').first().isVisible()).toBe(false);
    const [story, steps] = await Promise.all(
      ['.story', '.steps'].map((part) => page.locator(part).first().boundingBox()),
    );
    expect(steps?.width).toBe(story?.width);
    await page.emulateMedia({ colorScheme: 'dark', media: 'screen' });
    await expect.poll(theme).toBe('dark');
    await page.close();
  });

  test('goes through the cases of an anomaly, each with its drawing, its words and its operations', async () => {
    const { page, complaints } = await open('cases', place);
    const finding = page.getByRole('article').first();
    const choice = finding.getByRole('group', { name: 'Cases of this anomaly' });
    const shown = async (): Promise<string> => {
      await finding
        .getByRole('figure', { name: /^Evidence/ })
        .locator('svg')
        .waitFor();
      return finding.getByRole('figure', { name: /^Evidence/ }).innerText();
    };
    const first = await shown();
    expect(await choice.innerText()).toMatch(/Case 1 of [2-6] shown/);
    expect(await choice.getByRole('button', { name: 'Previous case' }).isDisabled()).toBe(true);
    const next = choice.getByRole('button', { name: 'Next case' });
    await next.click();
    expect(await choice.innerText()).toMatch(/Case 2 of [2-6] shown.*the steps above are of case 1/);
    await expect.poll(shown).not.toBe(first);
    const operation = finding.getByRole('button', { name: /^\d+$/ }).first();
    expect(await finding.getByLabel('Details').innerText()).toContain(`${await operation.innerText()} (`);
    while (await next.isEnabled()) await next.click();
    await choice.getByRole('button', { name: 'Previous case' }).click();
    await shown();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('the diagram is light by the time a dark page is laid out for paper, and dark again afterwards', async () => {
    const { page } = await open('broadcast', place);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('[data-drawn$=" full"]').waitFor();
    const brightness = (event: string): Promise<unknown> =>
      page.evaluate(
        `dispatchEvent(new Event('${event}')); document.querySelector('.picture-top').getContext('2d').getImageData(1, 1, 1, 1).data[0]`,
      );
    await expect.poll(() => brightness('none')).toBeLessThan(60);
    expect(await brightness('beforeprint')).toBe(255);
    expect(await brightness('afterprint')).toBeLessThan(60);
    await page.close();
  });

  test('further findings open below, each with its drawing', async () => {
    const { page, complaints } = await open('broadcast', place);
    const later = page.locator('.findings > details').first();
    await later.locator('summary').click();
    await later
      .getByRole('figure', { name: /^Evidence/ })
      .locator('svg')
      .waitFor();
    await page.evaluate('scrollTo(0, 0)');
    expect(await isDiagramInView(page)).toBe(false);
    await later.getByRole('button', { name: 'Show in the diagram' }).click();
    await page.getByText('shown by the results').waitFor();
    expect(await isDiagramInView(page)).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('the accused operation is marked in the table, and expected failures do not have the colour of the verdict', async () => {
    const { page } = await open('lin-kv', place);
    const number = /Operation (\d+),/.exec(await page.locator('.sentence').first().innerText())?.[1] ?? '';
    await page.getByRole('tab', { name: 'operations' }).click();
    const filter = page.getByRole('searchbox', { name: 'Filter' });
    await filter.fill('outcome:ok');
    const row = page.locator('tr.accused');
    await row.waitFor();
    expect(await row.locator('td').first().innerText()).toBe(`${number} wrong`);
    await page.getByRole('button', { name: 'Whole run' }).click();
    await filter.fill('outcome:fail');
    const outcome = page.locator('.outcome.fail').first();
    await outcome.waitFor();
    const colourOf = (selector: string): Promise<unknown> =>
      page.evaluate(`getComputedStyle(document.querySelector('${selector}')).color`);
    expect(await colourOf('.outcome.fail')).not.toBe(await colourOf('.verdict.invalid'));
    await page.close();
  });

  test.each([1400, 390])(
    'at %s px nothing is wider than the page, and the search says what it accepts',
    async (width) => {
      const { page } = await open('lin-kv', place, width);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const isCut = await page.evaluate(`(() => {
      const input = document.querySelector('.picture-area input[type=search]');
      const style = getComputedStyle(input);
      const canvas = document.createElement('canvas').getContext('2d');
      canvas.font = style.font;
      return canvas.measureText(input.placeholder).width > input.clientWidth - 18;
    })()`);
      expect(isCut).toBe(false);
      await page.close();
    },
  );
});

test('a link of report.html leaves its heading in view', async () => {
  const { page } = await open('broadcast', 'report.html');
  await page.getByRole('button', { name: 'Plots ↓' }).click();
  const heading = await page.getByRole('heading', { name: 'Plots' }).boundingBox();
  const bar = await page.locator('.bar').boundingBox();
  expect(heading?.y).toBeGreaterThanOrEqual(Math.max(0, (bar?.y ?? 0) + (bar?.height ?? 0)));
  await page.close();
});

test('it is drawn why an operation did not fit, and a click on an operation of the drawing selects it', async () => {
  const { page } = await open('lin-kv', 'report.html');
  const drawing = page.getByRole('figure', { name: /^Evidence: Key/ });
  await drawing
    .getByRole('button', { name: /^operation \d+: read/ })
    .first()
    .click();
  await page
    .getByRole('complementary', { name: 'Selected' })
    .getByRole('heading', { name: /^Operation \d+: read/ })
    .waitFor();
  await page.close();
});

test('the parts of a drawing are announced with the words that they show, by which a voice names them', async () => {
  const { page } = await open('lin-kv', 'report.html');
  const parts = page.getByRole('figure', { name: /^Evidence: Key/ }).locator('[role=button]');
  await parts.first().waitFor();
  const names = await parts.evaluateAll((groups) =>
    groups.map((group) => ({
      name: group.getAttribute('aria-label') ?? '',
      seen: [...group.querySelectorAll('text')].map(({ textContent }) => textContent ?? ''),
    })),
  );
  const missing = names.flatMap(({ name, seen }) => seen.filter((text) => !name.includes(text)));
  expect(names.flatMap(({ seen }) => seen)).not.toEqual([]);
  expect(missing).toEqual([]);
  await page.close();
});

test('a cycle is drawn with its reasons and over time, and a click selects its transactions', async () => {
  const { page, complaints } = await open('cycle', 'serve');
  const drawing = page.getByRole('figure', { name: /^Evidence/ }).first();
  await drawing.locator('svg').waitFor();
  const words = await drawing.locator('svg').innerHTML();
  expect(words).toContain('came before');
  expect(words).toContain('The same operations over time');
  // The end of the story is only in its last steps.
  const endings = await page.locator('article .step-verdict button > span:last-child').allInnerTexts();
  const around = (await page.locator('.words :is(.sentence, .log)').allTextContents()).join('\n');
  expect(endings).not.toEqual([]);
  expect(endings.filter((ending) => around.includes(ending))).toEqual([]);
  const transaction = drawing.getByRole('button', { name: /^T2/ }).first();
  const number = /operation (\d+)/.exec((await transaction.textContent()) ?? '')?.[1] ?? '';
  await transaction.click();
  await page
    .getByRole('complementary', { name: 'Selected' })
    .getByRole('heading', { name: new RegExp(`^Operation ${number}: txn`) })
    .waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test('pointing at an operation of a key shows which value it leaves, and why the wrong one cannot be next', async () => {
  const { page } = await open('lin-kv', 'serve');
  const drawing = page.getByRole('figure', { name: /^Evidence: Key/ });
  await drawing.getByRole('button', { name: /takes effect as number 1 of these/ }).focus();
  expect(await drawing.locator('.said').innerText()).toMatch(/then the value is \d/);
  await drawing.getByRole('button', { name: /cannot be next/ }).hover();
  await expect.poll(() => drawing.locator('.said').innerText()).toContain('cannot be next');
  await page.close();
});

test('a page without hunts shows how to start one with the way this program was called', async () => {
  const page = await browser.newPage();
  await page.goto(`${site.url}hunts`);
  await page.getByText('./maelstrom hunt -w broadcast').waitFor();
  await page.close();
});
