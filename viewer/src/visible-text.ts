/** Makes text from nodes visible on a page, by the rule for files: invisible characters are escaped. */
export { plainText as visible } from '../../src/protocol/shown-text.ts';
