/** The hunts of a store, newest first. What was read about a hunt is cached while its summary is unchanged. */
import { join } from 'node:path';
import { inside } from '../../files/inside.ts';
import { readPlain, statPlain } from '../../files/plain-file.ts';
import { wishPaused } from '../../hunt/hunt-folder.ts';
import type { HuntCard, HuntView } from '../../recording/hunt-view.ts';
import { HUNT_FILES, HUNTS } from '../../store/layout.ts';
import { lifeOfRun } from '../../store/running-mark.ts';
import { isSafeName, safeFolders } from '../runs/run-address.ts';
import { readCampaign } from './read-campaign.ts';
import { readSummary } from './read-summary.ts';
import { unlessThrows } from '../../protocol/unless-throws.ts';

/** Sufficient for a summary, which has at most a hundred kinds of failures. */
const LONGEST_SUMMARY = 16 * 1024 * 1024;

export class HuntList {
  private readonly views = new Map<string, { readonly stamp: string; readonly view: HuntView }>();

  constructor(private readonly store: string) {}

  all(): HuntCard[] {
    return safeFolders(join(this.store, HUNTS))
      .flatMap((name) => this.view(name) ?? [])
      .map(
        ({ name, state, workload, program, startedAt, seed, seconds, runs, failures, kinds }): HuntCard => ({
          name,
          state,
          workload,
          program,
          startedAt,
          seed,
          seconds,
          runs,
          failures,
          kinds,
        }),
      )
      .toSorted((a, b) => (a.name < b.name ? 1 : a.name > b.name ? -1 : 0));
  }

  /** Requests a hunt on many machines to pause or to resume. Returns why that is impossible, or undefined on success. */
  wishPaused(name: string, paused: boolean): string | undefined {
    const view = this.view(name);
    const folder = isSafeName(name) ? inside(this.store, join(HUNTS, name)) : undefined;
    if (view === undefined || folder === undefined) return 'There is no such hunt.';
    if (view.campaign === undefined)
      return 'Only a hunt on several machines can be paused: one started with --queue.';
    if (view.campaign.state === 'over') return 'This hunt has ended, or its process is gone.';
    wishPaused(folder, paused);
    return undefined;
  }

  /** Returns undefined if there is no such hunt. */
  view(name: string): HuntView | undefined {
    const folder = isSafeName(name) ? inside(this.store, join(HUNTS, name)) : undefined;
    if (folder === undefined) return undefined;
    const path = join(folder, HUNT_FILES.summary);
    const stats = statPlain(path);
    if (stats === undefined)
      return statPlain(join(folder, HUNT_FILES.runs)) === undefined ? undefined : blank(name);
    if (stats.size > LONGEST_SUMMARY) return blank(name);
    const life = lifeOfRun(folder);
    const campaignPath = join(folder, HUNT_FILES.campaign);
    const campaignStats = statPlain(campaignPath);
    const stamp = `${stats.mtimeMs} ${stats.size} ${life} ${campaignStats?.mtimeMs} ${campaignStats?.size}`;
    const known = this.views.get(name);
    if (known?.stamp === stamp) return known.view;
    const campaign =
      campaignStats === undefined || campaignStats.size > LONGEST_SUMMARY
        ? undefined
        : unlessThrows(() => readCampaign(readPlain(campaignPath), life));
    // A file may have been replaced meanwhile.
    const read = unlessThrows(() => readSummary(name, readPlain(path), life)) ?? blank(name);
    const view = { ...read, ...(campaign === undefined ? {} : { campaign }) };
    this.views.set(name, { stamp, view });
    return view;
  }
}

/** A hunt of which only the name is known. */
const blank = (name: string): HuntView => ({
  name,
  state: 'unreadable',
  workload: '',
  program: '',
  startedAt: '',
  seed: '',
  seconds: 0,
  runs: 0,
  failures: 0,
  kinds: [],
  world: 'simulated',
  cpuSeconds: 0,
  workers: 0,
  undecided: 0,
  withoutSuccess: 0,
  operations: 0,
  messages: 0,
  virtualSeconds: 0,
  compared: 0,
  faults: [],
  fates: [],
  expected: [],
  doubts: [],
  groups: [],
  otherFailures: 0,
});
