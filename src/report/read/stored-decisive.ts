/** Reads decisive.json of a run's folder: what decided the run, if that was searched for. */
import { join } from 'node:path';
import { readPlain, writeBelow } from '../../files/plain-file.ts';
import {
  decisiveSentences,
  decisiveSteps,
  type Decisive,
  type DecisiveMoment,
} from '../../recording/decisive.ts';
import type { DecisiveView } from '../../recording/views.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { unlessThrows } from '../../protocol/unless-throws.ts';

export function writeDecisive(folder: string, decisive: Decisive): void {
  writeBelow(folder, RUN_FILES.decisive, `${JSON.stringify(decisive, undefined, 2)}\n`);
}

/** Returns undefined if there is none, or none that this version understands; its content can be computed again. */
export function readDecisive(folder: string): Decisive | undefined {
  const read: unknown = unlessThrows(() => JSON.parse(readPlain(join(folder, RUN_FILES.decisive))));
  return isDecisive(read) ? read : undefined;
}

export function decisiveView(folder: string): DecisiveView | undefined {
  const decisive = readDecisive(folder);
  if (decisive === undefined) return undefined;
  const sentences = decisiveSentences(decisive);
  const { moment } = decisive;
  if (sentences.length === 0) return undefined;
  return { sentences, steps: decisiveSteps(decisive), ...(moment === undefined ? {} : { moment }) };
}

const MOST_ENTRIES = 10_000;

function isDecisive(read: unknown): read is Decisive {
  const { version, byTrial, certainty, moment } = fields(read);
  return (
    version === 1 && isList(byTrial, isTrial) && isList(certainty, isFutures) && isOptional(moment, isMoment)
  );
}

function isTrial(read: unknown): boolean {
  const { what, without, at } = fields(read);
  return (
    typeof what === 'string' && (without === 'fails' || without === 'passes') && isOptional(at, isMoment)
  );
}

function isFutures(read: unknown): boolean {
  const { event, fails, of, at } = fields(read);
  return typeof event === 'string' && isCount(fails) && isCount(of) && isOptional(at, isMoment);
}

function isMoment(read: unknown): read is DecisiveMoment {
  const { step, text, timeNanos, journalEvent, message } = fields(read);
  const isText = text === undefined || typeof text === 'string';
  return (
    isText &&
    isCount(timeNanos) &&
    [step, journalEvent, message].every((number) => isOptional(number, isCount))
  );
}

const isList = (read: unknown, isEntry: (entry: unknown) => boolean): boolean =>
  Array.isArray(read) && read.length <= MOST_ENTRIES && read.every(isEntry);

const isOptional = (read: unknown, is: (read: unknown) => boolean): boolean => read === undefined || is(read);

const isCount = (read: unknown): boolean =>
  typeof read === 'number' && Number.isSafeInteger(read) && read >= 0;

const fields = (read: unknown): Readonly<Record<string, unknown>> =>
  typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : {};
