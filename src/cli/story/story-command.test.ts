import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTest } from '../../harness/one-test/open-test.ts';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { broadcast } from '../../workloads/broadcast.ts';
import { bundleNode } from '../../world/bundling/bundle.ts';
import { runCli } from '../cli.ts';
import { Console } from '../show/console.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-story-'));
afterAll(() => rmSync(store, { recursive: true }));

async function said(...words: readonly string[]): Promise<string> {
  let text = '';
  const console = new Console({ write: (more: string) => void (text += more) }, {});
  await runCli(words, { console, errors: console, stdin: () => noInput(), env: {}, program: 'maelstrom' });
  return text;
}

// oxlint-disable-next-line require-yield
async function* noInput(): AsyncGenerator<Uint8Array> {}

let bin = '';

async function runOf(settings: Partial<TestSpec>): Promise<string> {
  const spec = completeSpec({
    workload: 'broadcast',
    bin,
    world: 'simulated',
    seed: '1',
    nodes: ['n1', 'n2', 'n3'],
    timeLimitSeconds: 1,
    recoverySeconds: 1,
    rate: 10,
    ...settings,
  });
  const test = await openTest({ spec, workload: broadcast, store });
  const stored = await test.run();
  if (stored === undefined) throw new Error('the run was ended');
  return stored.folder;
}

beforeAll(async () => {
  const program = fileURLToPath(new URL('../../../examples/broken/trusts-delivery.ts', import.meta.url));
  ({ bin } = await bundleNode(program, 'simulated', store));
}, 60_000);

describe('story', () => {
  it(
    'tells the operations of a run of upstream, and writes nothing into its folder',
    { timeout: 60_000 },
    async () => {
      const own = await runOf({ nemesis: ['partition'], nemesisIntervalSeconds: 0.3 });
      const folder = join(store, 'upstream', 'broadcast', '20260304T101214.250-0500');
      mkdirSync(folder, { recursive: true });
      for (const file of ['history.edn', 'results.edn']) copyFileSync(join(own, file), join(folder, file));
      const text = await said('story', folder);
      expect(text).toMatch(/^Element 0 is lost\n/);
      expect(text).toMatch(/process \d broadcasts 0, which is acknowledged at/);
      expect(readdirSync(folder).toSorted()).toEqual(['history.edn', 'results.edn']);
    },
  );

  it('prints how a stored run went wrong, and writes it into its folder', { timeout: 60_000 }, async () => {
    const folder = await runOf({ nemesis: ['partition'], nemesisIntervalSeconds: 0.3 });
    const text = await said('story', folder);
    expect(text).toMatch(/^Element 0 is lost\n/);
    expect(text).toContain('3. 0.000 s  n1 sends tell {message: 0} to n2; the partition n1 | n2 n3 drops it');
    expect(text).toContain('story.md');
    expect(readFileSync(join(folder, 'story.md'), 'utf8')).toMatch(/^# Element 0 is lost\n/);
    expect(readFileSync(join(folder, 'story.svg'), 'utf8')).toMatch(/^<svg .*Element 0 is lost/);
    const steps: unknown = JSON.parse(await said('story', folder, '--json'));
    expect(steps).toMatchObject({
      version: 1,
      title: 'Element 0 is lost',
      steps: [{ number: 1, kind: 'fault' }, {}, { kind: 'lost' }, {}, {}, {}, {}, { kind: 'verdict' }],
    });
  });

  it('finds what decided a run, keeps that, and does not search again', { timeout: 120_000 }, async () => {
    const folder = await runOf({ nemesis: ['partition'], nemesisIntervalSeconds: 0.3 });
    const text = await said('story', folder, '--decisive');
    const words = text.replaceAll(/\s+/g, ' ');
    // Another element is lost as well, by another partition.
    expect(words).toContain('None of 4 things alone makes the difference');
    expect(words).toMatch(/From step 1 on, at least 1?\d of 20 futures fail; before it, 0 of 20\./);
    expect(words).toContain('From step 2 on, all futures fail.');
    const kept = readFileSync(join(folder, 'decisive.json'), 'utf8');
    expect(JSON.parse(kept)).toMatchObject({ version: 1, moment: { step: 1 } });
    expect(await said('story', folder)).toContain('all futures fail');
    expect(readFileSync(join(folder, 'story.md'), 'utf8')).toContain('all futures fail');
    const again = await said('story', folder, '--decisive');
    expect(again).not.toContain('looking for');
    expect(readFileSync(join(folder, 'decisive.json'), 'utf8')).toBe(kept);
  });

  it('has no story of a valid run', { timeout: 60_000 }, async () => {
    expect(await said('story', await runOf({}))).toBe(
      'Nothing is wrong in this run, so there is no story to tell.\n',
    );
  });

  it('reports that a folder is not the folder of a run', async () => {
    expect(await said('story', store)).toContain('is not the folder of a run');
    expect(await said('story')).toContain('maelstrom story store/latest');
  });
});
