/**
 * The states that nodes reported, on their lanes: a strip coloured by the chosen field's value, with the value as text where
 * there is room, and a notch above the strip wherever any field changed.
 */
import { shapesOf, type StatePart } from '../shapes/state-shape.ts';
import { laneHeight, laneY, type MessagePicture } from '../shapes/message-lanes.ts';
import { stateColour } from '../palette.ts';
import type { Spot } from './spots.ts';
import { fitted, GUTTER, xOf, type Surface } from '../surface.ts';

/** Height of the strip, in pixels. */
const STRIP_HEIGHT = 7;
/** Minimum width of a part, in pixels, for its text to be readable. */
const WORDS = 26;
/** Height of the notches above the strip, in pixels; twice that where the colour changes. */
const NOTCH = 4;

export function drawStates(surface: Surface, picture: MessagePicture): void {
  const { context, palette } = surface;
  const { states } = picture;
  if (states === undefined) return;
  for (const { lane, parts, changes } of shapesOf(surface, picture, states)) {
    const top = laneY(picture, lane) - STRIP_HEIGHT / 2;
    for (const { left, width, value } of parts) {
      context.fillStyle = stateColour(palette, value);
      context.fillRect(left, top, width, STRIP_HEIGHT);
    }
    context.fillStyle = palette.faint;
    let last = -NOTCH;
    for (const nanos of changes) {
      const x = xOf(surface, nanos);
      // Changes closer together share a notch.
      if (x - last < 2) continue;
      last = x;
      context.fillRect(x - 0.5, top - NOTCH, 1, NOTCH);
    }
    // Marks the changes of colour for people who do not see colours.
    context.fillStyle = palette.text;
    for (const { left, begins } of parts)
      if (begins) context.fillRect(left - 0.75, top - 2 * NOTCH, 1.5, 2 * NOTCH + STRIP_HEIGHT);
  }
}

/** Draws the values over the arrows, and returns the places they take. */
export function drawStateWords(surface: Surface, picture: MessagePicture): readonly Spot[] {
  const { states } = picture;
  if (states === undefined) return [];
  const spots: Spot[] = [];
  const texts = new Map(states.values.map(({ number, text }) => [number, text]));
  for (const { lane, parts } of shapesOf(surface, picture, states)) {
    if (laneHeight(picture, lane) < 26) continue;
    for (const part of parts) {
      const spot = drawWords(surface, part, laneY(picture, lane), texts.get(part.value) ?? '');
      if (spot !== undefined) spots.push(spot);
    }
  }
  return spots;
}

function drawWords(
  { context, palette }: Surface,
  { left, width }: StatePart,
  y: number,
  text: string,
): Spot | undefined {
  if (width < WORDS || text === '') return undefined;
  const at = Math.max(left, GUTTER) + 4;
  const shown = fitted(context, text, Math.min(140, left + width - at - 2));
  if (shown.length < 2 && text.length > 1) return undefined;
  const middle = y - STRIP_HEIGHT / 2 - 8;
  const spot = {
    left: at - 1,
    right: at + 1 + context.measureText(shown).width,
    top: middle - 6,
    bottom: middle + 6,
  };
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.globalAlpha = 0.85;
  context.fillStyle = palette.background;
  context.fillRect(spot.left, spot.top, spot.right - spot.left, 12);
  context.globalAlpha = 1;
  context.fillStyle = palette.text;
  context.fillText(shown, at, middle);
  return spot;
}
