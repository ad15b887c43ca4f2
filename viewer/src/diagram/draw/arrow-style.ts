/** How a message's arrow is drawn: by the kinds of its endpoints, and whether it was lost or duplicated. */
import { present } from '../../../../src/columns/present.ts';
import { DUPLICATED, LOST, RECEIVED } from '../../../../src/recording/messages/message-flags.ts';
import type { MessageWindow } from '../../../../src/recording/views.ts';

export type ArrowStyle = 'client' | 'server' | 'service' | 'lost' | 'duplicated';
/** In drawing order: the most important come last, on top. */
export const ARROW_STYLES: readonly ArrowStyle[] = ['server', 'service', 'client', 'duplicated', 'lost'];

export function styleOf(data: MessageWindow, i: number): ArrowStyle {
  const { arrows, lanes } = data;
  const flags = present(arrows.flags[i]);
  if ((flags & LOST) !== 0 && (flags & RECEIVED) === 0) return 'lost';
  if ((flags & DUPLICATED) !== 0) return 'duplicated';
  const kinds = [lanes[present(arrows.src[i])]?.kind, lanes[present(arrows.dest[i])]?.kind];
  return kinds.includes('service') ? 'service' : kinds.includes('client') ? 'client' : 'server';
}
