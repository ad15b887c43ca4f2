/** Sets: elements that are added, and reads of all of them. */
import type { OpType } from '../../../history/op.ts';
import { history, type AnomalyExample, type Line } from './example.ts';

export type SetAnomaly = 'lost' | 'never-read' | 'stale' | 'phantom' | 'repeated';

const add = (process: number, element: number, type: OpType = 'ok'): readonly Line[] => [
  [process, 'invoke', 'add', element],
  [process, type, 'add', element],
];
const readSet = (process: number, elements: readonly number[]): readonly Line[] => [
  [process, 'invoke', 'read', null],
  [process, 'ok', 'read', elements],
];

const sets = (...lines: readonly Line[]): AnomalyExample => ({
  model: 'set-full',
  history: history(...lines),
});

export const SET_EXAMPLES: Readonly<Record<SetAnomaly, AnomalyExample>> = {
  lost: sets(...add(0, 7), ...readSet(1, [7]), ...readSet(2, [])),
  'never-read': sets(...add(1, 3), ...add(0, 7, 'info'), ...readSet(1, [3])),
  stale: sets(...add(0, 7), ...readSet(1, []), ...readSet(2, [7])),
  phantom: sets(...add(0, 7), ...readSet(1, [7, 9])),
  repeated: sets(...add(0, 7), ...readSet(1, [7, 7])),
};
