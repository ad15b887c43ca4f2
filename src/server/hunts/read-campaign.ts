/**
 * Reads the campaign.json of a hunt on many machines for its page: the state of its workers when it was last written,
 * every two seconds. Each field is checked, as in read-summary.ts.
 */
import type { CampaignView, CampaignWorkerView } from '../../recording/hunt-view.ts';
import { fieldsOf, items, lengthOf, numberOf, textOf, type Fields } from './stored-fields.ts';
import { unlessThrows } from '../../protocol/unless-throws.ts';

/** Returns undefined if it is not a campaign, or of a later version. */
export function readCampaign(text: string, life: 'alive' | 'dead' | 'unknown'): CampaignView | undefined {
  const campaign = fieldsOf(unlessThrows(() => JSON.parse(text)));
  if (campaign['version'] !== 1) return undefined;
  const state = wordOf(campaign['state'], ['running', 'paused', 'away', 'over']);
  const workers = items(campaign['workers']);
  return {
    state: life === 'alive' ? state : 'over',
    id: textOf(campaign['id']),
    queue: textOf(campaign['queue']),
    rate: numberOf(campaign['rate']),
    runsOut: numberOf(campaign['runsOut']),
    refused: numberOf(campaign['refused']),
    workers: workers.map((worker) => readWorker(fieldsOf(worker))),
    otherWorkers: lengthOf(campaign['workers']) - workers.length,
  };
}

const readWorker = (worker: Fields): CampaignWorkerView => ({
  host: textOf(worker['host']),
  pid: numberOf(worker['pid']),
  processes: numberOf(worker['processes']),
  maelstrom: textOf(worker['maelstrom']),
  node: textOf(worker['node']),
  runs: numberOf(worker['runs']),
  silentSeconds: numberOf(worker['silentSeconds']),
  state: wordOf(worker['state'], ['away', 'working', 'idle', 'refuses']),
  why: textOf(worker['why']),
});

/** Returns the word if it is one of these, else the first of them. */
function wordOf<Word extends string>(value: unknown, words: readonly [Word, ...Word[]]): Word {
  return words.find((word) => word === value) ?? words[0];
}
