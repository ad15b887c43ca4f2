/** `--reporter`, for all commands that have it. The reporters are loaded only when tests run. */
import { list } from '../words/option.ts';

export const REPORTER_NAMES = ['junit', 'github', 'json'] as const;
export type ReporterName = (typeof REPORTER_NAMES)[number];

export const REPORTER = list(
  '--reporter <names>',
  `also report outcomes in these formats: ${REPORTER_NAMES.join(', ')}, each with =FILE if wanted; comma-separated`,
  REPORTER_NAMES,
);
