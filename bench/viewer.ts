/**
 * The viewer with a large journal: how long until it is drawn, how smoothly it pans, and how much memory the browser
 * needs.
 *
 *     node bench/run.mjs viewer [MESSAGES]        default: 1000000
 *
 * Writes a run with that many messages (and a tenth as many operations) to a temporary store, serves it with
 * dist/maelstrom.js, and opens it in headless Chromium without a GPU.
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { FileJournal } from '../src/network/journal/journal-file.ts';
import { SAMPLE_SPEC } from '../test/support/test-spec-sample.ts';
import { RunFolder } from '../src/store/writing/run-folder.ts';

const messages = Number(process.argv[2] ?? 1_000_000);
const nodes = ['n1', 'n2', 'n3', 'n4', 'n5'];
const clients = ['c5', 'c6', 'c7', 'c8', 'c9'];

/** Writes a run that repeats a request, eight messages among nodes and a reply; one message in a hundred is lost. */
function writeRun(store: string): string {
  const folder = new RunFolder({
    store,
    startedAt: new Date(),
    maelstromVersion: 'bench',
    onProblem: (problem) => console.error(problem),
    spec: {
      ...SAMPLE_SPEC,
      workload: 'broadcast',
      bin: '/bench',
      nodes,
      concurrency: 5,
      rate: 10_000,
      timeLimitSeconds: 60,
      latency: { distribution: 'constant', meanMs: 1 },
      topology: 'total',
      seed: 'bench',
    },
  });
  folder.close();
  const journal = new FileJournal(join(folder.path, 'net-journal'));
  const filler = 'x'.repeat(40);
  const waiting: { at: number; packet: Parameters<FileJournal['sent']>[1] }[] = [];
  let head = 0;
  let time = 0;
  const deliverUntil = (now: number): void => {
    for (let next = waiting[head]; next !== undefined && next.at <= now; next = waiting[head]) {
      if (next.packet.id % 100 === 7) journal.dropped(next.at, next.packet, 'partition');
      else journal.received(next.at, next.packet);
      head++;
    }
    if (head > 50_000) {
      waiting.splice(0, head);
      head = 0;
    }
  };
  for (let id = 0; id < messages; id++) {
    time += 6000;
    deliverUntil(time);
    const step = id % 10;
    const src = step === 0 ? clients[(id / 10) % 5] : nodes[(id * 7 + step) % 5];
    const dest = step === 9 ? clients[Math.floor(id / 10) % 5] : nodes[(id * 7 + step + 1 + (id % 3)) % 5];
    const packet = {
      id,
      src: src ?? 'n1',
      dest: dest ?? 'n2',
      body: Buffer.from(`{"type":"gossip","msg_id":${id},"value":"${filler}"}`),
    };
    journal.sent(time, packet);
    waiting.push({ at: time + 1e6, packet });
  }
  deliverUntil(Number.POSITIVE_INFINITY);
  journal.close();
  const history = new RunHistory(folder.path);
  for (let op = 0; op < messages / 10; op++) history.operation(op);
  history.close();
  return `broadcast/${folder.path.split('/').at(-1) ?? ''}`;
}

class RunHistory {
  private readonly fd: number;
  private lines: string[] = [];
  constructor(folder: string) {
    this.fd = openSync(join(folder, 'history.jsonl'), 'w');
  }
  operation(number: number): void {
    const begin = number * 60_000;
    const line = (index: number, time: number, type: string): string =>
      `{"index":${index},"time":${time},"type":"${type}","process":${number % 5},"f":"broadcast","value":${number}}\n`;
    this.lines.push(line(2 * number, begin, 'invoke'), line(2 * number + 1, begin + 50_000, 'ok'));
    if (this.lines.length > 10_000) this.flush();
  }
  close(): void {
    this.flush();
    closeSync(this.fd);
  }
  private flush(): void {
    writeSync(this.fd, this.lines.join(''));
    this.lines = [];
  }
}

/** Returns the memory of the browser's pages in MB, with shared memory counted proportionally. */
function browserMegabytes(parent: number): number {
  let kilobytes = 0;
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
      if (!command.includes('--type=renderer') || !isBelow(Number(entry), parent)) continue;
      const memory = readFileSync(`/proc/${entry}/smaps_rollup`, 'utf8');
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(memory)?.[1] ?? 0);
    } catch {
      // The process has ended.
    }
  }
  return Math.round(kilobytes / 1000);
}

function isBelow(pid: number, ancestor: number): boolean {
  for (let at = pid; at > 1;) {
    if (at === ancestor) return true;
    at = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${at}/status`, 'utf8'))?.[1] ?? 0);
  }
  return false;
}

/** Runs in the page: drags the picture back and forth, a little each frame, and counts frames for two seconds. */
const PAN = `new Promise((resolve) => {
  const picture = document.querySelector('div.picture');
  const lanes = picture.querySelector('.picture-canvas');
  const box = lanes.getBoundingClientRect();
  const fire = (type, x) => (type === 'pointerdown' ? lanes : window).dispatchEvent(
    new PointerEvent(type, { clientX: x, clientY: box.top + 60, button: 0, buttons: 1, bubbles: true }));
  const begin = performance.now();
  let frames = 0;
  fire('pointerdown', box.left + 600);
  const next = () => {
    frames++;
    const now = performance.now() - begin;
    fire('pointermove', box.left + 600 + 400 * Math.sin(now / 300));
    if (now < 2000) requestAnimationFrame(next);
    else { fire('pointerup', box.left + 600); resolve(frames / (now / 1000)); }
  };
  requestAnimationFrame(next);
})`;

const store = mkdtempSync(join(tmpdir(), 'maelstrom-viewer-'));
const program = join(process.cwd(), '..', 'dist', 'maelstrom.js');
if (!existsSync(program)) throw new Error('run `npm run build` first');
const run = writeRun(store);
console.log(`wrote ${messages} messages`);
const server = spawn(process.execPath, [program, 'serve', '--store', store, '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await new Promise<string>((resolve) => {
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      const found = /http:\S+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    // The browser is warm, but opens the run for the first time.
    await page.goto(url);
    await page.waitForSelector('table.runs');
    const begin = performance.now();
    await page.goto(`${url}run/${run}`);
    await page.waitForSelector('.picture[data-drawn$="full"]');
    const opened = performance.now() - begin;
    await page.waitForTimeout(1500);
    await page.locator('.picture').focus();
    for (let i = 0; i < 14; i++) {
      await page.keyboard.press('+');
      await page.waitForTimeout(60);
    }
    await page.waitForTimeout(500);
    const shown = await page.locator('.picture').getAttribute('data-arrows');
    // Pans a tenth of the view per frame for two seconds, as fast as frames come.
    const frames = await page.evaluate(PAN);
    const heap = await page.evaluate('performance.memory.usedJSHeapSize / 1e6');
    console.log(`opened to a drawn picture in ${Math.round(opened)} ms`);
    console.log(`pans at ${Math.round(Number(frames))} frames/s with ${shown} arrows at hand`);
    console.log(`pages ${browserMegabytes(process.pid)} MB, ${Math.round(Number(heap))} MB script heap`);
    const status = readFileSync(`/proc/${server.pid ?? 0}/status`, 'utf8');
    console.log(`server ${Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000)} MB at most`);
  } finally {
    await browser.close();
  }
} finally {
  server.kill();
  rmSync(store, { recursive: true });
}
