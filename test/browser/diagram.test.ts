/** Using the diagram: labels of arrows, hidden and grouped nodes, single events, time ranges, and counts that agree. */
import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { writeSampleRun, type SampleMessage } from '../support/stored-run-sample.ts';
import { withBrowser, openSite, type Site } from '../support/browser.ts';

const SMALL = '20261121T030000.000Z';
const LARGE = '20261121T040000.000Z';
const MANY = '20261121T050000.000Z';

let browser: Browser;
let site: Site;

const message = (
  src: string,
  dest: string,
  [sent, end]: readonly [number, number],
  body: object,
  isLost = false,
): SampleMessage => ({
  src,
  dest,
  sent,
  ...(isLost ? { lost: end } : { arrives: [end] }),
  body: JSON.stringify(body),
});

withBrowser(
  async (opened) => {
    browser = opened;
    site = await openSite();
    writeSampleRun(site.store, SMALL, {
      clients: [{ name: 'c4', process: 0, node: 'n1', time: 99_000_000 }],
      messages: [
        message('c4', 'n1', [100, 101], { type: 'broadcast', message: 0, msg_id: 1 }),
        // Two that coincide.
        message('n1', 'n2', [200, 300], { type: 'gossip', message: 0, path: 'first' }),
        message('n1', 'n2', [200, 300], { type: 'gossip', message: 7, path: 'second' }),
        message('n1', 'n3', [400, 500], { type: 'state', messages: [5, 0] }, true),
        message('n3', 'n2', [600, 700], { type: 'state', messages: [5] }),
        message('n1', 'c4', [800, 801], { type: 'broadcast_ok', in_reply_to: 1 }),
      ],
      history: [
        '{"index":0,"time":99000000,"type":"invoke","process":0,"f":"broadcast","value":0}',
        '{"index":1,"time":802000000,"type":"ok","process":0,"f":"broadcast","value":0}',
        '{"index":2,"time":810000000,"type":"invoke","process":0,"f":"broadcast","value":50}',
        '{"index":3,"time":820000000,"type":"ok","process":0,"f":"broadcast","value":50}',
      ],
      results: { 'valid?': true },
    });
    writeSampleRun(site.store, MANY, {
      messages: [message('n1', 'n7', [100, 200], { type: 'gossip' })],
      history: [],
      results: { 'valid?': true },
      spec: { nodes: Array.from({ length: 7 }, (_, at) => `n${at + 1}`) },
    });
    writeSampleRun(site.store, LARGE, {
      messages: Array.from({ length: 8000 }, (_, at) =>
        message(`n${(at % 3) + 1}`, `n${((at + 1) % 3) + 1}`, [at / 4, at / 4 + 1], { type: 'gossip' }),
      ),
      history: Array.from({ length: 6000 }, (_, at) => [
        `{"index":${2 * at},"time":${at * 300_000},"type":"invoke","process":0,"f":"read","value":null}`,
        `{"index":${2 * at + 1},"time":${at * 300_000 + 100_000},"type":"ok","process":0,"f":"read","value":1}`,
      ]).flat(),
      results: { 'valid?': true },
    });
  },
  () => site.close(),
);

/** Opens a run in a page that records the text written on canvases. */
async function open(name: string, hash = ''): Promise<Page> {
  const { page } = await site.page(browser);
  await page.addInitScript(`
    const write = CanvasRenderingContext2D.prototype.fillText;
    window.written = [];
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
      window.written.push(text);
      if (window.written.length > 3000) window.written.splice(0, 2000);
      return write.call(this, text, ...rest);
    };`);
  await page.goto(`${site.url}run/broadcast/${name}${hash}`);
  await page.waitForSelector('div.picture[data-drawn$="full"]');
  return page;
}

/** Returns the text written on the canvases since the last call. */
const written = (page: Page): Promise<string[]> => page.evaluate<string[]>('window.written.splice(0)');
const arrows = (page: Page): Promise<string | null> =>
  page.locator('div.picture').getAttribute('data-arrows');
const selected = (page: Page): Promise<string> =>
  page.getByRole('complementary', { name: 'Selected' }).getByRole('heading').first().innerText();

async function stretch(page: Page): Promise<readonly [number, number]> {
  const host = page.locator('div.picture');
  return [Number(await host.getAttribute('data-from')), Number(await host.getAttribute('data-to'))];
}

test('arrows show what they carry, overlapping ones their number, or a chosen field', async () => {
  const page = await open(SMALL, '#t=150000000-750000000');
  const seen: string[] = [];
  const hasSeen = async (text: string): Promise<boolean> => {
    seen.push(...(await written(page)));
    return seen.includes(text);
  };
  const see = (text: string): Promise<void> => expect.poll(() => hasSeen(text)).toBe(true);
  await see('gossip ×2 message 0, path first');
  await see('state messages [5,0]');
  await page.getByLabel('On arrows').selectOption('path');
  seen.length = 0;
  await see('gossip ×2 path first');
  await page.getByLabel('On arrows').selectOption('their types');
  seen.length = 0;
  await see('gossip ×2');
  await expect.poll(() => page.url()).toContain('payload=-');
  await page.close();
});

test('everything that carried a value is found by it: messages in fields and lists, and operations', async () => {
  const page = await open(SMALL);
  await page.getByLabel('Filter').fill('value:0');
  await expect.poll(() => arrows(page)).toBe('3');
  await page.getByLabel('Filter').fill('value:0 is:lost');
  await expect.poll(() => arrows(page)).toBe('1');
  await page.getByRole('tab', { name: 'operations' }).click();
  const rows = page.getByRole('table', { name: 'Operations in view' }).locator('tbody tr');
  await expect.poll(() => rows.count()).toBe(1);
  await page.getByLabel('Filter').fill('value:50');
  await expect.poll(() => rows.innerText()).toContain('50');
  await page.close();
});

test('a range that is dragged on the strip is shown; a click there centres that moment', async () => {
  const page = await open(SMALL);
  const box = await page.locator('div.picture').boundingBox();
  if (box === null) throw new Error('there is no picture');
  const x = (part: number): number => box.x + 92 + part * (box.width - 92);
  await page.mouse.move(x(0.25), box.y + 12);
  await page.mouse.down();
  await page.mouse.move(x(0.4), box.y + 12);
  expect(await page.locator('.picture-selecting').isVisible()).toBe(true);
  await page.mouse.move(x(0.5), box.y + 12);
  await page.mouse.up();
  const part = async (): Promise<readonly number[]> =>
    (await stretch(page)).map((nanos) => Math.round((nanos / 820e6) * 100) / 100);
  await expect.poll(part).toEqual([0.25, 0.5]);
  expect(await page.locator('.picture-selecting').isVisible()).toBe(false);
  await page.mouse.click(x(0.75), box.y + 12);
  const middle = async (): Promise<number> => (await part()).reduce((sum, each) => sum + each / 2, 0);
  await expect.poll(middle).toBeCloseTo(0.75, 1);
  await page.close();
});

test('W A S D move and zoom', async () => {
  const page = await open(SMALL, '#t=300000000-500000000');
  await page.locator('div.picture').focus();
  const press = async (key: string): Promise<readonly [number, number]> => {
    const before = await stretch(page);
    await page.keyboard.press(key);
    await expect.poll(async () => (await stretch(page)).join(' ')).not.toBe(before.join(' '));
    return stretch(page);
  };
  const [from, to] = await press('d');
  expect([from > 300e6, to > 500e6]).toEqual([true, true]);
  expect((await press('a'))[0]).toBeCloseTo(300e6, -1);
  const near = await press('w');
  expect(near[1] - near[0]).toBeLessThan(200e6);
  const far = await press('s');
  expect(far[1] - far[0]).toBeCloseTo(200e6, -1);
  await page.close();
});

test('steps from event to event, by keys and by buttons, forward and back; playing stops by itself at the end', async () => {
  const page = await open(SMALL, '#at=0');
  await page.locator('div.picture').focus();
  await page.keyboard.press('e');
  await expect.poll(() => selected(page)).toContain('broadcast');
  await page.keyboard.press('e');
  await expect.poll(() => selected(page)).toBe('Message 0: broadcast');
  await page.getByRole('button', { name: 'Later event' }).click();
  await page.getByRole('button', { name: 'Later event' }).click();
  await expect.poll(() => selected(page)).toBe('Message 1: gossip');
  await page.getByRole('button', { name: 'Earlier event' }).click();
  await expect.poll(() => selected(page)).toBe('Message 0: broadcast');
  await page.getByLabel('How fast').selectOption('fast');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('button', { name: 'Play' }).waitFor({ timeout: 30_000 });
  await expect.poll(() => page.url()).toContain('at=820000000');
  expect(await selected(page)).toContain('Operation');
  await page.close();
});

test('nodes are hidden with their messages, or share a lane; the link preserves that', async () => {
  const page = await open(SMALL);
  const choose = async (node: string, place: string): Promise<void> => {
    await page.locator('.lane-choice label', { hasText: node }).locator('select').selectOption(place);
  };
  await page.locator('.lane-choice summary').click();
  // The reason why a message was lost is not taken for a node.
  expect(await page.locator('.lane-choice label').allInnerTexts()).toEqual(
    ['n1', 'n2', 'n3'].map((name) => expect.stringMatching(`^${name}\\s`)),
  );
  await choose('n3', 'hidden');
  await expect.poll(() => arrows(page)).toBe('4');
  await expect.poll(() => page.getByRole('status').first().innerText()).toContain('4 messages in view');
  await choose('n1', 'group');
  await choose('n2', 'group');
  await expect.poll(() => written(page)).toContain('2 nodes');
  expect(await page.locator('.lane-choice summary').innerText()).toBe('Nodes: 1 hidden, 2 in one lane');
  await expect.poll(() => page.url()).toContain('grouped=');
  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  await expect.poll(() => arrows(page)).toBe('4');
  await page.locator('.lane-choice summary').click();
  await page.getByRole('button', { name: 'Show each in its lane' }).click();
  await expect.poll(() => arrows(page)).toBe('6');
  await page.close();
});

test('many nodes are put into one lane at once, and some of them back', async () => {
  const page = await open(MANY);
  await page.locator('.lane-choice summary').click();
  const all = page.getByLabel('all 7 nodes');
  await all.selectOption('group');
  await expect.poll(() => page.locator('.lane-choice summary').innerText()).toBe('Nodes: 7 in one lane');
  await page.getByLabel(/^n2\b/).selectOption('own');
  await expect.poll(() => page.locator('.lane-choice summary').innerText()).toBe('Nodes: 6 in one lane');
  expect(await all.inputValue()).toBe('');
  await all.selectOption('own');
  await expect.poll(() => page.locator('.lane-choice summary').innerText()).toBe('Nodes');
  await page.close();
});

test('the counts above the pictures are those of the view, even if there is too much to draw individually', async () => {
  const page = await open(LARGE, '#t=0-1000000000');
  // Sent within the second, each in flight for one millisecond.
  await expect
    .poll(() => written(page))
    .toContain('4,001 in view: thickness is how many were sent; zoom in to see each');
  await page.locator('div.picture').focus();
  await page.keyboard.press('d');
  await expect.poll(() => written(page)).toContain('3,334 in view: shades; zoom in to see each');
  await page.close();
});

test('the table has the messages that the picture shows, even if an address reaches beyond the run', async () => {
  const page = await open(SMALL, '#t=-500000000-450000000');
  await expect.poll(() => written(page)).toContain('6 in view');
  await page.getByText('All 6 messages in view.').waitFor();
  await page.close();
});

test('if the filter hides everything, the picture says so', async () => {
  const page = await open(SMALL, '#q=nothing-like-this');
  await expect.poll(() => written(page)).toContain('none in this stretch of time that match the filter');
  await page.close();
});

test('an unresponsive server is asked again after a while, not continuously', async () => {
  const { page } = await site.page(browser);
  let asked = 0;
  await page.route(/\/messages\?/, (route) => {
    asked++;
    return route.fulfill({ status: 404, json: { error: 'It is gone.' } });
  });
  await page.goto(`${site.url}run/broadcast/${SMALL}`);
  await expect.poll(() => asked).toBeGreaterThan(0);
  await page.waitForTimeout(1000);
  expect(asked).toBeLessThan(4);
  await page.unroute(/\/messages\?/);
  await page.waitForSelector('div.picture[data-drawn$="full"]');
  await page.close();
});
