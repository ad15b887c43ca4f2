/**
 * The space-time diagram: a lane for each endpoint, time to the right, and the messages between lanes, as arrows
 * (draw-arrows.ts) or, when there are too many, as the thickness of the lines (draw-message-density.ts).
 */
import { drawArrowLabels } from './draw-arrow-labels.ts';
import { drawArrows } from './draw-arrows.ts';
import { drawGrid } from './draw-axis.ts';
import { drawLogs } from './draw-logs.ts';
import { drawStates, drawStateWords } from './draw-states.ts';
import { drawMessageDensity } from './draw-message-density.ts';
import { laneHeight, lanesByName, laneY, type MessagePicture } from '../shapes/message-lanes.ts';
import { FONT } from '../palette.ts';
import { clipped, GUTTER, gutterLabel, xOf, type Box, type Surface } from '../surface.ts';

export function drawMessages(surface: Surface, box: Box, picture: MessagePicture): void {
  const { context, palette, width } = surface;
  const { data } = picture;
  drawGrid(surface, box);
  context.font = FONT;
  clipped(surface, box, () => drawFaultBands(surface, picture));
  for (const [lane, { label, kind }] of data.lanes.entries()) {
    const y = laneY(picture, lane);
    if (y < box.top - 40 || y > box.top + box.height + 40) continue;
    context.fillStyle = palette.grid;
    context.fillRect(GUTTER, Math.round(y), width - GUTTER, 1);
    gutterLabel(surface, label, y, kind === 'node' ? palette.text : palette[kind]);
  }
  clipped(surface, box, () => {
    drawStates(surface, picture);
    if (data.density !== undefined) drawMessageDensity(surface, picture);
    drawArrows(surface, box, picture);
    const words = drawStateWords(surface, picture);
    drawArrowLabels(surface, box, picture, words);
    drawLogs(surface, picture);
  });
}

/** Draws bands behind the lanes of the nodes hit by each fault, for as long as it lasted. */
function drawFaultBands(surface: Surface, picture: MessagePicture): void {
  const { context, palette } = surface;
  const { data, faults, endNanos } = picture;
  const laneOf = lanesByName(data.lanes);
  for (const { from, to, nodes } of faults) {
    const left = Math.max(GUTTER, xOf(surface, from));
    const right = Math.min(surface.width, xOf(surface, to ?? endNanos));
    if (right <= left) continue;
    context.fillStyle = palette.fault;
    context.globalAlpha = 0.13;
    for (const node of nodes) {
      const lane = laneOf.get(node);
      if (lane !== undefined)
        context.fillRect(
          left,
          laneY(picture, lane) - laneHeight(picture, lane) / 2,
          Math.max(2, right - left),
          laneHeight(picture, lane),
        );
    }
    context.globalAlpha = 1;
  }
}
