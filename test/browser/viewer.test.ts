/** The viewer as people use it: with a mouse, a keyboard, or links; and with nodes that print hostile text. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { FileJournal } from '../../src/network/journal/journal-file.ts';
import { markRunning } from '../../src/store/running-mark.ts';
import { lostElement, writeSampleRun, type SampleMessage } from '../support/stored-run-sample.ts';
import { withBrowser, openSite, type Site } from '../support/browser.ts';

let browser: Browser;
let site: Site;

withBrowser(
  async (opened) => {
    browser = opened;
    site = await openSite();
    writeSampleRun(site.store, GOOD, { ...RUN, results: VALID });
    writeSampleRun(site.store, BAD, {
      ...RUN,
      results: INVALID,
      spec: { seed: 'other', nemesis: ['partition'] },
    });
    writeSampleRun(site.store, HOSTILE, hostileRun());
    writeSampleRun(site.store, LARGE, { messages: manyMessages(8000), results: VALID, history: RUN.history });
  },
  () => site.close(),
);

const GOOD = '20261121T030000.000Z';
const BAD = '20261121T040000.000Z';
const HOSTILE = '20261121T050000.000Z';
const LARGE = '20261121T060000.000Z';
const VALID = { 'valid?': true };
const INVALID = {
  workload: lostElement(9, { index: 3, time: 8e8, process: 1, type: 'ok', f: 'broadcast', value: 9 }),
  'valid?': false,
};

/** A client asks n1, which asks n2 and then replies; later another client sends a request. */
const RUN = {
  clients: [
    { name: 'c4', process: 0, node: 'n1', time: 99_900_000 },
    { name: 'c5', process: 1, node: 'n2', time: 799_900_000 },
  ],
  messages: [
    { src: 'c4', dest: 'n1', sent: 100, arrives: [101], body: '{"type":"read","msg_id":1}' },
    { src: 'n1', dest: 'n2', sent: 102, arrives: [150], body: '{"type":"ask","msg_id":7,"value":5}' },
    { src: 'n2', dest: 'n1', sent: 151, arrives: [200], body: '{"type":"answer","in_reply_to":7}' },
    { src: 'n1', dest: 'c4', sent: 201, arrives: [202], body: '{"type":"read_ok","in_reply_to":1}' },
    { src: 'n3', dest: 'n2', sent: 300, lost: 340, body: '{"type":"gone"}' },
    { src: 'c5', dest: 'n2', sent: 800, arrives: [801], body: '{"type":"broadcast","msg_id":1}' },
    { src: 'n2', dest: 'c5', sent: 802, arrives: [803], body: '{"type":"broadcast_ok","in_reply_to":1}' },
  ],
  history: [
    '{"index":0,"time":99900000,"type":"invoke","process":0,"f":"read","value":null}',
    '{"index":1,"time":203000000,"type":"ok","process":0,"f":"read","value":[1,2]}',
    '{"index":2,"time":799900000,"type":"invoke","process":1,"f":"broadcast","value":9}',
    '{"index":3,"time":804000000,"type":"ok","process":1,"f":"broadcast","value":9}',
  ],
};

const EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

function hostileRun() {
  const text = JSON.stringify(`${EVIL}\u001b[2J\u202e`);
  return {
    messages: [
      {
        src: 'n1',
        dest: EVIL,
        sent: 1,
        lost: 2,
        body: `{"type":${text},"__proto__":{"hacked":1},"msg_id":${text}}`,
      },
      { src: 'n2', dest: 'n1', sent: 3, arrives: [4], body: '{"__proto__":{"toString":1},"constructor":7}' },
      { src: 'n2', dest: 'n1', sent: 5, arrives: [6], body: 'no JSON at all {{{' },
    ],
    history: [
      `{"index":0,"time":1000000,"type":"invoke","process":0,"f":"__proto__","value":${text}}`,
      `{"index":1,"time":2000000,"type":"fail","process":0,"f":"__proto__","value":${text},"error":${text}}`,
    ],
    results: {
      workload: lostElement(EVIL, { index: 1, time: 1, process: 0, type: 'ok', f: EVIL, value: EVIL }),
      'valid?': false,
    },
    logs: { n1: `\u001b]0;title\u0007${EVIL}\n` },
    spec: { seed: EVIL },
  };
}

function manyMessages(count: number): SampleMessage[] {
  return Array.from({ length: count }, (_, i) => ({
    src: `n${(i % 3) + 1}`,
    dest: `n${((i + 1) % 3) + 1}`,
    sent: i / 4,
    arrives: [i / 4 + 1],
    body: `{"type":"gossip","value":${i}}`,
  }));
}

async function openRun(name: string, hash = ''): Promise<{ page: Page; complaints: readonly string[] }> {
  const watched = await site.page(browser);
  await watched.page.goto(`${site.url}run/broadcast/${name}${hash}`);
  await watched.page.waitForSelector('.picture[data-drawn$="full"]');
  return watched;
}

/** Returns the time range in the URL, in nanoseconds. */
async function rangeOf(page: Page): Promise<readonly [number, number]> {
  await page.waitForURL(/t=/);
  const [, from, to] = /t=(-?[\d.]+)-([\d.]+)/.exec(page.url()) ?? [];
  return [Number(from), Number(to)];
}

describe('the list of runs', () => {
  test('shows each run with its verdict, can be searched, and leads to the run', async () => {
    const { page, complaints } = await site.page(browser);
    await page.goto(site.url);
    await page.waitForSelector('tbody tr');
    expect(await page.locator('tbody tr').count()).toBe(4);
    await page.getByLabel('Search').fill('other partition');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    expect(await page.locator('tbody .verdict').textContent()).toContain('invalid');
    await page.getByRole('link', { name: 'broadcast', exact: true }).click();
    await page.waitForSelector('.picture[data-drawn$="full"]');
    expect(page.url()).toContain(BAD);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a heading sorts the runs, up, down, and as they were', async () => {
    const { page } = await site.page(browser);
    await page.goto(site.url);
    await page.waitForSelector('tbody tr');
    const verdicts = async (): Promise<string[]> =>
      (await page.locator('tbody .verdict').allTextContents()).map((text) => text.replace(/^\W+/, ''));
    const newestFirst = await verdicts();
    const heading = page.getByRole('columnheader', { name: 'Verdict' });
    await heading.getByRole('button').click();
    expect(await verdicts()).toEqual(newestFirst.toSorted());
    await heading.getByRole('button').click();
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    expect(await verdicts()).toEqual(newestFirst.toSorted().toReversed());
    await heading.getByRole('button').click();
    expect(await verdicts()).toEqual(newestFirst);
    await page.close();
  });

  test('on a narrow page, where headings are not seen, a choice sorts the runs', async () => {
    const { page } = await site.page(browser, { viewport: { width: 390, height: 844 } });
    await page.goto(site.url);
    await page.waitForSelector('tbody tr');
    const verdicts = async (): Promise<string[]> =>
      (await page.locator('tbody .verdict').allTextContents()).map((text) => text.replace(/^\W+/, ''));
    const newestFirst = await verdicts();
    const choice = page.getByLabel('Sort by');
    await choice.selectOption('Verdict ▼');
    expect(await verdicts()).toEqual(newestFirst.toSorted().toReversed());
    await choice.selectOption('newest first');
    expect(await verdicts()).toEqual(newestFirst);
    await page.setViewportSize({ width: 1400, height: 900 });
    expect(await choice.isVisible()).toBe(false);
    await page.close();
  });

  test('a run is deleted only after confirmation', async () => {
    const name = '20261121T010000.000Z';
    writeSampleRun(site.store, name, { ...RUN, results: VALID });
    const { page } = await site.page(browser);
    await page.goto(site.url);
    await page.getByRole('button', { name: `Delete broadcast/${name}` }).click();
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByRole('button', { name: `Delete broadcast/${name}` }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(4);
    await page.close();
  });
});

describe('an unknown address', () => {
  test.each([
    ['nowhere', 404, 'There is no page at this address.'],
    ['run/%zz', 404, 'There is no page at this address.'],
    ['run/broadcast/none', 200, 'There is no run broadcast/none in'],
    ['files/broadcast/none/report.html', 404, 'There is no page at this address.'],
    ['hunt/none', 200, 'There is no hunt none in'],
  ])('%s is a page that says so, with a link back', async (path, status, words) => {
    const { page } = await site.page(browser);
    const answer = await page.goto(site.url + path);
    expect(answer?.status()).toBe(status);
    await expect.poll(() => page.getByRole('alert').innerText()).toContain(words);
    await page.getByRole('main').getByRole('link', { name: 'All runs' }).click();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await page.close();
  });

  test('a program that requests it gets JSON', async () => {
    const answer = await fetch(`${site.url}nowhere`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ error: 'There is no page at this address.' });
  });
});

describe('a run', () => {
  test('a filter leaves the matching messages, and the link preserves it', async () => {
    const { page } = await openRun(GOOD);
    await page.waitForSelector('.picture[data-arrows="7"]');
    await page.getByLabel('Filter').fill('type:ask');
    await page.waitForSelector('.picture[data-arrows="1"]');
    await page.waitForURL(/q=type%3Aask/);
    await page.reload();
    await page.waitForSelector('.picture[data-arrows="1"]');
    await expect.poll(() => page.locator('[role=tabpanel] tbody tr').count()).toBe(1);
    await page.close();
  });

  test('the wheel zooms around the pointer, dragging moves', async () => {
    const { page, complaints } = await openRun(GOOD);
    const box = await page.locator('div.picture').boundingBox();
    if (box === null) throw new Error('there is no picture');
    await page.mouse.move(box.x + box.width / 2, box.y + 300);
    await page.mouse.wheel(0, -600);
    const near = await rangeOf(page);
    expect(near[1] - near[0]).toBeLessThan(700e6);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 - 200, box.y + 300, { steps: 4 });
    await page.mouse.up();
    await page.waitForTimeout(250);
    const moved = await rangeOf(page);
    expect(moved[0]).toBeGreaterThan(near[0]);
    expect(moved[1] - moved[0]).toBeCloseTo(near[1] - near[0], -2);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('everything works with the keyboard: zoom to a microsecond, move, choose messages, go back', async () => {
    const { page } = await openRun(GOOD, '#t=100000000-110000000');
    await page.locator('div.picture').focus();
    for (let i = 0; i < 18; i++) await page.keyboard.press('+');
    await page.waitForTimeout(250);
    const [from, to] = await rangeOf(page);
    expect(to - from).toBeLessThan(2000);
    await page.keyboard.press('0');
    await page.waitForSelector('.picture[data-arrows="7"]');
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'Message 0: read' }).waitFor();
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'Message 1: ask' }).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'Message 0: read' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Message 0: read' }).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'messages' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/tab=operations/);
    await page.close();
  });

  test('a message leads to its reply, its operation, and what it caused', async () => {
    const { page } = await openRun(GOOD, '#m=0');
    await page.getByRole('heading', { name: 'Message 0: read' }).waitFor();
    await page.getByRole('button', { name: '3: read_ok' }).click();
    await page.getByRole('heading', { name: 'Message 3: read_ok' }).waitFor();
    await page.getByRole('button', { name: 'Follow the request' }).click();
    await page.getByText('through the cluster: 4 messages').waitFor();
    await page.locator('dd').getByRole('button', { name: '0', exact: true }).click();
    await page.getByRole('heading', { name: 'Operation 0: read, ok' }).waitFor();
    await page.waitForURL(/o=0/);
    await page.close();
  });

  test('a click on an arrow selects its message', async () => {
    const { page } = await openRun(GOOD, '#t=90000000-210000000');
    const box = await page.locator('.picture-canvas').boundingBox();
    const words = 'document.querySelector(".picture-canvas")';
    expect(box?.width).toBe(await page.evaluate(`${words}.clientWidth`));
    if (box === null) throw new Error('there is no picture');
    // Halfway from n1 to n2: between their lanes, at 126 ms.
    const x = box.x + 92 + ((126 - 90) / 120) * (box.width - 92);
    for (let y = box.y + 20; y < box.y + box.height; y += 5) {
      await page.mouse.click(x, y);
      if ((await page.getByRole('heading', { name: 'Message 1: ask' }).count()) > 0) break;
    }
    await page.getByRole('heading', { name: 'Message 1: ask' }).waitFor();
    await page.close();
  });

  test('a finding brings the operations that show it into view', async () => {
    const { page } = await openRun(BAD);
    await page.getByRole('article').getByRole('button', { name: '2', exact: true }).click();
    await page.getByRole('heading', { name: 'Operation 2: broadcast, ok' }).waitFor();
    const [from, to] = await rangeOf(page);
    expect([from > 700e6, to < 900e6]).toEqual([true, true]);
    await page.close();
  });

  test('many messages are a density, which becomes arrows when zooming in', async () => {
    const { page } = await openRun(LARGE);
    expect(await page.locator('div.picture').getAttribute('data-arrows')).toBe('0');
    await page.locator('div.picture').focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('+');
    await expect
      .poll(async () => Number(await page.locator('div.picture').getAttribute('data-arrows')))
      .toBeGreaterThan(100);
    await page.close();
  });

  test('two runs are compared on one time axis', async () => {
    const { page, complaints } = await site.page(browser);
    await page.goto(`${site.url}compare?a=broadcast/${GOOD}&b=broadcast/${BAD}`);
    await page.locator('.picture[data-drawn$="full"]').nth(1).waitFor();
    await page.locator('div.picture').first().focus();
    await page.keyboard.press('+');
    await page.waitForURL(/a\.t=.*b\.t=/);
    const words = new URLSearchParams(new URL(page.url()).hash.slice(1));
    expect(words.get('a.t')).toBe(words.get('b.t'));
    expect(complaints).toEqual([]);
    await page.close();
  });
});

test('nothing is drawn for messages of an upstream run, which are unknown', async () => {
  const folder = join(site.store, 'g-set', '20260304T101214.250Z');
  mkdirSync(join(folder, 'node-logs'), { recursive: true });
  writeFileSync(join(folder, 'node-logs', 'n1.log'), '');
  writeFileSync(join(folder, 'results.edn'), '{:valid? true}');
  writeFileSync(
    join(folder, 'history.edn'),
    '{:type :invoke, :f :add, :value 0, :time 1000000, :process 4, :index 0}\n' +
      '{:type :ok, :f :add, :value 0, :time 2000000, :process 4, :index 1}\n',
  );
  const { page, complaints } = await site.page(browser);
  await page.goto(`${site.url}run/g-set/20260304T101214.250Z`);
  await page.waitForSelector('.picture[data-drawn$="full"]');
  expect(await page.getByLabel('Clients').count()).toBe(0);
  expect(await page.locator('.lane-choice').count()).toBe(0);
  expect(await page.getByRole('tab', { name: 'messages' }).count()).toBe(0);
  expect(await page.getByRole('tab', { name: 'propagation' }).count()).toBe(0);
  expect(await page.locator('.picture').innerText()).not.toContain('none in this stretch');
  expect(complaints).toEqual([]);
  await page.getByRole('tab', { name: 'results' }).click();
  await page.getByText('{:valid? true}').waitFor();
  await page.close();
});

describe('a run in progress', () => {
  test('gets new messages and log lines while it is shown, and the verdict at the end', async () => {
    const name = '20261121T070000.000Z';
    const { folder, send, end } = growingRun(name);
    for (let id = 0; id < 3; id++) send(id);
    const { page, complaints } = await openRun(name);
    await page.getByText('● running').waitFor();
    await page.waitForSelector('.picture[data-arrows="3"]');
    for (let id = 3; id < 10; id++) send(id);
    await page.waitForSelector('.picture[data-arrows="10"]');
    appendFileSync(join(folder, 'jepsen.log'), '2026-11-21T03:00:01.000Z Phase: healing\n');
    await page.getByRole('tab', { name: 'logs' }).click();
    await page.getByText('Phase: healing').waitFor();
    end({ 'valid?': true });
    await page.getByText('✓ valid').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('is updated next to another one too, with its verdict', async () => {
    const name = '20261121T080000.000Z';
    const { send, end } = growingRun(name);
    for (let id = 0; id < 3; id++) send(id);
    const { page, complaints } = await site.page(browser);
    await page.goto(`${site.url}compare?a=broadcast/${GOOD}&b=broadcast/${name}`);
    const sides = page.locator('.side');
    await sides.nth(1).getByText('● running').waitFor();
    await sides.nth(1).locator('.picture[data-arrows="3"]').waitFor();
    for (let id = 3; id < 10; id++) send(id);
    await sides.nth(1).locator('.picture[data-arrows="10"]').waitFor();
    expect(await sides.nth(0).locator('div.picture').getAttribute('data-arrows')).toBe('7');
    end({ 'valid?': false });
    await sides.nth(1).getByText('✗ invalid').waitFor();
    expect(await sides.nth(0).getByText('✓ valid').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('two in progress are compared as far as they have come, repeatedly, and the page says that they continue', async () => {
    const [one, other] = [growingRun('20261121T081000.000Z'), growingRun('20261121T082000.000Z')];
    for (let id = 0; id < 3; id++) {
      one.send(id);
      other.send(id);
    }
    const { page, complaints } = await site.page(browser);
    await page.goto(`${site.url}compare?a=broadcast/20261121T081000.000Z&b=broadcast/20261121T082000.000Z`);
    // Between requests the page waits four times as long as an answer takes.
    page.setDefaultTimeout(40_000);
    const comparison = page.locator('.comparison');
    await comparison.getByText('Both runs are still in progress').waitFor();
    await comparison.getByText('No message or operation differs').waitFor();
    other.send(3);
    await comparison.getByText('The first message that differs').waitFor();
    other.end({ 'valid?': true });
    await comparison.getByText('The first run is still in progress').waitFor();
    one.end({ 'valid?': true });
    await comparison.getByRole('status').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
    await page.close();
  });
});

interface GrowingRun {
  readonly folder: string;
  /** Sends a message from n1 to n2 at `id` milliseconds after the start of the run. */
  readonly send: (id: number) => void;
  readonly end: (results: unknown) => void;
}

function growingRun(name: string): GrowingRun {
  const folder = writeSampleRun(site.store, name, { history: RUN.history });
  // For as long as this process lives; otherwise a run that has written nothing for half a minute is taken for dead.
  markRunning(folder);
  const journal = new FileJournal(join(folder, 'net-journal'));
  return {
    folder,
    send: (id) => {
      const packet = { id, src: 'n1', dest: 'n2', body: Buffer.from(`{"type":"live","value":${id}}`) };
      journal.sent(id * 1e6, packet);
      journal.received(id * 1e6 + 5e5, packet);
      journal.flush();
    },
    end: (results) => {
      journal.close();
      writeFileSync(join(folder, 'results.json'), JSON.stringify(results, undefined, 2));
    },
  };
}

describe('the logs', () => {
  test('show the chosen one, even if the reply for another arrives later', async () => {
    const { page } = await openRun(HOSTILE);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(/log\?file=jepsen/, async (route) => {
      await held;
      await route.continue();
    });
    const first = page.waitForRequest(/log\?file=jepsen/);
    const late = page.waitForResponse(/log\?file=jepsen/);
    await page.getByRole('tab', { name: 'logs' }).click();
    await first;
    await page.locator('[role=tabpanel] select').selectOption('node-logs/n1.log');
    const line = page.locator('pre.log').getByText('\\u001b]0;title\\u0007');
    await line.waitFor();
    release();
    await (await late).finished();
    await page.waitForTimeout(50);
    expect(await line.isVisible()).toBe(true);
    await page.close();
  });
});

describe('text that nodes print', () => {
  test('is shown as text: no script runs, no element is created, no escape sequence remains', async () => {
    mkdirSync(join(site.store, 'broadcast', '<b>'), { recursive: true });
    const { page, complaints } = await openRun(HOSTILE, '#m=0');
    await page.locator('.details h2').waitFor();
    expect(await page.locator('.details').textContent()).toContain('<script>');
    // The raw body would reverse the direction of the text after it.
    expect(await page.locator('.details').textContent()).toContain('\\u202e');
    expect(await page.locator('main').textContent()).not.toContain('\u202e');
    await page.getByRole('tab', { name: 'operations' }).click();
    await page.locator('[role=tabpanel] tbody tr').first().waitFor();
    await page.getByRole('tab', { name: 'logs' }).click();
    await page.locator('[role=tabpanel] select').selectOption('node-logs/n1.log');
    await page.locator('pre.log').getByText('\\u001b]0;title\\u0007').waitFor();
    await page.getByRole('tab', { name: 'results' }).click();
    await page.locator('pre.log').getByText('onerror').first().waitFor();
    await page.goto(site.url);
    await page.waitForSelector('tbody tr');
    expect(await page.evaluate('window.hacked ?? {}.hacked')).toBeUndefined();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
