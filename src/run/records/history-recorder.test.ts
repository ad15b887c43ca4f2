import { expect, it } from 'vitest';
import { HistoryRecorder } from './history-recorder.ts';

it('a deliberate crash of a kafka client is not counted as in doubt, as in the statistics', () => {
  const recorder = new HistoryRecorder([]);
  const draft = { process: 0, time: 0, value: null } as const;
  for (const f of ['crash', 'poll']) {
    recorder.record({ ...draft, type: 'invoke', f });
    recorder.record({ ...draft, type: 'info', f });
  }
  expect(recorder.tally).toEqual({ invoke: 2, ok: 0, fail: 0, info: 1 });
});
