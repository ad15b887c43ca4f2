/**
 * Starting a process with our ends of its three pipes.
 *
 * `spawn` by itself connects sockets. These are real pipes, made as named ones whose names are removed at once: they cost a
 * little less CPU per message, and programs may open /dev/stderr, which fails on a socket. Where `mkfifo`
 * is missing, sockets have to do.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket, type ConnectOpts, type SocketConstructorOpts } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { takePipes } from './named-pipes.ts';
import { pipeId } from './pipe-holders.ts';

/** Reads go here, from all pipes in turn: what a reader is given is gone after its call. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** Where bytes from a pipe go. */
export interface PipeReader {
  /** bytes[0, length), valid during the call only. */
  data(bytes: Buffer, length: number): void;
  /** No more will come. Called once. */
  end(): void;
}

/** Our end of a pipe that we read. */
export interface ReadEnd {
  pause(): void;
  resume(): void;
  destroy(): void;
}

export interface PipedProcess {
  readonly child: ChildProcess;
  readonly stdin: Writable;
  readonly stdout: ReadEnd;
  readonly stderr: ReadEnd;
  /** Those of stdout and stderr, where they are named pipes. */
  readonly pipeIds?: { readonly stdout: string; readonly stderr: string };
}

export interface PipedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts a process that leads its own process group. What goes wrong comes as `error` of the child, or is thrown, as the
 * system's kind of error has it.
 */
export function spawnPiped(
  { command, args, env }: PipedCommand,
  readers: { readonly stdout: PipeReader; readonly stderr: PipeReader },
): PipedProcess {
  const options: SpawnOptions = { env, detached: true };
  const pipes = takePipes();
  if (pipes === undefined) {
    const child = spawn(command, args, { ...options, stdio: 'pipe' });
    child.on('error', () => {});
    const { stdin, stdout, stderr } = child;
    // With stdio 'pipe' all three are there, whatever becomes of the child.
    if (stdin === null || stdout === null || stderr === null) throw new Error('spawn made no pipes');
    return {
      child,
      stdin,
      stdout: readStream(stdout, readers.stdout),
      stderr: readStream(stderr, readers.stderr),
    };
  }
  try {
    const child = spawn(command, args, { ...options, stdio: [...pipes.childFds] });
    // What follows may throw; the caller then hears of nothing else.
    child.on('error', () => {});
    const stdin = new Socket({ fd: pipes.stdin, readable: false, writable: true });
    return {
      child,
      stdin,
      pipeIds: { stdout: pipeId(pipes.stdout), stderr: pipeId(pipes.stderr) },
      stdout: readFd(pipes.stdout, readers.stdout),
      stderr: readFd(pipes.stderr, readers.stderr),
    };
  } catch (error) {
    for (const fd of [pipes.stdin, pipes.stdout, pipes.stderr]) closeSync(fd);
    throw error;
  } finally {
    for (const fd of pipes.childFds) closeSync(fd);
  }
}

function readFd(fd: number, reader: PipeReader): ReadEnd {
  const options: SocketConstructorOpts & ConnectOpts = {
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: READ_BUFFER,
      callback(length) {
        reader.data(READ_BUFFER, length);
        return true;
      },
    },
  };
  const socket = new Socket(options);
  socket.resume();
  return ending(socket, reader);
}

function readStream(stream: Readable, reader: PipeReader): ReadEnd {
  stream.on('data', (chunk: Buffer) => reader.data(chunk, chunk.length));
  return ending(stream, reader);
}

function ending(stream: Readable, reader: PipeReader): ReadEnd {
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    reader.end();
  };
  stream.on('end', end);
  stream.on('close', end);
  stream.on('error', () => stream.destroy());
  return stream;
}
