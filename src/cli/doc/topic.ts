/** A topic of the reference: a section of a page, which `maelstrom help` can print alone. */

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
  /** Other names by which it is found. */
  readonly also?: readonly string[];
  /** The text of its section in Markdown, without the heading and pictures. */
  readonly text: string;
  /** Its page relative to docs/, with the anchor: `reference/errors.md#errors`. */
  readonly page: string;
}
