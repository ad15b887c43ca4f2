/** Validates stories read from a file, part by part. */
import { z } from 'zod';
import type { Stories } from '../../recording/story.ts';

const TEXT = z.string().max(10_000);
const NUMBER = z.number();
const listOf = <Entry extends z.ZodType>(entry: Entry, most = 1000) => z.array(entry).max(most);

const ARROW = z.object({
  message: NUMBER,
  from: TEXT,
  to: TEXT,
  sentNanos: NUMBER,
  endNanos: NUMBER.optional(),
  isLost: z.boolean(),
  label: TEXT,
});

const BAND = z.object({ fault: TEXT, about: TEXT, nodes: listOf(TEXT), endNanos: NUMBER.optional() });

const STEP = z.object({
  number: NUMBER,
  timeNanos: NUMBER,
  kind: z.enum([
    'operation',
    'message',
    'fault',
    'restart',
    'lost',
    'delayed',
    'doubled',
    'answer',
    'folded',
    'state',
    'verdict',
  ]),
  text: TEXT,
  messages: listOf(NUMBER, 100_000),
  operations: listOf(NUMBER),
  arrows: listOf(ARROW),
  band: BAND.exactOptional(),
});

const BAR = z.object({
  operation: NUMBER,
  lane: TEXT,
  fromNanos: NUMBER,
  endNanos: NUMBER.optional(),
  outcome: z.enum(['ok', 'fail', 'info']),
  label: TEXT,
});

const STORY = z.object({
  version: z.literal(1),
  title: TEXT,
  evidence: TEXT.exactOptional(),
  steps: listOf(STEP),
  notes: listOf(TEXT),
  lanes: listOf(z.object({ name: TEXT, kind: z.enum(['client', 'node', 'service']) })),
  bars: listOf(BAR).exactOptional(),
  links: listOf(z.object({ from: NUMBER, to: NUMBER, label: TEXT })).exactOptional(),
  wrong: NUMBER.optional(),
});

const STORIES = z.object({
  version: z.literal(1),
  stories: listOf(STORY, 20),
  note: TEXT.exactOptional(),
});

/** Returns undefined for anything but stories of this version. */
export function storiesIn(read: unknown): Stories | undefined {
  return STORIES.safeParse(read).success ? (read as Stories) : undefined; // just checked, field by field
}
