/** Lines that nodes logged: flags in the space-time diagram, and their text. */
import { visible } from '../../visible-text.ts';
import { laneHeight, lanesByName, laneY, type MessagePicture } from '../shapes/message-lanes.ts';
import { fitted, GUTTER, xOf, type Surface, type TimeAxis } from '../surface.ts';

/** Draws a flag below the node's line for each logged line, with the text where there is room. */
export function drawLogs(surface: Surface, picture: MessagePicture): void {
  const { context, palette, width } = surface;
  const { logs = [], lanes } = picture.data;
  const laneOf = lanesByName(lanes);
  const free = new Map<number, number>();
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const { node, time, text } of logs) {
    const x = xOf(surface, time);
    const lane = laneOf.get(node);
    if (lane === undefined || x < GUTTER || x > width) continue;
    const y = laneY(picture, lane);
    context.fillStyle = palette.text;
    context.fillRect(x, y, 1, 9);
    context.fillRect(x, y + 5, 5, 4);
    const room = laneHeight(picture, lane) >= 30 && x >= (free.get(lane) ?? GUTTER);
    if (!room) continue;
    const shown = fitted(context, text, 150);
    const wide = context.measureText(shown).width;
    free.set(lane, x + wide + 24);
    context.globalAlpha = 0.8;
    context.fillStyle = palette.background;
    context.fillRect(x + 7, y + 3, wide + 4, 13);
    context.globalAlpha = 1;
    context.fillStyle = palette.faint;
    context.fillText(shown, x + 9, y + 9);
  }
}

/** Returns what the node logged at that point of the picture. */
export function logAt(axis: TimeAxis, picture: MessagePicture, x: number, y: number): string | undefined {
  const { logs = [], lanes } = picture.data;
  const laneOf = lanesByName(lanes);
  const found = logs.find(({ node, time }) => {
    const lane = laneOf.get(node);
    if (lane === undefined) return false;
    const dy = y - laneY(picture, lane);
    return Math.abs(xOf(axis, time) + 2 - x) < 5 && dy > 0 && dy < 12;
  });
  return found === undefined ? undefined : `${found.node} logged: ${visible(found.text)}`;
}
