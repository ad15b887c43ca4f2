/** `--reporter`, for all commands that have it. The reporters are loaded only when tests run. */
import { list } from '../words/option.ts';

export const REPORTER_NAMES = ['junit', 'github', 'json'] as const;
export type ReporterName = (typeof REPORTER_NAMES)[number];

export const REPORTER = list(
  '--reporter <names>',
  `write what runs came to for machines as well: ${REPORTER_NAMES.join(', ')}, with =FILE each; several with commas`,
  REPORTER_NAMES,
);
