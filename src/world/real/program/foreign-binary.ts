/** Recognises executables that were built for another system or another processor, by their first bytes. */
import { existsSync } from 'node:fs';
import { shellWord } from '../../../protocol/shell-word.ts';

/** ELF machine numbers of the processors that Node runs on. */
const ELF_MACHINES = new Map<number, string>([
  [3, 'ia32'],
  [8, 'mips'],
  [20, 'ppc'],
  [21, 'ppc64'],
  [22, 's390x'],
  [40, 'arm'],
  [62, 'x64'],
  [183, 'arm64'],
  [243, 'riscv64'],
  [258, 'loong64'],
]);
/** 64-bit systems mostly also run programs of their 32-bit predecessor. */
const ALSO_RUNS = new Map([
  ['x64', 'ia32'],
  ['arm64', 'arm'],
]);
/** Also the magic number of macOS executables for several processors. */
const JAVA_CLASS = 0xcafebabe;
const MACH_O = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, JAVA_CLASS]);
const ZIP = 0x504b0304;
const ELF = 0x7f454c46;
const PT_INTERP = 3;

/** Whether these first bytes are those of an executable for any system. */
export function isExecutableFormat(head: Buffer): boolean {
  if (head.length < 4) return false;
  const magic = head.readUInt32BE(0);
  return magic === ELF || (MACH_O.has(magic) && magic !== JAVA_CLASS) || isForWindows(head);
}

/** Suggests how to start a program that was built for Windows; .NET writes such files on Linux as well. */
export function adviceFor(path: string, head: Buffer): string | undefined {
  if (!isForWindows(head)) return undefined;
  return (
    'Build it for this system: in Go by GOOS, in Rust by --target, in .NET by dotnet publish --self-contained. ' +
    `If it is for Mono, give --bin an executable script of two lines: #!/bin/sh and exec mono ${shellWord(path)} "$@".`
  );
}

const isForWindows = (head: Buffer): boolean => head.toString('latin1', 0, 2) === 'MZ';

/**
 * Returns why an executable with these first bytes cannot run here, or undefined if it can or the format is unknown.
 */
export function foreignBinary(
  head: Buffer,
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): string | undefined {
  if (head.length < 4) return undefined;
  if (isForWindows(head) && platform !== 'win32') return 'it was built for Windows.';
  const magic = head.readUInt32BE(0);
  if (MACH_O.has(magic)) {
    const what =
      magic === JAVA_CLASS ? 'it was built for macOS, or is a Java class.' : 'it was built for macOS.';
    return platform === 'darwin' ? undefined : what;
  }
  if (magic === ZIP)
    return 'it is an archive (ZIP, or a Java archive), which the system does not start by itself.';
  if (magic !== ELF) return undefined;
  if (platform === 'darwin') return 'it was built for Linux; build it for macOS.';
  return foreignElf(head, arch);
}

function foreignElf(head: Buffer, arch: string): string | undefined {
  if (head.length < 64) return 'its header is cut off. Was it copied or built in full?';
  const bigEndian = head[5] === 2;
  const u16 = (at: number): number => (bigEndian ? head.readUInt16BE(at) : head.readUInt16LE(at));
  const machine = ELF_MACHINES.get(u16(18)) ?? `machine ${u16(18)}`;
  if (machine !== arch && machine !== ALSO_RUNS.get(arch)) {
    return `it was built for ${machine}, and this computer is ${arch}. Build it for ${arch}.`;
  }
  const loader = head[4] === 2 && !bigEndian ? loaderOf(head) : undefined;
  if (loader === undefined || existsSync(loader)) return undefined;
  return `it needs ${loader}, which is not here: it was built for another C library. Build it statically, or on this system.`;
}

/** Returns the path of the dynamic loader that a 64-bit little-endian ELF file requests, if its head contains it. */
function loaderOf(head: Buffer): string | undefined {
  const table = Number(head.readBigUInt64LE(32));
  const size = head.readUInt16LE(54);
  for (let i = 0; i < head.readUInt16LE(56); i++) {
    const at = table + i * size;
    if (at + 56 > head.length) return undefined;
    if (head.readUInt32LE(at) !== PT_INTERP) continue;
    const offset = Number(head.readBigUInt64LE(at + 8));
    const length = Number(head.readBigUInt64LE(at + 32));
    return offset + length <= head.length ? head.toString('latin1', offset, offset + length - 1) : undefined;
  }
  return undefined;
}
