/**
 * Updates the output of commands in the guide (docs/guide) where it differs from the text: run it after a change that
 * was meant to change it. Review the diff: the text around a figure may need an update too.
 *
 *     node scripts/record-guide.mjs [03]      only the chapters whose names contain that
 */
import { runGuide } from './run-guide.mjs';

process.exitCode = runGuide({ RECORD_GUIDE: '1' });
