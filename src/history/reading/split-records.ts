/**
 * Finds the boundaries of operations in the bytes of a history, chunk by chunk, without parsing them.
 *
 * In history.jsonl an operation is a line (`LineRecordSplitter`). In a JSON array and in EDN it is a bracketed form
 * (`FormSplitter`): nesting is counted, strings and comments are skipped.
 */

/** Finds records in consecutive chunks; a record may span several chunks. */
export interface RecordSplitter {
  /**
   * Scans from `at`. Returns the end (exclusive) of the next record that ends, or -1 if the chunk ends first. Afterwards
   * `start` is where that record, or the unfinished one, begins in this chunk (0 if it began earlier, -1 if none has
   * begun), `line` is its first line, from 1, and `next` is where to continue scanning.
   */
  scan(bytes: Uint8Array, at: number): number;
  readonly start: number;
  readonly line: number;
  readonly next: number;
}

const NEWLINE = 0x0a;

export class LineRecordSplitter implements RecordSplitter {
  start = -1;
  line = 0;
  next = 0;
  private isInside = false;

  scan(bytes: Uint8Array, from: number): number {
    let at = from;
    if (this.isInside) {
      this.start = 0;
    } else {
      // Empty lines are no records: a file may be compressed from millions of them.
      for (; bytes[at] === NEWLINE; at++) this.line++;
      this.start = at < bytes.length ? at : -1;
      if (this.start === -1) return -1;
      this.line++;
      this.isInside = true;
    }
    const end = bytes.indexOf(NEWLINE, at);
    if (end === -1) return -1;
    this.isInside = false;
    this.next = end + 1;
    return end;
  }
}

export class FormSplitter implements RecordSplitter {
  start = -1;
  line = 1;
  next = 0;
  /** Whether the history is a single vector, list or array, and whether its end has been reached. */
  outer: 'unknown' | 'none' | 'open' | 'closed' = 'unknown';
  private currentLine = 1;
  private depth = 0;
  private isInside = false;
  /** True within a string; likewise the next two for a comment, and directly after a backslash. */
  private isString = false;
  private isComment = false;
  private isEscaped = false;
  /** True if the record began with a tag or metadata, so that only a bracket ends it. */
  private isTagged = false;
  /** Bracketed forms before the one that ends the record: metadata, and discarded forms behind a tag. */
  private formsBefore = 0;
  /** True directly after the ^ of metadata or the #_ of a discarded form; and directly after a #. */
  private isBeforeForm = false;
  private isAfterHash = false;

  /** `listOnLine`: the line of the list at the start of the bytes that holds all records; 0 if there may be none. */
  constructor(
    private readonly dialect: 'json' | 'edn',
    private readonly listOnLine = 0,
  ) {
    if (listOnLine > 0) this.currentLine = listOnLine;
  }

  scan(bytes: Uint8Array, from: number): number {
    this.start = this.isInside ? 0 : -1;
    const isEdn = this.dialect === 'edn';
    for (let at = from; at < bytes.length; at++) {
      if (this.listOnLine > 0 && this.outer === 'closed') break;
      const byte = bytes[at] ?? 0;
      if (byte === NEWLINE) this.currentLine++;
      if (this.isEscaped) this.isEscaped = false;
      else if (this.isComment) this.isComment = byte !== NEWLINE;
      else if (this.isString) {
        if (byte === 0x5c) this.isEscaped = true;
        else if (byte === 0x22) this.isString = false;
      } else if (this.isInside) {
        if (isEdn && this.depth === 0) this.notePrefix(byte);
        if (isOpening(byte)) this.depth++;
        else if (byte === 0x22) this.isString = true;
        else if (isEdn && byte === 0x5c) this.isEscaped = true;
        else if (isEdn && byte === 0x3b) this.isComment = true;
        else if (isClosing(byte)) {
          // An atom, which ends before the bracket that closes its container.
          if (this.depth === 0) return this.finish(at, at);
          this.depth--;
          if (this.depth === 0 && this.formsBefore-- <= 0) return this.finish(at + 1, at + 1);
        } else if (this.depth === 0 && isBetween(byte) && !this.isTagged) return this.finish(at, at + 1);
      } else if (isEdn && byte === 0x3b) this.isComment = true;
      else if (!isBetween(byte)) {
        if (this.outer === 'unknown') {
          const opens = byte === 0x5b || (isEdn && byte === 0x28);
          this.outer = opens ? 'open' : 'none';
          if (opens) continue;
        } else if (this.outer === 'open' && (byte === 0x5d || byte === 0x29)) {
          this.outer = 'closed';
          continue;
        }
        this.start = at;
        this.line = this.currentLine;
        this.isInside = true;
        this.isTagged = isEdn && (byte === HASH || byte === CARET);
        this.formsBefore = 0;
        this.isBeforeForm = isEdn && byte === CARET;
        // A form that is discarded is a record of its own.
        this.isAfterHash = false;
        this.isString = byte === 0x22;
        this.isEscaped = isEdn && byte === 0x5c;
        this.depth = isOpening(byte) ? 1 : 0;
        if (isClosing(byte)) return this.finish(at + 1, at + 1);
      }
    }
    this.next = bytes.length;
    return -1;
  }

  /** Notes the parts of a record before the form that ends it: `^{:line 3} {...}`, `#tag #_{...} {...}`. */
  private notePrefix(byte: number): void {
    if (byte === CARET || (this.isAfterHash && byte === 0x5f)) {
      this.isTagged = true;
      this.isBeforeForm = true;
    } else if (this.isBeforeForm && !isBetween(byte)) {
      this.isBeforeForm = false;
      if (isOpening(byte)) this.formsBefore++;
    }
    this.isAfterHash = byte === HASH;
  }

  private finish(end: number, next: number): number {
    this.isInside = false;
    this.next = next;
    return end;
  }
}

const HASH = 0x23;
const CARET = 0x5e;

const isOpening = (byte: number): boolean => byte === 0x5b || byte === 0x7b || byte === 0x28;
const isClosing = (byte: number): boolean => byte === 0x5d || byte === 0x7d || byte === 0x29;
/** Blanks, newlines and commas. */
const isBetween = (byte: number): boolean =>
  byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09 || byte === 0x2c;
