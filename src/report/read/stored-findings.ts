/** Reads findings.json of a run's folder: the findings of the report in words, with the files of their drawings. */
import { join } from 'node:path';
import { readPlain } from '../../files/plain-file.ts';
import type { StoredFinding } from '../../recording/finding-view.ts';
import { REPORT_FILES } from '../../store/layout.ts';

const LONGEST_FILE = 4 << 20;
const MOST_FINDINGS = 200;
const MOST_OPERATIONS = 10_000;

/** Returns no findings if there is no such file, or none that this version understands; the report makes it again. */
export function readFindings(folder: string): readonly StoredFinding[] {
  try {
    const text = readPlain(join(folder, REPORT_FILES.findings));
    if (text.length > LONGEST_FILE) return [];
    const { version, findings } = fields(JSON.parse(text));
    if (version !== 1 || !Array.isArray(findings) || findings.length > MOST_FINDINGS) return [];
    return findings.every(isFinding) ? findings : [];
  } catch {
    return [];
  }
}

function isFinding(read: unknown): read is StoredFinding {
  const { file, title, others = [] } = fields(read);
  return (
    [file, title].every((part) => typeof part === 'string') &&
    isCase(read) &&
    Array.isArray(others) &&
    others.length <= MOST_FINDINGS &&
    others.every(isCase)
  );
}

function isCase(read: unknown): boolean {
  const { text, operations, hasPicture } = fields(read);
  return (
    typeof text === 'string' &&
    typeof hasPicture === 'boolean' &&
    Array.isArray(operations) &&
    operations.length <= MOST_OPERATIONS &&
    operations.every((number) => typeof number === 'number')
  );
}

const fields = (read: unknown): Readonly<Record<string, unknown>> =>
  typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : {};
