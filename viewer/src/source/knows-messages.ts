/** Whether anything is known of a run's messages: of a history from elsewhere, and of a run that upstream has written, nothing is. */
import type { Overview } from '../../../src/recording/views.ts';

export const knowsMessages = ({ messages, operations, isRunning }: Overview): boolean =>
  messages > 0 || operations === 0 || isRunning;
