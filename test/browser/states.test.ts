/** Nodes' states as people see them: a Raft run with partitions and killed nodes, served and as a report. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { runTest } from '../../src/harness/one-test/run-test.ts';
import {
  stateChangeIn,
  stateLine,
  type StateChange,
  type StateFields,
} from '../../src/protocol/state-change.ts';
import { writeSampleRun } from '../support/stored-run-sample.ts';
import { withBrowser, openSite, type Site } from '../support/browser.ts';

const RAFT = fileURLToPath(new URL('../../examples/raft', import.meta.url));

let browser: Browser;
let site: Site;
let folder: string;
withBrowser(
  async (opened) => {
    browser = opened;
    site = await openSite();
    const { folder: stored } = await runTest({
      workload: 'lin-kv',
      bin: RAFT,
      world: 'simulated',
      nodes: ['n1', 'n2', 'n3'],
      seed: 'states',
      rate: 10,
      timeLimitSeconds: 9,
      latency: { distribution: 'constant', meanMs: 5 },
      faultScript: [
        { at: 3, fault: 'kill', target: ['n1'], for: 2 },
        { at: 6, fault: 'partition', target: [['n2'], ['n1', 'n3']], for: 2 },
      ],
      store: site.store,
    });
    folder = stored;
  },
  () => site.close(),
);

/** Returns the state changes of that run, with their time in seconds. */
function changes(): readonly (StateChange & { readonly seconds: number })[] {
  const zero = JSON.parse(readFileSync(join(folder, 'zero.json'), 'utf8')) as { readonly zeroNanos: number };
  return readFileSync(join(folder, 'net-journal/states.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const change = stateChangeIn(line);
      if (change === undefined) throw new Error(`no change: ${line}`);
      return { ...change, seconds: (change.time - zero.zeroNanos) / 1e9 };
    });
}

const opened = async (page: Page, address: string): Promise<void> => {
  await page.goto(address);
  await page.waitForSelector('.picture[data-drawn$="full"]');
  await page.getByRole('region', { name: /States at/ }).waitFor();
};

const stateOf = (page: Page, node: string): Promise<string[]> =>
  page.locator(`.states tr[data-node="${node}"] td`).allInnerTexts();

const table = async (page: Page): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      ['n1', 'n2', 'n3'].map(async (node) => [node, (await stateOf(page, node)).join(' ')] as const),
    ),
  );

describe.each(['served', 'report'] as const)('%s', (kind) => {
  const address = (hash = ''): string =>
    kind === 'served'
      ? `${site.url}run/lin-kv/${readdirSync(join(site.store, 'lin-kv')).find((name) => name.startsWith('2')) ?? ''}${hash}`
      : `${pathToFileURL(join(folder, 'report.html')).href}${hash}`;

  test('the table shows the leader at a chosen moment, and the nodes that are down under the pointer', async () => {
    const { page, complaints } = await site.page(browser);
    await opened(page, address('#at=2500000000'));
    await page.getByRole('table', { name: 'States of the nodes' }).waitFor();
    expect(await page.locator('.states thead th').allInnerTexts()).toEqual([
      'Node',
      'role',
      'term',
      'committed',
      'leader',
    ]);
    const before = await table(page);
    const leads = Object.keys(before).filter((node) => before[node]?.startsWith('leader'));
    expect(leads).toHaveLength(1);
    await page.getByRole('button', { name: 'Let go' }).click();
    // The position of 4 s on the time axis: n1 has been killed by then.
    const picture = page.locator('div.picture');
    const { width = 0 } = (await picture.boundingBox()) ?? {};
    const from = Number(await picture.getAttribute('data-from'));
    const to = Number(await picture.getAttribute('data-to'));
    await picture.hover({ position: { x: 92 + ((4e9 - from) / (to - from)) * (width - 92), y: 80 } });
    await expect.poll(() => stateOf(page, 'n1')).toEqual(['does not run']);
    const heading = await page.getByRole('heading', { name: /States at/ }).innerText();
    expect(Number(/[\d.]+/.exec(heading)?.[0])).toBeCloseTo(4, 1);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('by keyboard from change to change: a leader is elected, and each step is a reported one', async () => {
    const said = changes();
    const { page, complaints } = await site.page(browser);
    await opened(page, address('#at=0'));
    await page.locator('div.picture').focus();
    const found: string[] = [];
    let seconds = 0;
    for (let step = 0; step < 12; step++) {
      const moment = page.locator('.states-moment');
      const last = await moment.innerText();
      await page.keyboard.press('.');
      await expect.poll(() => moment.innerText()).not.toBe(last);
      seconds = Number((await moment.innerText()).split(' ')[0]);
      expect(said.some((one) => Math.abs(one.seconds - seconds) < 2e-6)).toBe(true);
      await expect.poll(() => page.locator('.states td.changed').count()).toBeGreaterThan(0);
      found.push(...Object.values(await table(page)));
    }
    expect(found.some((words) => words.startsWith('leader'))).toBe(true);
    expect(found.some((words) => words.startsWith('candidate'))).toBe(true);
    // The URL follows the displayed time after a short delay.
    const momentOfAddress = (): number => Number(/at=(\d+)/.exec(page.url())?.[1]) / 1e9;
    await expect.poll(() => Math.abs(momentOfAddress() - seconds)).toBeLessThan(2e-6);
    await page.keyboard.press(',');
    await expect.poll(() => momentOfAddress()).toBeLessThan(seconds - 2e-6);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).not.toContain('at=');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('lanes are coloured by a chosen field, in the colours of the legend, or not at all', async () => {
    const { page } = await site.page(browser);
    // Around the time a node is a candidate, which lasts some milliseconds.
    const election =
      changes().find((change) => change.kind === 'set' && change.fields['role'] === 'candidate')?.seconds ??
      0;
    await opened(
      page,
      address(`#t=${Math.round((election - 0.05) * 1e9)}-${Math.round((election + 0.05) * 1e9)}`),
    );
    const colours = page.getByRole('list', { name: /Colours of/ });
    const names = await colours.getByRole('listitem').allInnerTexts();
    expect(names.map((name) => name.trim())).toEqual(['follower', 'candidate', 'leader']);
    // Computed styles give rgb() values, which can be compared with the pixels of the canvas.
    const legend = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.state-colour')].map((mark) => getComputedStyle(mark).backgroundColor)`,
    );
    for (const colour of legend) expect(await isOnCanvas(page, colour)).toBe(true);
    const choice = page.getByLabel('Lanes by');
    await choice.selectOption('term');
    await expect.poll(() => colours.getByRole('listitem').first().innerText()).toMatch(/^\s*0$/);
    expect(await waitForAddress(page, /field=/)).toContain('field=term');
    await choice.selectOption('no state');
    await expect.poll(() => colours.count()).toBe(0);
    expect(await page.locator('div.picture').getAttribute('data-states')).toBe('0');
    await page.close();
  });

  test('state lines are not among the logs', async () => {
    const { page } = await site.page(browser);
    await opened(page, address('#tab=logs'));
    await page.locator('#tab-panel select').selectOption({ index: 1 });
    const log = page.locator('pre.log');
    await expect.poll(() => log.innerText()).not.toBe('Loading…');
    expect(await log.innerText()).not.toContain('"maelstrom"');
    await page.close();
  });
});

test("a node's state is shown as text, whatever it is", async () => {
  const evil = '<img src=x onerror="window.hacked=1">\u202e\u001b[2J';
  const name = '20261121T030000.000Z';
  writeSampleRun(site.store, name, {
    messages: [{ src: 'n1', dest: 'n2', sent: 1, arrives: [900], body: '{"type":"x"}' }],
    results: { 'valid?': true },
  });
  const said = (node: string, time: number, fields: StateFields): string =>
    stateLine({ node, time, kind: 'set', fields });
  writeFileSync(
    join(site.store, 'broadcast', name, 'net-journal/states.jsonl'),
    said('n1', 1e6, { [evil]: evil, __proto__x: 1, constructor: { toString: evil } }) +
      'no JSON\n' +
      said('n2', 2e6, { [evil]: 'x'.repeat(5000) }),
  );
  const { page, complaints } = await site.page(browser);
  await opened(page, `${site.url}run/broadcast/${name}#at=500000000`);
  const words = await page.locator('.states').innerText();
  expect(words).toContain('<img src=x onerror="window.hacked=1">\\u202e\\u001b[2J');
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.getByLabel('Lanes by').innerText()).toContain('\\u202e');
  expect(complaints).toEqual([]);
  await page.close();
});

async function waitForAddress(page: Page, pattern: RegExp): Promise<string> {
  await page.waitForURL(pattern);
  return page.url();
}

/** Whether any pixel of the lanes has that colour. */
const isOnCanvas = (page: Page, colour: string): Promise<boolean> =>
  page.evaluate<boolean>(`(() => {
    const canvas = document.querySelector('.picture-canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4)
      if ('rgb(' + [data[at], data[at + 1], data[at + 2]].join(', ') + ')' === ${JSON.stringify(colour)}) return true;
    return false;
  })()`);
