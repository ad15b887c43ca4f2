/** docs/ is up to date with `maelstrom doc`, and every link and anchor in the docs has a target. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../../harness/package-folder.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import { anchorOf, isGenerated } from './markdown.ts';
import { referencePages } from './reference-pages.ts';

const PAGES = await referencePages();
const docs = packageFile('docs');

it.each(PAGES)('docs/$name is what `maelstrom doc` writes', ({ name, text }) => {
  expect(isGenerated(text)).toBe(true);
  expect(readFileSync(join(docs, name), 'utf8')).toBe(text);
});

it('docs/reference has nothing else', () => {
  const found = readdirSync(join(docs, 'reference'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(docs, join(entry.parentPath, entry.name)));
  const written = PAGES.map(({ name }) => name).filter((name) => name.startsWith('reference/'));
  expect(found.toSorted()).toEqual(written.toSorted());
});

it('every workload has its section with all its requests', () => {
  const page = PAGES.find(({ name }) => name === 'workloads.md')?.text ?? '';
  for (const { name, rpcs } of WORKLOADS.values()) {
    expect(page).toContain(`\n## ${name}\n`);
    for (const { type } of rpcs) expect(page).toContain(`### RPC: \`${type}\``);
  }
});

describe('the links of', () => {
  const files = ['.', 'docs', 'examples', 'bench'].flatMap((folder) =>
    readdirSync(packageFile(folder), { recursive: folder !== '.', encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  );

  it.each(files.toSorted())('%s point to existing pages and headings', (file) => {
    expect(linksOf(readFileSync(packageFile(file), 'utf8')).flatMap((link) => problemOf(file, link))).toEqual(
      [],
    );
  });

  it('broken links of a page are found', () => {
    const text =
      '[a](gone.md) [b](protocol.md#gone) [c](#gone) ![d](gone.svg) [e](protocol.md#errors)\n`[f](x.md)`';
    expect(linksOf(text).flatMap((link) => problemOf('docs/page.md', link, text))).toHaveLength(4);
  });
});

/** Returns all links, including those of pictures, except within code. */
const linksOf = (text: string): readonly string[] =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) =>
    /^[a-z]+:/.test(link) ? [] : [link],
  );

const withoutCode = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, 'code');

function problemOf(file: string, link: string, own?: string): readonly string[] {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? packageFile(file) : resolve(dirname(packageFile(file)), path);
  if (path !== '' && !existsSync(target)) return [`${link}: there is no such file`];
  if (anchor === undefined || !(path === '' ? file : path).endsWith('.md')) return [];
  const text = path === '' && own !== undefined ? own : readFileSync(target, 'utf8');
  return anchorsOf(text).has(anchor) ? [] : [`${link}: there is no such heading`];
}

/** Makes anchors as GitHub does: the second heading of the same name gets -1. */
function anchorsOf(text: string): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.*)$/gm)) {
    const anchor = anchorOf(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return anchors;
}
