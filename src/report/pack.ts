/**
 * Data within a page, packed: JSON, deflated, as base64. Small, and whatever a node wrote cannot be markup there. The page
 * unpacks it with the browser's own `DecompressionStream` (see page/unpack.ts).
 */
import { deflateRawSync } from 'node:zlib';

const LEVEL = 3;

/** An element that holds the value, found by its id. The value is plain JSON. */
export function packedData(id: string, value: unknown): string {
  const packed = deflateRawSync(JSON.stringify(value), { level: LEVEL }).toString('base64');
  return `<script type="application/octet-stream" id="${id}">${packed}</script>`;
}
