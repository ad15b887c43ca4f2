/** Reads findings.json of a run's folder: the findings of the report in words, with the files of their drawings. */
import { join } from 'node:path';
import { z } from 'zod';
import { readPlain } from '../../files/plain-file.ts';
import type { StoredFinding } from '../../recording/finding-view.ts';
import { REPORT_FILES } from '../../store/layout.ts';

const LONGEST_FILE = 4 << 20;
const MOST_FINDINGS = 200;
const MOST_OPERATIONS = 10_000;

const CASE = z.object({
  text: z.string(),
  operations: z.array(z.number()).max(MOST_OPERATIONS),
  hasPicture: z.boolean(),
});

const FINDINGS = z.object({
  version: z.literal(1),
  findings: z
    .array(
      CASE.extend({
        file: z.string(),
        title: z.string(),
        others: z.array(CASE).max(MOST_FINDINGS).exactOptional(),
      }),
    )
    .max(MOST_FINDINGS),
});

/** Returns no findings if there is no such file, or none that this version understands; the report makes it again. */
export function readFindings(folder: string): readonly StoredFinding[] {
  try {
    const text = readPlain(join(folder, REPORT_FILES.findings));
    return text.length > LONGEST_FILE ? [] : FINDINGS.parse(JSON.parse(text)).findings;
  } catch {
    return [];
  }
}
