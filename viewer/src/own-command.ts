/** How the program was called that serves the pages, such as `./maelstrom`; plain where a page lies by itself. */
import { visible } from './visible-text.ts';

const said = document.querySelector('meta[name="maelstrom-command"]')?.getAttribute('content');

export const COMMAND = visible(said ?? 'maelstrom');
