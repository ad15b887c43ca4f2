/** All topics of `maelstrom help TOPIC`, from which the reference pages are made. */
import { nearest } from '../../protocol/nearest.ts';
import { anomalyTopics } from '../doc/pages/anomalies-page.ts';
import { errorTopics } from '../doc/pages/errors-page.ts';
import { faultTopics } from '../doc/pages/faults-page.ts';
import { modelTopics } from '../doc/pages/models-page.ts';
import { describedCommands } from '../commands.ts';
import { optionTopics } from '../doc/pages/options-page.ts';
import { resultTopics } from '../doc/pages/results-page.ts';
import { serviceTopics } from '../doc/pages/services-page.ts';
import { workloadTopics } from '../doc/pages/workloads-page.ts';
import type { Topic } from '../doc/topic.ts';

let collected: Promise<readonly Topic[]> | undefined;

/** Judges the example of each anomaly, so that it is done once. */
export const allTopics = (): Promise<readonly Topic[]> => (collected ??= collectTopics());

async function collectTopics(): Promise<readonly Topic[]> {
  return [
    ...workloadTopics(),
    ...serviceTopics(),
    ...faultTopics(),
    ...errorTopics(),
    ...anomalyTopics(),
    ...modelTopics(),
    ...optionTopics(await describedCommands()),
    ...resultTopics(),
  ];
}

/** Returns the topics of any kind with this name. Prefers an exact match, then ignores case, then also separators. */
export function topicsNamed(word: string, topics: readonly Topic[]): readonly Topic[] {
  for (const alike of [(name: string) => name, (name: string) => name.toLowerCase(), plain]) {
    const found = topics.filter((topic) => namesOf(topic).some((name) => alike(name) === alike(word)));
    if (found.length > 0) return found;
  }
  return [];
}

/** Treats `Read skew`, `read-skew` and `read_skew` as one name, and `PL-2-cycle-exists` as MODEL-cycle-exists. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[\s_]/g, '-')
    .replace(/^.+-cycle-exists$/, 'model-cycle-exists');

const MOST_NEAR = 5;

/** Returns suggestions for an unknown name: names that contain the word, and the nearest ones. */
export function namesNear(word: string, topics: readonly Topic[]): readonly string[] {
  const names = [...new Set(topics.flatMap(namesOf))];
  const wanted = word.toLowerCase();
  const holding = wanted.length < 3 ? [] : names.filter((name) => name.toLowerCase().includes(wanted));
  const near: string[] = [];
  for (let left = names; near.length < MOST_NEAR;) {
    const one = nearest(word, left);
    if (one === undefined) break;
    near.push(one);
    left = left.filter((name) => name !== one);
  }
  // An option is suggested once, with its dashes.
  const found = [
    ...new Set([...near.slice(0, 2), ...holding.toSorted((a, b) => a.length - b.length), ...near]),
  ];
  return found.filter((name) => !found.includes(`--${name}`)).slice(0, MOST_NEAR);
}

const namesOf = ({ name, also = [] }: Topic): readonly string[] => [name, ...also];
