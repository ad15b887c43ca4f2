/**
 * What the drawings of evidence are called in a run's folder, without their endings. A story names the one of its finding, which
 * brings both together wherever they are shown.
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

/** Beside its history and its result. */
export const keyFolder = (key: string): string => `${REPORT_FILES.independent}/${keyFolderName(key)}`;

export const linearFile = (key: string): string => `${keyFolder(key)}/${REPORT_FILES.linear}`;
