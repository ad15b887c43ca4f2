/** A thing that the reference has a section about: it stands in a page, and `maelstrom help` prints it by itself. */

export type TopicKind =
  | 'workload'
  | 'service'
  | 'fault'
  | 'error'
  | 'anomaly'
  | 'consistency model'
  | 'checker'
  | 'option'
  | 'key of the results'
  | 'file of a run';

export interface Topic {
  readonly kind: TopicKind;
  readonly name: string;
  /** Other words by which it is found. */
  readonly also?: readonly string[];
  /** What it is, in Markdown: what its section says, without its heading and its pictures. */
  readonly text: string;
  /** Where its page is, from docs/, with the anchor: `reference/errors.md#errors`. */
  readonly page: string;
}
