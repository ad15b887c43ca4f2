/**
 * Draws the pictures of the guide (docs/guide) anew, each from the run in the text that it follows: the file of that run's folder which the
 * comment above the picture names.
 *
 *     node scripts/draw-guide.mjs [03]      only those of chapters whose names contain that
 */
import { runGuide } from './run-guide.mjs';

process.exitCode = runGuide({ DRAW_GUIDE: '1' });
