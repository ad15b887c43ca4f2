/** Constants of WASI preview 1, as its witx files define them. */

export const ERRNO = {
  success: 0,
  again: 6,
  badf: 8,
  exist: 20,
  fault: 21,
  fbig: 22,
  ilseq: 25,
  inval: 28,
  io: 29,
  isdir: 31,
  loop: 32,
  mfile: 33,
  nametoolong: 37,
  noent: 44,
  nospc: 51,
  nosys: 52,
  notdir: 54,
  notempty: 55,
  notsup: 58,
  perm: 63,
  rofs: 69,
  spipe: 70,
  xdev: 75,
  notcapable: 76,
} as const;

/** 0 is success. */
export type Errno = (typeof ERRNO)[keyof typeof ERRNO];

export const FILE_TYPE = { unknown: 0, directory: 3, regular: 4 } as const;

/** `fdflags` */
export const FD_APPEND = 1;
export const FD_NONBLOCK = 4;

/** `oflags` */
export const O_CREAT = 1;
export const O_DIRECTORY = 2;
export const O_EXCL = 4;
export const O_TRUNC = 8;

/** `fstflags`: which times are set, and to the time given or to the current one. */
export const SET_WRITTEN = 4;
export const SET_WRITTEN_NOW = 8;

export const RIGHT_READ = 1n << 1n;
export const RIGHT_WRITE = 1n << 6n;
export const ALL_RIGHTS = (1n << 29n) - 1n;
/** The rights of a pipe: no `fd_seek` and `fd_tell`, from which a C library infers that it is not a terminal. */
export const PIPE_RIGHTS = ALL_RIGHTS & ~(1n << 2n) & ~(1n << 5n);

export const EVENT_CLOCK = 0;
export const EVENT_READ = 1;
export const EVENT_WRITE = 2;
export const SUBSCRIPTION_BYTES = 48;
export const EVENT_BYTES = 32;

export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 1;
/** The last clock id; 2 and 3 are the processor time of the process and of the thread. */
export const CLOCK_LAST = 3;

/** The module from which a command imports its functions. */
export const WASI = 'wasi_snapshot_preview1';
