/**
 * The pages run in every browser since Chrome and Edge 111, Firefox 115 and Safari 16.4 (the README says so): what these
 * lack is not in the scripts that are built. Each later feature is listed with the first versions that have it.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));

const TOO_NEW: readonly (readonly [name: string, since: string, found: RegExp])[] = [
  ['Promise.withResolvers', 'Firefox 121, Safari 17.4', /\bPromise\.withResolvers\b/],
  ['Promise.try', 'Chrome 128, Firefox 134', /\bPromise\.try\b/],
  ['Array.fromAsync', 'Chrome 121', /\bArray\.fromAsync\b/],
  ['Object.groupBy', 'Chrome 117, Safari 17.4', /\b(?:Object|Map)\.groupBy\b/],
  ['URL.canParse', 'Chrome 120, Safari 17', /\bURL\.(?:canParse|parse)\b/],
  ['RegExp.escape', 'Chrome 136', /\bRegExp\.escape\b/],
  [
    'methods of sets',
    'Chrome 122, Firefox 127',
    /\.(?:isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference)\(/,
  ],
  [
    'methods of iterators',
    'Chrome 122, Firefox 131, Safari 18.4',
    /\.(?:values|keys|entries)\(\)\.(?:map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)\(|\bIterator\.from\b/,
  ],
  ['base64 of bytes', 'Chrome 140, Firefox 133', /\.(?:fromBase64|toBase64|toHex|fromHex)\(/],
  ['AbortSignal.any', 'Chrome 116, Firefox 124', /\bAbortSignal\.any\b/],
  ['requestIdleCallback', 'no Safari', /\brequestIdleCallback\b/],
  ['well-formed texts', 'Firefox 119', /\.(?:isWellFormed|toWellFormed)\(/],
  ['Intl.DurationFormat', 'Chrome 129', /\bIntl\.DurationFormat\b/],
  ['Intl.Segmenter', 'Firefox 125', /\bIntl\.Segmenter\b/],
  ['Error.isError', 'Chrome 134', /\bError\.isError\b/],
  ['startViewTransition', 'Firefox 144', /\bstartViewTransition\b/],
];

let scripts: readonly (readonly [name: string, text: string])[] = [];

beforeAll(() => {
  execFileSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
  const read = (name: string): readonly [string, string] => [name, readFileSync(join(project, name), 'utf8')];
  // Earlier builds may still be there: only what the page loads, directly or later, counts.
  const assets = readdirSync(join(project, 'dist/viewer/assets')).filter((name) => name.endsWith('.js'));
  const reached = [read('dist/viewer/index.html')];
  for (const [, text] of reached) {
    const loaded = assets
      .filter((name) => text.includes(name))
      .map((name) => join('dist/viewer/assets', name));
    reached.push(...loaded.filter((name) => reached.every(([known]) => known !== name)).map(read));
  }
  scripts = [...reached.slice(1), read('dist/report-page.js')];
}, 180_000);

test.each(TOO_NEW)('the pages do without %s (%s)', (_name, _since, found) => {
  const using = scripts.flatMap(([name, text]) => {
    const at = text.search(found);
    return at < 0 ? [] : [`${name}: ${text.slice(Math.max(0, at - 60), at + 60)}`];
  });
  expect(using).toEqual([]);
  expect(scripts.length).toBeGreaterThan(3);
});
