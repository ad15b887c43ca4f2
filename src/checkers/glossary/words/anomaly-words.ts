/** What the glossary says about an anomaly. */

export interface AnomalyWords {
  /** A few words: `Dirty write`. */
  readonly title: string;
  /** The impossible observation, as Markdown. */
  readonly meaning: string;
  /** The usual causes, as Markdown. */
  readonly cause: string;
}
