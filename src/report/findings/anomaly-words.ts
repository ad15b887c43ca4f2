/** What anomalies are, for titles: their types alone say nothing to a learner. */
import { titleOfAnomaly } from '../../checkers/glossary/glossary.ts';
import { shownText } from '../../protocol/shown-text.ts';

/** `Intermediate read (G1b)`; the type alone where it has no other name. */
export function anomalyTitle(type: string): string {
  const shown = shownText(type, 60);
  const name = titleOfAnomaly(type);
  return name === undefined ? shown : `${name} (${shown})`;
}
