/** Stepping through a simulated run in the viewer: forward and back, what-if branches, and returning by a link. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { runTest } from '../../src/harness/one-test/run-test.ts';
import { announced, withBrowser, openSite, type Site, type WatchedPage } from '../support/browser.ts';
import { Refusal, SmallTravel, type SmallTravelOptions } from '../support/small-travel.ts';
import { writeSampleRun } from '../support/stored-run-sample.ts';

let browser: Browser;
let site: Site;
/** A valid broadcast run that is invalid if any one of its messages between nodes is missing. */
let broadcast = '';
/** A Raft run whose nodes report their states. */
let raft = '';

const example = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));
const SMALL = '20261121T030000.000Z';

withBrowser(
  async (opened) => {
    browser = opened;
    site = await openSite();
    const settings = {
      world: 'simulated',
      seed: 'steps',
      nodes: ['n1', 'n2', 'n3'],
      recoverySeconds: 1,
      latency: { distribution: 'constant', meanMs: 10 },
      store: site.store,
      report: false,
    } as const;
    broadcast = addressOf(
      await runTest({
        ...settings,
        workload: 'broadcast',
        bin: example('broken/trusts-delivery.ts'),
        topology: 'line',
        concurrency: 3,
        rate: 5,
        timeLimitSeconds: 1,
      }),
    );
    raft = addressOf(
      await runTest({
        ...settings,
        workload: 'lin-kv',
        bin: example('raft'),
        concurrency: 2,
        rate: 10,
        timeLimitSeconds: 2,
      }),
    );
    // Behind the test's own server, which does what is hard to provoke.
    writeSampleRun(site.store, SMALL, {
      spec: { world: 'simulated', nodes: ['n1', 'n2'] },
      messages: [{ src: 'n1', dest: 'n2', sent: 0, arrives: [100], body: '{"type":"pass"}' }],
      results: { 'valid?': false },
    });
  },
  () => site.close(),
);

const addressOf = ({ folder }: { readonly folder: string }): string =>
  `run/${folder.split(/[\\/]/).slice(-2).join('/')}`;

async function open(path: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const watched = await site.page(browser, options);
  await watched.page.goto(site.url + path);
  return watched;
}

/** Opens a page whose stepping requests are answered by a small run in memory. */
async function openSmall(
  hash: string,
  options: SmallTravelOptions = {},
): Promise<WatchedPage & { readonly server: SmallTravel }> {
  const server = new SmallTravel(options);
  const watched = await site.page(browser);
  await watched.page.route('**/travel/*', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    try {
      await route.fulfill({ json: server.answer(name, route.request().postDataJSON()) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await route.fulfill({ status: error.status, json: { error: error.message } });
    }
  });
  await watched.page.goto(`${site.url}run/broadcast/${SMALL}${hash}`);
  return { ...watched, server };
}

const above = (page: Page) => page.getByRole('region', { name: 'Step through the run' });
const below = (page: Page) => page.getByRole('region', { name: 'The run at this event' });
const happened = (page: Page) => page.locator('.happening');

/** Returns the text about the position, once it is that of the event. */
async function shownAt(page: Page, event: number): Promise<string> {
  await above(page)
    .getByText(`event ${event.toLocaleString('en')} of`)
    .waitFor();
  await below(page).locator(`li.here button[title^="Event ${event},"]`).waitFor();
  return `${await happened(page).innerText()}\n${await below(page).innerText()}`;
}

const eventOf = async (page: Page): Promise<number> =>
  Number(await above(page).getByRole('textbox', { name: 'Event' }).inputValue());

describe('stepping', () => {
  test('forward and back shows the same, by buttons, by keys, and by the number of the event', async () => {
    const { page, complaints } = await open(`${raft}#step=200`);
    const before = await shownAt(page, 200);
    const seen = new Set([before]);
    await above(page).getByRole('button', { name: 'Forward' }).click();
    seen.add(await shownAt(page, 201));
    await page.keyboard.press('ArrowRight');
    seen.add(await shownAt(page, 202));
    await page.locator('div.picture').focus();
    await page.keyboard.press('.');
    seen.add(await shownAt(page, 203));
    // Each step shows something different.
    expect(seen.size).toBe(4);
    for (const event of [202, 201]) {
      await page.keyboard.press(',');
      expect(seen).toContain(await shownAt(page, event));
    }
    await above(page).getByRole('button', { name: 'Back' }).click();
    expect(await shownAt(page, 200)).toBe(before);
    const number = above(page).getByRole('textbox', { name: 'Event' });
    await number.fill('260');
    await number.press('Enter');
    await shownAt(page, 260);
    await number.fill('200');
    await number.press('Enter');
    expect(await shownAt(page, 200)).toBe(before);
    await above(page).getByRole('button', { name: 'End' }).click();
    await expect.poll(() => above(page).getByRole('button', { name: 'Forward' }).isDisabled()).toBe(true);
    await above(page).getByRole('button', { name: 'Start' }).click();
    await shownAt(page, 0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('by node goes from one of its events to the next, and shows what its turns changed in its state', async () => {
    const { page } = await open(`${raft}#step=100`);
    await shownAt(page, 100);
    await above(page).getByRole('combobox', { name: 'Steps of' }).selectOption('n2');
    const turns: string[] = [];
    for (let i = 0; i < 60 && turns.length === 0; i++) {
      const event = await eventOf(page);
      await above(page).getByRole('button', { name: 'Forward of n2' }).click();
      await expect.poll(() => eventOf(page)).toBeGreaterThan(event);
      expect(await happened(page).innerText()).toContain('n2');
      const changes = await below(page)
        .getByRole('article', { name: 'n2' })
        .locator('.changes li')
        .allInnerTexts();
      if ((await happened(page).innerText()).includes('It changed')) turns.push(...changes);
    }
    // As text and symbols, not only as colours: the value before, and after.
    expect(turns[0]).toMatch(/^\S.*: .+ → .+/);
    const marked = below(page).getByRole('article', { name: 'n2' }).locator('pre.state ins');
    expect(await marked.first().innerText()).toMatch(/^[+~] /);
    const event = await eventOf(page);
    await below(page).getByRole('button', { name: 'Step back of n2' }).click();
    await expect.poll(() => eventOf(page)).toBeLessThan(event);
    await page.close();
  });

  test('goes to the selected message or operation, and to the clicked moment', async () => {
    const { page } = await open(`${broadcast}#step=0&m=20`);
    await expect.poll(() => happened(page).innerText()).toMatch(/ sent message 20 /);
    await above(page)
      .getByRole('group', { name: 'To message 20' })
      .getByRole('button', { name: 'handled' })
      .click();
    await expect.poll(() => happened(page).innerText()).toMatch(/handled message 20 |arrived/);
    await page.getByRole('tab', { name: 'operations' }).click();
    await page.getByRole('button', { name: 'Whole run' }).click();
    const first = page.locator('[role=tabpanel] tbody button.link').first();
    await expect.poll(() => first.innerText()).toBe('0');
    await first.click();
    await above(page)
      .getByRole('button', { name: /^To operation \d+$/ })
      .click();
    await expect.poll(() => happened(page).innerText()).toMatch(/^Process 0 invoked /);
    const event = await eventOf(page);
    await page.evaluate('scrollTo(0, 0)');
    const box = await page.locator('.picture-top').boundingBox();
    if (box === null) throw new Error('there is no picture');
    // On the time axis, at the end of the run.
    await page.mouse.click(box.x + box.width - 12, box.y + 40);
    await expect.poll(() => eventOf(page)).toBeGreaterThan(event);
    await page.close();
  });

  test('ends where it began: the page is as before, and the button has the focus', async () => {
    const { page, complaints } = await open(broadcast);
    await page.getByRole('button', { name: 'Step through' }).click();
    await shownAt(page, 0);
    expect(await page.locator('script[src*="stepping"]').count()).toBe(0);
    await above(page).getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => above(page).count()).toBe(0);
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Step through');
    await expect.poll(() => page.url()).not.toContain('step=');
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** Goes to the first message between nodes in flight, and returns its id. */
async function toFirstMessage(page: Page): Promise<number> {
  const drop = below(page).getByRole('button', { name: /^Drop message \d+$/ });
  for (let i = 0; i < 200 && (await drop.count()) === 0; i++) {
    const event = await eventOf(page);
    await page.keyboard.press('.');
    await shownAt(page, event + 1);
  }
  return Number(/\d+$/.exec((await drop.first().getAttribute('aria-label')) ?? '')?.[0]);
}

describe('a branch', () => {
  test('that drops a message shows its verdict next to the original, and the first difference; a link leads to it', async () => {
    const { page, complaints } = await open(`${broadcast}#step=38`);
    await shownAt(page, 38);
    const message = await toFirstMessage(page);
    const at = await eventOf(page);
    await below(page)
      .getByRole('button', { name: `Drop message ${message}` })
      .click();
    const original = below(page).getByRole('article', { name: 'Original' });
    const branch = below(page).getByRole('article', { name: 'Branch' });
    await branch.getByText('✗ invalid').waitFor();
    expect(await original.innerText()).toContain('✓ valid');
    expect(await branch.innerText()).toMatch(
      new RegExp(`First difference, event \\d+: Message ${message} .* was lost`),
    );
    expect(await original.innerText()).toMatch(/First difference, event \d+: \S+/);
    await branch.getByRole('button', { name: 'Step in the branch' }).click();
    // The event before was about this message, too.
    await above(page).getByText(`A branch: message ${message} dropped`).waitFor();
    await expect.poll(() => happened(page).innerText()).toContain(`Message ${message} `);
    await expect
      .poll(async () => (await above(page).innerText()).includes(`event ${await eventOf(page)} of`))
      .toBe(true);
    const event = await eventOf(page);
    await shownAt(page, event);
    // The URL follows after a short delay.
    await page.waitForURL((url) => url.hash.includes('branch=drop') && url.hash.includes(`step=${event}&`));

    // Opens the link in another browser, after the process that held the branch has ended.
    const link = page.url();
    const { pathname } = new URL(link);
    const closed = await page.evaluate(
      `fetch('/api${pathname.replace('/run/', '/runs/')}/travel/close', { method: 'POST', headers: { 'x-maelstrom': '1', 'content-type': 'application/json' }, body: '{}' }).then(({ status }) => status)`,
    );
    expect(closed).toBe(200);
    const other = await site.page(browser);
    await other.page.goto(link);
    // The events around the position may arrive later, on either page.
    await expect.poll(() => shownAt(other.page, event)).toBe(await shownAt(page, event));
    expect(await above(other.page).innerText()).toContain(`A branch: message ${message} dropped`);
    await other.page.close();

    await original.getByRole('button', { name: 'Step in the original' }).click();
    await expect.poll(() => above(page).innerText()).toContain('The run as it was recorded');
    expect(await eventOf(page)).toBeGreaterThanOrEqual(at);
    expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
    await page.close();
  });

  test('is saved as a run with its scenario, which has the same verdict and can be stepped through', async () => {
    const { page } = await open(`${broadcast}#step=38`);
    await shownAt(page, 38);
    const message = await toFirstMessage(page);
    await below(page)
      .getByRole('button', { name: `Drop message ${message}` })
      .click();
    const branch = below(page).getByRole('article', { name: 'Branch' });
    await branch.getByRole('button', { name: 'Save as a run with scenario.json' }).click();
    await branch.getByText('--scenario').first().waitFor();
    expect(await branch.innerText()).toContain('scenario.json');
    await branch.locator('.saved a').click();
    await page.locator('h1 .verdict').getByText('✗ invalid').waitFor();
    await page.getByRole('button', { name: 'Step through' }).click();
    await shownAt(page, 0);
    await page.close();
  });

  test('with a delay, a copy, a crash: each names its change, and one of them is opened', async () => {
    const { page } = await open(`${broadcast}#step=38`);
    await shownAt(page, 38);
    const message = await toFirstMessage(page);
    const delay = below(page).getByRole('spinbutton', { name: /^A delayed message/ });
    await delay.fill('77');
    await delay.press('Enter');
    await below(page)
      .getByRole('button', { name: `Delay message ${message}` })
      .click();
    await below(page).getByText(`message ${message} delayed: it arrives 77 ms after it was sent`).waitFor();
    await below(page)
      .getByRole('button', { name: `Double message ${message}` })
      .click();
    await below(page).getByText(`message ${message} duplicated: a copy arrives 77 ms`).waitFor();
    await below(page)
      .getByRole('combobox', { name: 'A node that crashed starts again' })
      .selectOption('only at the end');
    await below(page).getByRole('button', { name: 'Crash n3 here' }).click();
    await below(page).getByText('n3 crashed, and started again only at the end').waitFor();
    // The server also holds the branches of others who looked at the run.
    const all = below(page).locator('.branch-list');
    await expect.poll(() => all.getByRole('button').count()).toBeGreaterThanOrEqual(3);
    await all.getByRole('button', { name: `message ${message} duplicated` }).click();
    const chosen = all.locator('[aria-pressed=true]');
    await expect.poll(() => chosen.allInnerTexts()).toEqual([expect.stringContaining('duplicated')]);
    await page.close();
  });
});

test('the moment that decided the run is one step away, if it is known', async () => {
  const folder = join(site.store, 'broadcast', SMALL);
  const byTrial = [{ what: 'the loss of the message of step 3', without: 'passes' }];
  const decisive = { version: 1, byTrial, certainty: [], moment: { timeNanos: 77e6 } };
  writeFileSync(join(folder, 'decisive.json'), JSON.stringify(decisive));
  const { page } = await openSmall('#step=4');
  await shownAt(page, 4);
  await above(page).getByRole('button', { name: 'To the decisive moment' }).click();
  await shownAt(page, 77);
  rmSync(join(folder, 'decisive.json'));
  await page.close();
});

describe('the server', () => {
  test('repeats the run first, and shows its progress', async () => {
    const { page, complaints } = await openSmall('#step=4', { preparing: 3 });
    await page.getByText('10 of about 40 messages').waitFor();
    await shownAt(page, 4);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('may lose the run meanwhile: the step is still taken', async () => {
    const { page, server } = await openSmall('#step=4');
    await shownAt(page, 4);
    server.endProcess();
    await page.keyboard.press('.');
    await shownAt(page, 5);
    expect(await above(page).getByRole('alert').count()).toBe(0);
    await page.close();
  });

  test('may refuse: its message is shown, and the user can retry', async () => {
    const { page } = await openSmall('');
    let isRefused = true;
    await page.route('**/travel/open', (route) =>
      isRefused
        ? route.fulfill({ status: 409, json: { error: 'Its program is gone: /programs/sample.ts.' } })
        : route.fallback(),
    );
    await page.getByRole('button', { name: 'Step through' }).click();
    await above(page).getByText('Its program is gone').waitFor();
    isRefused = false;
    await above(page).getByRole('button', { name: 'Try again' }).click();
    await shownAt(page, 0);
    await page.close();
  });

  test('is not called for a run of the real world: there is no button', async () => {
    const name = '20261121T040000.000Z';
    writeSampleRun(site.store, name, {
      spec: { world: 'real' },
      messages: [{ src: 'n1', dest: 'n2', sent: 0, arrives: [1], body: '{"type":"pass"}' }],
      results: { 'valid?': true },
    });
    const { page } = await open(`run/broadcast/${name}`);
    await page.waitForSelector('.picture[data-drawn$="full"]');
    expect(await page.getByRole('button', { name: 'Step through' }).count()).toBe(0);
    await page.close();
  });
});

const EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\u202e\u001b[2J';

test('output and names of nodes are shown as text in every step', async () => {
  const { page, complaints } = await openSmall('#step=3', { text: EVIL });
  await happened(page).getByText('<script>').waitFor();
  await page.keyboard.press('.');
  await page.keyboard.press(',');
  await below(page).getByRole('button', { name: 'Drop message 1' }).click();
  const branch = below(page).getByRole('article', { name: 'Branch' });
  await branch.getByText('How it happened').click();
  await branch.getByRole('button', { name: 'Save as a run' }).click();
  await branch.getByRole('button', { name: 'Copy the command' }).waitFor();
  await branch.getByRole('button', { name: 'Step in the branch' }).click();
  await above(page).getByText('A branch').waitFor();
  const text = `${await above(page).innerText()}${await below(page).innerText()}`;
  expect([text.includes('<script>'), text.includes('\u202e'), text.includes('\u001b')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(text).toContain('\\u202e');
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.locator('main img, main script').count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.close();
});

describe('without a picture or a mouse', () => {
  test('all parts and controls have names, and the nodes are headings', async () => {
    const { page } = await open(`${raft}#step=200`);
    await shownAt(page, 200);
    const named = await announced(page);
    const controls = /^(button|link|textbox|spinbutton|combobox|slider|region|article): $/;
    expect(named.filter((each) => controls.test(each))).toEqual([]);
    for (const each of [
      'toolbar: Steps',
      'slider: Event',
      'combobox: Steps of',
      'region: Step through the run',
      'region: The run at this event',
      'heading: Events',
      'heading: Nodes',
      'article: n1',
      'region: State of n1',
      'button: Step forward of n1',
      'button: Crash n1 here',
    ])
      expect(named).toContain(each);
    expect(await happened(page).getAttribute('role')).toBe('status');
    await page.close();
  });

  test('everything can be reached with the keyboard', async () => {
    const { page } = await openSmall('');
    await page.getByRole('button', { name: 'Step through' }).focus();
    await page.keyboard.press('Enter');
    await shownAt(page, 0);
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('stepping');
    await page.keyboard.press('ArrowRight');
    await shownAt(page, 1);
    await page.keyboard.press('ArrowLeft');
    await shownAt(page, 0);
    await page.keyboard.press('End');
    await shownAt(page, 119);
    await page.keyboard.press('Home');
    await shownAt(page, 0);
    const reached = new Set<unknown>();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      reached.add(
        await page.evaluate(
          "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
        ),
      );
    }
    for (const name of [
      'Forward ▶',
      'Event',
      'Crash n1 here',
      'Drop message 0',
      'Double message 0',
      '✕ Close',
    ])
      expect(reached).toContain(name);
    await page.close();
  });

  test('a typed comma or full stop is not a step', async () => {
    const { page } = await openSmall('#step=4');
    await shownAt(page, 4);
    const filter = page.getByRole('searchbox', { name: 'Filter' });
    await filter.focus();
    await page.keyboard.type('a.b,c');
    expect(await filter.inputValue()).toBe('a.b,c');
    await page.getByRole('tab', { name: 'messages' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/tab=operations/);
    expect(await eventOf(page)).toBe(4);
    await page.close();
  });
});

test('is no wider than a screen of any width', async () => {
  const { page } = await open(`${raft}#step=200`);
  await shownAt(page, 200);
  await below(page).getByRole('button', { name: 'Crash n3 here' }).click();
  await below(page).getByRole('article', { name: 'Branch' }).waitFor();
  for (const width of [1900, 1280, 1000, 760, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  }
  await page.close();
});
