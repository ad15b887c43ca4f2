/** What anomalies are, in the words of Adya and Elle, for titles: their types alone say nothing to a learner. */
import { shownText } from '../../protocol/shown-text.ts';

const NAMES: ReadonlyMap<string, string> = new Map([
  ['G0', 'Dirty write'],
  ['G1a', 'Aborted read'],
  ['G1b', 'Intermediate read'],
  ['G1c', 'Circular information flow'],
  ['G-single', 'Read skew'],
  ['G-single-item', 'A transaction misses a write that it should have seen'],
  ['G-nonadjacent', 'Transactions miss each other’s writes'],
  ['G2', 'Write skew'],
  ['G2-item', 'Write skew'],
  ['internal', 'A transaction contradicts itself'],
  ['dirty-update', 'An update builds on an aborted one'],
  ['duplicate-elements', 'An element is read twice'],
  ['duplicate-appends', 'An element is appended twice'],
  ['incompatible-order', 'Two reads see different orders'],
  ['garbage-read', 'A value is read that nothing wrote'],
  ['cyclic-versions', 'The versions of a key have no order'],
  ['lost-update', 'Lost update'],
  ['int-poll-skip', 'A poll leaves out messages in the middle'],
  ['poll-skip', 'A consumer skips messages'],
  ['nonmonotonic-poll', 'A consumer goes back'],
  ['int-nonmonotonic-poll', 'A poll goes back'],
  ['lost-write', 'An acknowledged message is lost'],
  ['inconsistent-offsets', 'One offset held different messages'],
  ['duplicate', 'One message stands at several offsets'],
]);

/** `Intermediate read (G1b)`; the type alone where it has no other name. */
export function anomalyTitle(type: string): string {
  const shown = shownText(type, 60);
  const plain = type.replace(/-(realtime|process|exists)$/, '');
  const name = NAMES.get(plain);
  return name === undefined ? shown : `${name} (${shown})`;
}
