/** What the diagram puts into the page: two canvases, of which the lower one scrolls, and a tip beside the pointer. */

export interface DiagramElements {
  readonly host: HTMLElement;
  readonly top: HTMLCanvasElement;
  /** Scrolls: as tall as there is room. */
  readonly lanes: HTMLElement;
  /** Makes the lanes as tall as they all are. */
  readonly laneSpace: HTMLElement;
  /** Stays in view while the lanes scroll. */
  readonly laneCanvas: HTMLCanvasElement;
  readonly tip: HTMLElement;
  /** Over the strip: the stretch that is being selected. */
  readonly selecting: HTMLElement;
}

export function addElements(host: HTMLElement): DiagramElements {
  const elements = {
    host,
    top: document.createElement('canvas'),
    lanes: document.createElement('div'),
    laneSpace: document.createElement('div'),
    laneCanvas: document.createElement('canvas'),
    tip: document.createElement('div'),
    selecting: document.createElement('div'),
  };
  const { top, lanes, laneSpace, laneCanvas, tip, selecting } = elements;
  top.className = 'picture-top';
  lanes.className = 'picture-lanes';
  laneSpace.className = 'picture-space';
  laneCanvas.className = 'picture-canvas';
  tip.className = 'tip';
  tip.hidden = true;
  selecting.className = 'picture-selecting';
  selecting.hidden = true;
  lanes.append(laneCanvas, laneSpace);
  host.append(top, lanes, tip, selecting);
  return elements;
}
