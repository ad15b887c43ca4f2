/**
 * Writes into the guide (docs/guide) what its commands print now, where they print something else than the text shows: after a change
 * that was meant to change it. Read the diff: the words around a figure may have to follow it.
 *
 *     node scripts/record-guide.mjs [03]      only the chapters whose names contain that
 */
import { runGuide } from './run-guide.mjs';

process.exitCode = runGuide({ RECORD_GUIDE: '1' });
