/** Validates stories read from a file, part by part. */
import type { Stories } from '../../recording/story.ts';

const MOST_STORIES = 20;
const MOST_ENTRIES = 1000;

/** Returns undefined for anything but stories of this version. */
export function storiesIn(read: unknown): Stories | undefined {
  return isStories(read) ? read : undefined;
}

function isStories(read: unknown): read is Stories {
  const { version, stories, note } = fields(read);
  return version === 1 && isList(stories, isStory, MOST_STORIES) && isOptional(note, isText);
}

function isStory(read: unknown): boolean {
  const { version, title, evidence, steps, notes, lanes, bars, links, wrong } = fields(read);
  return (
    version === 1 &&
    isText(title) &&
    isOptional(evidence, isText) &&
    isList(steps, isStep) &&
    isList(notes, isText) &&
    isList(lanes, isLane) &&
    isOptional(bars, (all) => isList(all, isBar)) &&
    isOptional(links, (all) => isList(all, isLink)) &&
    isOptional(wrong, isNumber)
  );
}

const KINDS: readonly unknown[] = [
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
];

function isStep(read: unknown): boolean {
  const { number, timeNanos, kind, text, messages, operations, arrows, band } = fields(read);
  return (
    isNumber(number) &&
    isNumber(timeNanos) &&
    KINDS.includes(kind) &&
    isText(text) &&
    isList(messages, isNumber, 100_000) &&
    isList(operations, isNumber) &&
    isList(arrows, isArrow) &&
    isOptional(band, isBand)
  );
}

function isArrow(read: unknown): boolean {
  const { message, from, to, sentNanos, endNanos, isLost, label } = fields(read);
  return (
    isNumber(message) &&
    [from, to, label].every(isText) &&
    isNumber(sentNanos) &&
    isOptional(endNanos, isNumber) &&
    typeof isLost === 'boolean'
  );
}

function isBand(read: unknown): boolean {
  const { fault, about, nodes, endNanos } = fields(read);
  return isText(fault) && isText(about) && isList(nodes, isText) && isOptional(endNanos, isNumber);
}

function isBar(read: unknown): boolean {
  const { operation, lane, fromNanos, endNanos, outcome, label } = fields(read);
  return (
    [operation, fromNanos].every(isNumber) &&
    isOptional(endNanos, isNumber) &&
    [lane, label].every(isText) &&
    (outcome === 'ok' || outcome === 'fail' || outcome === 'info')
  );
}

function isLink(read: unknown): boolean {
  const { from, to, label } = fields(read);
  return isNumber(from) && isNumber(to) && isText(label);
}

function isLane(read: unknown): boolean {
  const { name, kind } = fields(read);
  return isText(name) && (kind === 'client' || kind === 'node' || kind === 'service');
}

const isList = (read: unknown, isEntry: (entry: unknown) => boolean, most = MOST_ENTRIES): boolean =>
  Array.isArray(read) && read.length <= most && read.every(isEntry);

const isOptional = (read: unknown, is: (read: unknown) => boolean): boolean => read === undefined || is(read);
const isText = (read: unknown): boolean => typeof read === 'string' && read.length <= 10_000;
const isNumber = (read: unknown): boolean => typeof read === 'number';

const fields = (read: unknown): Readonly<Record<string, unknown>> =>
  typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : {};
