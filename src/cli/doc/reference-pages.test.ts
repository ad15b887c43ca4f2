import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { WORKLOADS } from '../../workloads/index.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { referencePages } from './reference-pages.ts';

const PAGES = referencePages(WORKLOADS.values());

it.each(PAGES)('docs/$name is what `maelstrom doc` writes', ({ name, text }) => {
  expect(readFileSync(packageFile(`docs/${name}`), 'utf8')).toBe(text);
});

it('every workload has its section with all its requests', () => {
  const page = PAGES.find(({ name }) => name === 'workloads.md')?.text ?? '';
  for (const { name, rpcs } of WORKLOADS.values()) {
    expect(page).toContain(`\n## ${name}\n`);
    for (const { type } of rpcs) expect(page).toContain(`### RPC: \`${type}\``);
  }
});
