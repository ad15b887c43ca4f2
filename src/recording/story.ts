/**
 * A story: how a run came to be wrong, in numbered steps, as data. `story/make-story.ts` makes it, `story/story-text.ts` writes it
 * out, and the viewer shows it.
 */

export interface Story {
  readonly version: 1;
  /** What is wrong, such as `Element 7 is lost`. */
  readonly title: string;
  /** The file of the picture of its evidence in the run's folder, without an ending, such as `evidence/lost-7`. */
  readonly evidence?: string;
  /** In the order of time; the verdict comes last. */
  readonly steps: readonly StoryStep[];
  /** Sentences about the story itself: what it leaves out, what else is wrong, what its causes are taken from. */
  readonly notes: readonly string[];
  /** Who takes part, in the order of the picture: clients, nodes, services. */
  readonly lanes: readonly StoryLane[];
  /** Of a history from elsewhere, of whose messages nothing is known: its operations as bars in the lanes of their clients. */
  readonly bars?: readonly StoryBar[];
  /** How these belong together. */
  readonly links?: readonly StoryLink[];
  /** The last steps before the verdict that are operations are its proof: of these the one that is wrong. */
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
  /** From 1. */
  readonly number: number;
  /** Of the run: since the first operations could begin. */
  readonly timeNanos: number;
  readonly kind: StepKind;
  /** One line without a full stop, safe to show. */
  readonly text: string;
  /** Ids of the messages that it tells of, in the journal. */
  readonly messages: readonly number[];
  /** Numbers of the operations. */
  readonly operations: readonly number[];
  /** For the picture; of a folded step the first ones. */
  readonly arrows: readonly StoryArrow[];
  /** The nodes that a fault touches, and until when. */
  readonly band?: StoryBand;
}

export interface StoryArrow {
  readonly message: number;
  readonly from: string;
  readonly to: string;
  readonly sentNanos: number;
  /** When it arrived, or was lost; undefined when neither happened in time. */
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
  /** Undefined when nothing ended it. */
  readonly endNanos: number | undefined;
}

export interface StoryBar {
  /** Its number. */
  readonly operation: number;
  readonly lane: string;
  readonly fromNanos: number;
  /** Undefined when it did not end in time. */
  readonly endNanos: number | undefined;
  readonly outcome: 'ok' | 'fail' | 'info';
  /** A few letters. */
  readonly label: string;
}

/** From one operation to another, by their numbers. */
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

/** What is kept of a run: a story for the first finding of each kind. */
export interface Stories {
  readonly version: 1;
  readonly stories: readonly Story[];
  /** Why there is none, or how it can be made. */
  readonly note?: string;
}
