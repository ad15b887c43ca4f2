/** The decisive moment: a line through the pictures, with a diamond and a label at the time axis. */
import { BOLD } from '../palette.ts';
import { clipped, GUTTER, xOf, type Box, type Surface } from '../surface.ts';

const HALF = 5;
const WORD = 'decisive';

/** `mark` is the box for the diamond and its label, where they are drawn. */
export function drawDecisive(surface: Surface, box: Box, nanos: number, mark?: Box): void {
  const { context, palette, width } = surface;
  const x = Math.round(xOf(surface, nanos)) + 0.5;
  if (x < GUTTER || x > width) return;
  clipped(surface, box, () => {
    context.strokeStyle = palette.text;
    context.lineWidth = 1;
    context.setLineDash([5, 3]);
    context.beginPath();
    context.moveTo(x, box.top);
    context.lineTo(x, box.top + box.height);
    context.stroke();
    context.setLineDash([]);
  });
  if (mark === undefined) return;
  const y = mark.top + mark.height - HALF;
  context.fillStyle = palette.text;
  context.beginPath();
  context.moveTo(x, y - HALF);
  context.lineTo(x + HALF, y);
  context.lineTo(x, y + HALF);
  context.lineTo(x - HALF, y);
  context.fill();
  context.font = BOLD;
  context.textBaseline = 'middle';
  const fits = x + HALF + 4 + context.measureText(WORD).width < width;
  context.textAlign = fits ? 'left' : 'right';
  const at = fits ? x + HALF + 4 : x - HALF - 4;
  const wide = context.measureText(WORD).width;
  // Hides the labels of the axis beneath.
  context.fillStyle = palette.background;
  context.fillRect(fits ? at - 2 : at - wide - 2, y - HALF - 1, wide + 4, 2 * HALF + 2);
  context.fillStyle = palette.text;
  context.fillText(WORD, at, y);
}
