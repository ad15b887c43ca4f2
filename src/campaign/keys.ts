/**
 * What is called how in the Redis of campaigns:
 *
 *     maelstrom:campaigns       by id, what a campaign is: its plan, and for which Maelstrom and Node.js it is (campaign.ts)
 *     maelstrom:program:ID      the compiled program
 *     maelstrom:files:ID        by SHA-256, the user's own files, as src/harness/own/packed-file.ts makes them
 *     maelstrom:hunt:ID         the process that hunts; gone some seconds after that process
 *     maelstrom:progress:ID     what it has come to, for `maelstrom campaign status`
 *     maelstrom:workers         by id, what each worker says of itself (worker-card.ts)
 *     maelstrom:runs-ID:*       the queue of BullMQ
 */
export const PREFIX = 'maelstrom';
export const CAMPAIGNS = `${PREFIX}:campaigns`;
export const WORKERS = `${PREFIX}:workers`;
export const programKey = (id: string): string => `${PREFIX}:program:${id}`;
export const filesKey = (id: string): string => `${PREFIX}:files:${id}`;
export const huntKey = (id: string): string => `${PREFIX}:hunt:${id}`;
export const progressKey = (id: string): string => `${PREFIX}:progress:${id}`;
export const queueName = (id: string): string => `runs-${id}`;
/** All that goes with the campaign, but its entry and its queue. */
export const keysOf = (id: string): readonly string[] => [
  programKey(id),
  filesKey(id),
  huntKey(id),
  progressKey(id),
];
/** Of the queue; BullMQ's. */
export const settingsKey = (id: string): string => `${PREFIX}:${queueName(id)}:meta`;

/** Ids stand in the names of keys. */
export const isId = (id: string): boolean => /^[0-9a-f]{16}$/.test(id);
