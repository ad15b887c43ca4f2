/** The time chosen by the user: a thin line through all pictures. */
import { clipped, xOf, type Box, type Surface } from '../surface.ts';

export function drawCursor(surface: Surface, box: Box, nanos: number): void {
  const { context, palette } = surface;
  clipped(surface, box, () => {
    context.fillStyle = palette.accent;
    context.fillRect(Math.round(xOf(surface, nanos)), box.top, 1, box.height);
  });
}
