/** Titles of anomalies in words, since their types alone mean nothing to a learner. */
import { titleOfAnomaly } from '../../checkers/glossary/glossary.ts';
import { shownText } from '../../protocol/shown-text.ts';

/** Returns `Intermediate read (G1b)`; the type alone if it has no other name. */
export function anomalyTitle(type: string): string {
  const shown = shownText(type, 60);
  const name = titleOfAnomaly(type);
  return name === undefined ? shown : `${name} (${shown})`;
}
