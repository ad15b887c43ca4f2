/**
 * Reads the campaign.json of a hunt on many machines for its page: what its workers were when it was written, every two seconds. Each field is
 * looked at, as in read-summary.ts.
 */
import type { CampaignView, CampaignWorkerView } from '../../recording/hunt-view.ts';
import { fieldsOf, items, numberOf, parsed, textOf, type Fields } from './stored-fields.ts';

/** Undefined for what is none, or of a later Maelstrom. */
export function readCampaign(text: string, life: 'alive' | 'dead' | 'untold'): CampaignView | undefined {
  const campaign = fieldsOf(parsed(text));
  if (campaign['version'] !== 1) return undefined;
  const state = wordOf(campaign['state'], ['running', 'paused', 'away', 'over']);
  return {
    state: life === 'alive' ? state : 'over',
    id: textOf(campaign['id']),
    queue: textOf(campaign['queue']),
    rate: numberOf(campaign['rate']),
    runsOut: numberOf(campaign['runsOut']),
    refused: numberOf(campaign['refused']),
    workers: items(campaign['workers']).map((worker) => readWorker(fieldsOf(worker))),
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

/** The first where it is none of them. */
function wordOf<Word extends string>(value: unknown, words: readonly [Word, ...Word[]]): Word {
  return words.find((word) => word === value) ?? words[0];
}
