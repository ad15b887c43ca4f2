/** Adds the decisive moment to a story. */
import { decisiveSentences, type Decisive } from '../recording/decisive.ts';
import type { Story } from '../recording/story.ts';

export const withDecisive = (story: Story, decisive: Decisive | undefined): Story =>
  decisive === undefined ? story : { ...story, notes: [...story.notes, ...decisiveSentences(decisive)] };
