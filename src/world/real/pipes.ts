/**
 * Starts a process, with our ends of its three pipes.
 *
 * `spawn` by itself connects sockets. These are real pipes, made as named pipes whose names are removed at once. They
 * cost a little less CPU per message, and programs may open /dev/stderr, which fails on a socket. Without `mkfifo`,
 * sockets are used.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket, type ConnectOpts, type SocketConstructorOpts } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { takePipes } from './named-pipes.ts';
import { pipeId } from './processes/pipe-holders.ts';

/** Shared by the reads of all pipes: a reader's bytes are valid during its call only. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** Receives the bytes from a pipe. */
export interface PipeReader {
  /** bytes[0, length), valid during the call only. */
  data(bytes: Buffer, length: number): void;
  /** The pipe has ended. Called once. */
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
  /** Identifiers of stdout and stderr, if they are named pipes. */
  readonly pipeIds?: { readonly stdout: string; readonly stderr: string };
}

export interface PipedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts a process that leads its own process group. Depending on the failure, the system reports it as an `error`
 * event of the child or throws.
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
    // With stdio 'pipe' all three exist, even if the child fails.
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
    // The next lines may throw; then the caller gets no child to listen to.
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
