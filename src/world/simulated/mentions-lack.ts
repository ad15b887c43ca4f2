/**
 * Whether a node's last words say that the simulation lacks something, in the words of src/guest/modules/refusals.ts and
 * src/guest/files/fs.ts. The program may have caught the error and have printed it before it ended.
 */
import type { NodeExit } from '../world.ts';

const LACKS =
  /is not available in the simulation|Node has it, the simulation does not\.|would wait for stdin and stop the simulation/;

export const mentionsLack = ({ lastStderr, cause = [] }: Pick<NodeExit, 'lastStderr' | 'cause'>): boolean =>
  lastStderr.some((line) => LACKS.test(line)) || cause.some((line) => LACKS.test(line));
