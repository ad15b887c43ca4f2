/** How long, in real time, a node may compute without yielding; shorter in tests that wait for that limit. */
import { USUAL_YIELD_LIMIT_MS } from '../../world/simulated/turn/turn-record.ts';

/** Environment variable by which such tests shorten it, also for the processes that they start. */
export const SHORTER_YIELD_LIMIT = 'MAELSTROM_TEST_YIELD_LIMIT_MS';

export const yieldLimitMs = (): number => Number(process.env[SHORTER_YIELD_LIMIT]) || USUAL_YIELD_LIMIT_MS;
