/**
 * The names of evidence drawings in a run's folder, without extensions. A story has the name of its finding's drawing,
 * which connects the two wherever they are shown.
 */
import type { SuspectElement } from '../../checkers/evidence.ts';
import { stringifyJson } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { REPORT_FILES } from '../../store/layout.ts';
import { keyFolderName } from './key-folders.ts';

export const elementFile = ({ fate, element }: SuspectElement): string =>
  `${REPORT_FILES.evidence}/${fate}-${keyFolderName(shownText(stringifyJson(element), 60))}`;

export const idFile = (id: string): string => `${REPORT_FILES.evidence}/${keyFolderName(shownText(id, 60))}`;

export const SUMS_FILE = `${REPORT_FILES.evidence}/final-reads`;

export const anomalyFile = (type: string): string => `${REPORT_FILES.elle}/${keyFolderName(type)}`;

/** The folder with the key's history and result. */
export const keyFolder = (key: string): string => `${REPORT_FILES.independent}/${keyFolderName(key)}`;

export const linearFile = (key: string): string => `${keyFolder(key)}/${REPORT_FILES.linear}`;
