import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Decisive } from '../../recording/decisive.ts';
import { decisiveView, readDecisive, writeDecisive } from './stored-decisive.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-decisive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = { step: 2, text: 'n1 sends tell to n2; it is lost', timeNanos: 1000, journalEvent: 7, message: 3 };
const decisive: Decisive = {
  version: 1,
  byTrial: [{ what: 'the loss of tell to n2 (step 2)', without: 'passes', at }],
  certainty: [
    { event: 'the start', fails: 2, of: 20 },
    { event: 'step 2', fails: 20, of: 20, at },
  ],
  moment: at,
};

describe('decisive.json', () => {
  it('is read back as it was written', () => {
    writeDecisive(folder, decisive);
    expect(readDecisive(folder)).toEqual(decisive);
  });

  it('is shown as sentences, with their steps and the moment', () => {
    writeDecisive(folder, decisive);
    expect(decisiveView(folder)).toEqual({
      sentences: [
        'Without the loss of tell to n2 (step 2) the run passes.',
        'From step 2 on, 20 of 20 futures fail; before it, 2 of 20.',
      ],
      steps: ['2. n1 sends tell to n2; it is lost'],
      moment: at,
    });
  });

  it.each([
    ['invalid JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a later version', JSON.stringify({ ...decisive, version: 2 })],
    ['invalid trials', JSON.stringify({ ...decisive, byTrial: [{ what: 1, without: 'passes' }] })],
    ['negative counts', JSON.stringify({ ...decisive, certainty: [{ event: 'x', fails: -1, of: 2 }] })],
    ['a moment without a time', JSON.stringify({ ...decisive, moment: { step: 1 } })],
    ['a moment with an invalid text', JSON.stringify({ ...decisive, moment: { ...at, text: {} } })],
    [
      'too many entries',
      JSON.stringify({ ...decisive, certainty: Array(20_000).fill(decisive.certainty[0]) }),
    ],
  ])('counts as missing if it contains %s', (_, text) => {
    writeFileSync(join(folder, 'decisive.json'), text);
    expect(readDecisive(folder)).toBeUndefined();
    expect(decisiveView(folder)).toBeUndefined();
  });

  it('is safe to show, whatever it contains', () => {
    const what = 'the \u001b[2J\u202eloss of <script>';
    writeDecisive(folder, { ...decisive, byTrial: [{ what, without: 'passes', at: { ...at, text: what } }] });
    const { sentences = [], steps = [] } = decisiveView(folder) ?? {};
    const said = [...sentences, ...steps].join('\n');
    expect(said).toContain('<script>');
    // oxlint-disable-next-line no-control-regex
    expect(said).not.toMatch(/[\u001b\u202e]/);
  });

  it('is undefined if there is no file', () => {
    expect(decisiveView(join(folder, 'nowhere'))).toBeUndefined();
  });
});
