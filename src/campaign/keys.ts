/**
 * Keys in the Redis of campaigns:
 *
 *     maelstrom:campaigns       indexed by id: a campaign with its plan, and its versions of Maelstrom and Node.js (campaign.ts)
 *     maelstrom:program:ID      the compiled program
 *     maelstrom:files:ID        indexed by SHA-256: the user's own files, as packed by src/harness/own/packed-file.ts
 *     maelstrom:hunt:ID         the process that hunts; expires some seconds after that process has ended
 *     maelstrom:progress:ID     the progress of the hunt, for `maelstrom campaign status`
 *     maelstrom:workers         indexed by id: what each worker reports about itself (worker-card.ts)
 *     maelstrom:runs-ID:*       the BullMQ queue
 */
export const PREFIX = 'maelstrom';
export const CAMPAIGNS = `${PREFIX}:campaigns`;
export const WORKERS = `${PREFIX}:workers`;
export const programKey = (id: string): string => `${PREFIX}:program:${id}`;
export const filesKey = (id: string): string => `${PREFIX}:files:${id}`;
export const huntKey = (id: string): string => `${PREFIX}:hunt:${id}`;
export const progressKey = (id: string): string => `${PREFIX}:progress:${id}`;
export const queueName = (id: string): string => `runs-${id}`;
/** Returns the keys to remove with a campaign, besides its entry and its queue. */
export const keysOf = (id: string): readonly string[] => [
  programKey(id),
  filesKey(id),
  huntKey(id),
  progressKey(id),
];
/** Returns the key of the queue's settings, which belongs to BullMQ. */
export const settingsKey = (id: string): string => `${PREFIX}:${queueName(id)}:meta`;

/** Ids become parts of keys. */
export const isId = (id: string): boolean => /^[0-9a-f]{16}$/.test(id);
