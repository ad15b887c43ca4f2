/**
 * Redraws the pictures of the guide (docs/guide), each from the preceding run in the text: the comment above the
 * picture names the file in that run's folder.
 *
 *     node scripts/draw-guide.mjs [03]      only in chapters whose names contain that
 */
import { runGuide } from './run-guide.mjs';

process.exitCode = runGuide({ DRAW_GUIDE: '1' });
