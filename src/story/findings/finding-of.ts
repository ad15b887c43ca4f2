/** What a run's story ends in: what its workload shows first, then what its nodes did. */
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../story-facts.ts';
import { elementFinding } from './elements.ts';
import { keyFinding } from './keys.ts';

/** Undefined where nothing is wrong. */
export function findingOf(facts: StoryFacts): Finding | undefined {
  const { evidence, results } = facts.run;
  if (evidence === undefined || results.workload?.['valid?'] !== false) return undefined;
  switch (evidence.kind) {
    case 'elements':
      return elementFinding(facts, evidence.elements);
    case 'keys':
      return keyFinding(facts, evidence.keys);
    default:
      return undefined;
  }
}
