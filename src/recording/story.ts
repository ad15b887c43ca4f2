/**
 * A story: how a run came to be wrong, in numbered steps, as data. `story/make-story.ts` makes it,
 * `story/text/story-text.ts` formats it, and the viewer shows it.
 */

export interface Story {
  readonly version: 1;
  /** What is wrong, such as `Element 7 is lost`. */
  readonly title: string;
  /** The file with the picture of its evidence in the run's folder, without an extension, such as `evidence/lost-7`. */
  readonly evidence?: string;
  /** In order of time; the verdict comes last. */
  readonly steps: readonly StoryStep[];
  /** Sentences about the story itself: what it leaves out, what else is wrong, where its causes come from. */
  readonly notes: readonly string[];
  /** The participants, in the order of the picture: clients, nodes, services. */
  readonly lanes: readonly StoryLane[];
  /** For a foreign history without messages: its operations as bars in the lanes of their clients. */
  readonly bars?: readonly StoryBar[];
  /** Relations between the bars. */
  readonly links?: readonly StoryLink[];
  /** The last operations before the verdict are its proof; this is the wrong one among them. */
  readonly wrong: number | undefined;
}

export type StepKind =
  | 'operation'
  | 'message'
  | 'fault'
  | 'restart'
  | 'lost'
  | 'delayed'
  | 'doubled'
  | 'answer'
  | 'folded'
  | 'state'
  | 'verdict';

export interface StoryStep {
  /** Counted from 1. */
  readonly number: number;
  /** Time of the run, since the first operations could begin. */
  readonly timeNanos: number;
  readonly kind: StepKind;
  /** One line without a full stop, safe to show. */
  readonly text: string;
  /** Ids in the journal of the messages that it covers. */
  readonly messages: readonly number[];
  readonly operations: readonly number[];
  /** For the picture; for a folded step the first ones. */
  readonly arrows: readonly StoryArrow[];
  /** The nodes that a fault affects, and until when. */
  readonly band?: StoryBand;
}

export interface StoryArrow {
  readonly message: number;
  readonly from: string;
  readonly to: string;
  readonly sentNanos: number;
  /** Time of arrival or loss; undefined if neither happened in time. */
  readonly endNanos: number | undefined;
  readonly isLost: boolean;
  /** A few letters. */
  readonly label: string;
}

export interface StoryBand {
  /** `partition`, `kill`, ... */
  readonly fault: string;
  readonly about: string;
  readonly nodes: readonly string[];
  /** Undefined if nothing ended it. */
  readonly endNanos: number | undefined;
}

export interface StoryBar {
  readonly operation: number;
  readonly lane: string;
  readonly fromNanos: number;
  /** Undefined if it did not end in time. */
  readonly endNanos: number | undefined;
  readonly outcome: 'ok' | 'fail' | 'info';
  /** A few letters. */
  readonly label: string;
}

/** A relation from one operation to another, by their numbers. */
export interface StoryLink {
  readonly from: number;
  readonly to: number;
  /** A few letters. */
  readonly label: string;
}

export interface StoryLane {
  readonly name: string;
  readonly kind: 'client' | 'node' | 'service';
}

/** The stories stored with a run: one for the first finding of each kind. */
export interface Stories {
  readonly version: 1;
  readonly stories: readonly Story[];
  /** Why there is no story, or how one can be made. */
  readonly note?: string;
}
