/** What is under the pointer, as text, and how the view changes when it is clicked. */
import type { ViewState } from '../../view-state.ts';
import { logAt } from '../draw/draw-logs.ts';
import { operationAt } from '../draw/draw-operations.ts';
import { layoutOf } from '../layout.ts';
import { messageAt } from './message-at.ts';
import { stateAt } from '../shapes/state-shape.ts';
import { messagePicture, operationPicture, type Scene } from '../scene.ts';

/** A point on one of the two canvases, in pixels from its top left corner. */
export interface CanvasPoint {
  readonly canvas: 'top' | 'lanes';
  /** Width of the canvas. */
  readonly width: number;
  readonly x: number;
  readonly y: number;
}

export interface Pointed {
  readonly label: string;
  /** The change of the view on a click. */
  readonly change: Partial<ViewState>;
}

/** Returns undefined if nothing is there. */
export function pointedAt(scene: Scene, place: CanvasPoint): Pointed | undefined {
  return place.canvas === 'lanes' ? inLanes(scene, place) : inOperations(scene, place);
}

function inLanes(scene: Scene, { width, x, y }: CanvasPoint): Pointed | undefined {
  if (scene.windows === undefined) return undefined;
  const axis = { range: scene.range, width };
  const picture = messagePicture(scene, scene.windows.messages);
  const found = messageAt(axis, picture, x, y);
  if (found !== undefined)
    return { label: found.label, change: { selection: { kind: 'message', id: found.id } } };
  const words = logAt(axis, picture, x, y);
  if (words !== undefined) return { label: words, change: { tab: 'logs' } };
  const state = stateAt(axis, picture, x, y);
  return state && { label: state.label, change: state.at === undefined ? {} : { at: state.at } };
}

function inOperations(scene: Scene, { width, x, y }: CanvasPoint): Pointed | undefined {
  const data = scene.windows?.operations;
  if (data === undefined) return undefined;
  const box = layoutOf(scene.overview, scene.moment !== undefined).operations;
  if (y < box.top || y > box.top + box.height) return undefined;
  const found = operationAt({ range: scene.range, width }, box, operationPicture(scene, data), x, y);
  return found && { label: found.label, change: { selection: { kind: 'operation', index: found.index } } };
}
