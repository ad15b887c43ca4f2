/** Whatever nodes print, a report shows it and never executes it. */
import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { SAMPLE_NODES, sampleFacts, sampleReport, timelineOf } from '../../test/support/sample-run.ts';
import { RecordedRun } from '../recording/recorded-run.ts';
import { unpackRun } from '../recording/packed/unpack-run.ts';
import { escapeMarkup } from './svg/escape.ts';
import { keyFolderName } from './findings/key-folders.ts';
import { latencyQuantiles } from './plots/latency-quantiles.ts';
import { latencyRaw } from './plots/latency-raw.ts';
import { rate } from './plots/rate.ts';
import { spaceTime } from './plots/space-time.ts';
import { svgFile } from './svg/svg.ts';
import { timelinePage } from './pages/timeline.ts';

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<!--<script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  '</title></svg><svg onload=alert(1)>',
  ']]>&lt;b&gt;&#60;i&#62;',
  '\u2028\u2029\u0000\u0007\u001b[31m\u009b31m',
  '\u202Eevil\u202C\u2066x\u2069\u200f',
  '\ud800 \udc00 \ufffe \uffff',
  '__proto__',
];
const SCRIPT = 'start()';
const STYLE = 'p{margin:0}';

const RUNS = await Promise.all(HOSTILE.map(async (text) => [text, await sampleFacts(text)] as const));

describe.each(RUNS)('%j', async (text, facts) => {
  const data = { workload: text, history: facts.history, bands: facts.bands };
  const picture = spaceTime({ journal: facts.journal, nodes: SAMPLE_NODES, bands: facts.bands });
  const findings = [{ title: text, text, operations: [1], picture: `${keyFolderName(text)}.svg` }];
  const pictures = new Map([[`${keyFolderName(text)}.svg`, picture]]);
  const parts = { plots: [latencyRaw(data)], findings, pictures, script: SCRIPT, style: STYLE };
  const page = await sampleReport(facts, parts);
  const files = {
    'report.html': page,
    'timeline.html': timelinePage(timelineOf(facts)),
    'messages.svg': svgFile(picture),
    'latency-raw.svg': svgFile(latencyRaw(data)),
    'latency-quantiles.svg': svgFile(latencyQuantiles(data)),
    'rate.svg': svgFile(rate(data)),
  };

  test.each(Object.entries(files))('%s contains no element from a node', (_, file) => {
    const names = new Set([...file.matchAll(/<\/?([A-Za-z][\w-]*)/g)].map(([, name]) => name));
    for (const name of names) expect(KNOWN_ELEMENTS).toContain(name);
    expect(file).not.toContain('<!--');
    expect(file).not.toMatch(/<[^>]*\son\w+\s*=/);
  });

  test.each(Object.entries(files))(
    '%s contains no character that is invisible or reverses text',
    (_, file) => {
      expect(file).not.toMatch(
        // oxlint-disable-next-line no-control-regex
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/,
      );
      expect(file).not.toMatch(/\p{Surrogate}/u);
    },
  );

  test('report.html may run only its own script, and loads nothing', () => {
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const hash = createHash('sha256').update(SCRIPT).digest('base64');
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toContain(`script-src 'sha256-${hash}'`);
    expect(policy).not.toContain('unsafe');
    const scripts = [...page.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes);
    expect(scripts).toEqual([' type="application/octet-stream" id="run"', '']);
    expect(page).not.toMatch(/<[^>]*\ssrc=|url\(|@import|<link|<iframe/);
  });

  test('and its text can still be read there', async () => {
    const packed = /id="run">([A-Za-z0-9+/=]*)</.exec(page)?.[1] ?? '';
    const { head, source } = unpackRun(inflateRawSync(Buffer.from(packed, 'base64')));
    expect(head.page.sentence).toContain(text);
    const run = new RecordedRun(source);
    await run.refreshJournal();
    await run.refreshHistory();
    expect(run.history.functions).toHaveLength(4);
    // A node's text after UTF-8 and JSON.
    expect(run.history.functions[3]).toBe(JSON.parse(JSON.stringify(text)));
    expect(JSON.parse(run.message(0)?.body ?? '')).toMatchObject({ text: JSON.parse(JSON.stringify(text)) });
    expect(run.operation(16)?.completion).toContain(JSON.stringify(text));
  });
});

const KNOWN_ELEMENTS = (
  'html head meta title style body header h1 h2 h3 span div dl dt dd nav a main section figure svg rect path g text p pre details ' +
  'summary table thead tbody tr th td footer code script noscript'
).split(' ');

test('text of any length is cut, with its original length', () => {
  expect(escapeMarkup('<'.repeat(10_000_000), 5)).toBe('&lt;&lt;&lt;&lt;&lt;... (10000000 characters)');
});

test.each(['../../etc/passwd', '..', '.', '', 'a/b\\c', '\u0000', 'é'.repeat(500)])(
  'the key %j stays within its folder',
  (key) => {
    expect(keyFolderName(key)).toMatch(/^[A-Za-z0-9_%-]{1,80}$/);
  },
);
