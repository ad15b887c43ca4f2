/** The stories of histories whose values have keys, as other tools write them. */
import { expect, it } from 'vitest';
import { check } from '../../../checkers/check.ts';
import type { Evidence, JudgedKey } from '../../../checkers/evidence.ts';
import type { ModelName } from '../../../checkers/models/model-table.ts';
import { impossibleOperation } from '../../../checkers/linearizable/explain-cas-register.ts';
import type { LinearizableResult } from '../../../checkers/linearizable/linearizable.ts';
import { completeSpec } from '../../../harness/settings/spec-defaults.ts';
import type { Op } from '../../../history/op.ts';
import type { Json } from '../../../protocol/json.ts';
import { storiesOfHistory } from '../../history-stories.ts';
import { storyText } from '../../text/story-text.ts';

type Row = readonly [f: string, asked: Json, answered: Json];

function storyOf(workload: ModelName, rows: readonly Row[]): string {
  const history = rows.flatMap(([f, asked, answered], at): Op[] => {
    const op = { process: at % 2, f, time: at * 1e6 };
    return [
      { ...op, index: 2 * at, type: 'invoke', value: asked },
      { ...op, index: 2 * at + 1, type: 'ok', value: answered },
    ];
  });
  const spec = completeSpec({ workload, bin: '', world: 'real', seed: '', nodes: [] });
  const result = check(workload, history);
  const evidence = workload === 'kv' ? keysOf(result as LinearizableResult) : undefined;
  const made = storiesOfHistory({ spec, history, result, evidence, evidenceIsDrawn: false });
  return made?.stories.map((story) => storyText(story, 1000)).join('\n') ?? '';
}

/** Operations begin and end without others between, so their numbers are those of their invocations. */
function keysOf({ results = {} }: LinearizableResult): Evidence {
  const keys = Object.entries(results).map(([key, one]): JudgedKey => {
    const found = impossibleOperation(one);
    if (found === undefined) throw new Error(`key ${key} is not wrong`);
    const impossible = { ...found, op: { ...found.op, index: found.op.index - 1 } };
    return { key, result: one, impossible };
  });
  return { kind: 'keys', keys };
}

it('comments with keys: the read of a key, and the two writes to it', () => {
  const text = storyOf('comments', [
    ['write', ['k', 1], ['k', 1]],
    ['write', ['j', 1], ['j', 1]],
    ['write', ['k', 2], ['k', 2]],
    ['read', ['k', null], ['k', [2]]],
  ]);
  expect(text).toContain('A read of key "k" shows 2 and lacks 1, which was written before it');
  expect(text).toContain('process 1 reads 2 and lacks 1, although');
  expect(text).not.toContain('"j"');
});

it('a key-value store: its operations in words, and the value without its key', () => {
  const text = storyOf('kv', [
    ['put', ['a', 'x'], ['a', 'x']],
    ['append', ['a', 'y'], ['a', 'y']],
    ['get', ['a', null], ['a', 'x']],
  ]);
  expect(text).toContain('process 0 sets key "a" to "x"');
  expect(text).toContain('process 1 appends "y" to key "a"');
  expect(text).toContain('process 0 asks for key "a" and gets "x"');
  expect(text).toContain(
    `process 0's get "x" cannot have happened: by then the state can only have been "xy"`,
  );
});
