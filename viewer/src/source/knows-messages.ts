/** Whether a run's messages are known. They are not for imported histories and for runs recorded by the original Maelstrom. */
import type { Overview } from '../../../src/recording/views.ts';

export const knowsMessages = ({ messages, operations, isRunning }: Overview): boolean =>
  messages > 0 || operations === 0 || isRunning;
