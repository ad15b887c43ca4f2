/** A headless Chromium and a server, for the tests of the viewer. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { listen, type Listening } from '../../src/server/http/listen.ts';

const PLACES = [
  process.env['CHROMIUM'],
  // Has no window around its pages, and takes a third of the CPU time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** If set to 1, tests that need a browser are skipped and counted as such. */
const WITHOUT_BROWSER = process.env['MAELSTROM_NO_BROWSER'] === '1';

/**
 * Opens a browser for the tests of a file and calls `prepare`; `clear` cleans up afterwards. Without a browser neither
 * is called, and the tests are skipped.
 */
export function withBrowser(
  prepare: (browser: Browser) => void | Promise<void>,
  clear: () => void | Promise<void>,
): void {
  let opened: Browser | undefined;
  beforeAll(async () => {
    if (WITHOUT_BROWSER) return;
    opened = await openBrowser();
    await prepare(opened);
  }, 60_000);
  beforeEach(({ skip }) => skip(WITHOUT_BROWSER, 'MAELSTROM_NO_BROWSER=1: tests in a browser are left out.'));
  afterAll(async () => {
    if (opened === undefined) return;
    await opened.close();
    await clear();
  });
}

/** Throws, with instructions for installing it, if there is none. */
function openBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) {
    throw new Error(
      'These tests need a Chromium and found none. Run `sh scripts/install-browser.sh`, name one with CHROMIUM=/path/to/it, or skip these tests with MAELSTROM_NO_BROWSER=1.',
    );
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

export interface Site extends Listening {
  readonly store: string;
  /** Opens a page whose errors (scripts refused or failing) are collected. */
  page(browser: Browser, options?: BrowserContextOptions): Promise<WatchedPage>;
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors reported on the console. */
  readonly complaints: readonly string[];
}

/**
 * Returns roles and names as the browser reports them to assistive technology, sorted alphabetically; only those with
 * these roles, if given.
 */
export async function announced(page: Page, roles?: readonly string[]): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  return nodes
    .flatMap(({ ignored, role, name }) =>
      !ignored && roles?.includes(String(role?.value)) !== false
        ? [`${role?.value}: ${name?.value ?? ''}`]
        : [],
    )
    .toSorted();
}

/** Serves an empty store with the built viewer. */
export async function openSite(): Promise<Site> {
  const viewer = fileURLToPath(new URL('../../dist/viewer', import.meta.url));
  if (!existsSync(join(viewer, 'index.html')))
    throw new Error('the viewer has not been built: node scripts/build.mjs');
  const store = mkdtempSync(join(tmpdir(), 'viewer-test-'));
  const listening = await listen({ store, viewer, host: '127.0.0.1', port: 0, program: './maelstrom' });
  return {
    store,
    url: listening.url,
    isPublic: listening.isPublic,
    page: async (browser, options = {}) => {
      const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, ...options });
      page.setDefaultTimeout(10_000);
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      return { page, complaints };
    },
    close: async () => {
      await listening.close();
      rmSync(store, { recursive: true, force: true });
    },
  };
}
