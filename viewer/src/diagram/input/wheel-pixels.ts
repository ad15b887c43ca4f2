/** Converts what a wheel reports to pixels: Chromium and WebKit report pixels, Firefox lines, and pages if the system is set to that. */

const DOM_DELTA_LINE = 1;
const DOM_DELTA_PAGE = 2;

/** One notch is 3 lines in Firefox, and 100 to 120 pixels elsewhere: it zooms as far in every browser. */
const LINE = 40;
const PAGE = 240;

/** Returns the pixels per unit of the event's deltas. */
export function wheelPixels({ deltaMode }: Pick<WheelEvent, 'deltaMode'>): number {
  if (deltaMode === DOM_DELTA_LINE) return LINE;
  return deltaMode === DOM_DELTA_PAGE ? PAGE : 1;
}
