// The two comms to a kernel: on one we ask and are answered, on the other we hear what happens meanwhile.

import { CommsOverSubshells, type Kernel } from '@jupyterlab/services';

import type * as messages from './drawing';

export const ASK_TARGET = 'backend_mentor';
export const EVENTS_TARGET = 'backend_mentor.events';

/** What the kernel answers or tells; which fields there are depends on what was asked. */
export type Told = Partial<messages.Told> & { ask: string };

/** Why there is no channel: the kernel has no mentor, or it does not answer. */
export class ChannelError extends Error {
  constructor(
    readonly what: string,
    readonly remedy: string
  ) {
    super(what);
  }
}

interface SubshellComm extends Kernel.IComm {
  subshellStarted?: Promise<unknown>;
}

const ANSWER_MILLISECONDS = 20_000;
const SUBSHELL_MILLISECONDS = 2_000;

/** One kernel's channel. It ends with the kernel, and a restarted kernel wants a new one. */
export class Channel {
  private asking: Kernel.IComm | null = null;
  private listening: Kernel.IComm | null = null;
  private readonly waiting = new Map<string, (told: Told) => void>();
  private count = 0;
  private readonly mark = Math.random().toString(36).slice(2);

  constructor(
    private readonly kernel: Kernel.IKernelConnection,
    private readonly onEvent: (told: Told) => void,
    private readonly onEnd: () => void
  ) {}

  /** Load the mentor in the kernel, open both comms and return the kernel's first answer. */
  async open(): Promise<Told> {
    const info = await this.kernel.info;
    if (info.language_info.name !== 'python') {
      throw new ChannelError(`This kernel speaks ${info.language_info.name}.`, 'Choose a Python kernel for the notebook: the mentor lives there.');
    }
    await this.load();
    this.listening = await this.openComm(EVENTS_TARGET, told => this.onEvent(told));
    this.asking = await this.openComm(ASK_TARGET, told => this.settle(told));
    return this.ask('hello', {});
  }

  /** Ask, and return the answer; rejects with a ChannelError where none comes. */
  ask<K extends keyof messages.Questions>(kind: K, fields: messages.Questions[K]): Promise<Told> {
    const comm = this.asking;
    if (!comm) {
      return Promise.reject(new ChannelError('The kernel is not connected.', 'Restart the kernel, or choose another.'));
    }
    const ask = `${this.mark}-${++this.count}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(ask);
        reject(
          new ChannelError(
            'The kernel does not answer.',
            'It is busy with a cell and has no subshells, or code of its own holds it; wait for the cell, or interrupt it.'
          )
        );
      }, ANSWER_MILLISECONDS);
      this.waiting.set(ask, told => {
        clearTimeout(timer);
        resolve(told);
      });
      comm.send({ ask, kind, ...fields });
    });
  }

  /** End both comms. */
  close(): void {
    for (const comm of [this.asking, this.listening]) {
      if (comm && !comm.isDisposed && !this.kernel.isDisposed) {
        comm.onClose = () => undefined;
        comm.close();
      }
    }
    this.asking = this.listening = null;
    this.waiting.clear();
  }

  private settle(told: Told): void {
    const resolve = this.waiting.get(told.ask);
    this.waiting.delete(told.ask);
    resolve?.(told);
  }

  /** Load the extension without waiting for a running cell: on a subshell of its own where the kernel has them. */
  private async load(): Promise<void> {
    const code = '%load_ext backend_mentor';
    const content = { code, silent: true, store_history: false, allow_stdin: false, stop_on_error: false };
    let reply;
    if (this.kernel.supportsSubshells) {
      const made = await this.kernel.requestCreateSubshell({}).done;
      const beside = this.kernel.clone({ handleComms: false });
      beside.subshellId = made.content.subshell_id;
      try {
        reply = await beside.requestExecute(content).done;
        await this.kernel.requestDeleteSubshell({ subshell_id: made.content.subshell_id }).done;
      } finally {
        beside.dispose();
      }
    } else {
      reply = await this.kernel.requestExecute(content).done;
    }
    if (reply.content.status === 'error') {
      throw new ChannelError(
        'The mentor is not installed where this kernel runs.',
        'Run `%pip install backend-mentor` in a cell, restart the kernel, and try again.'
      );
    }
  }

  private async openComm(target: string, hear: (told: Told) => void): Promise<Kernel.IComm> {
    const comm: SubshellComm = this.kernel.createComm(target);
    comm.onMsg = message => hear(message.content.data as unknown as Told);
    comm.onClose = () => this.end();
    if (this.kernel.supportsSubshells) {
      comm.commsOverSubshells = CommsOverSubshells.PerCommTarget;
      // What is sent before the subshell is there goes to the main shell, behind the running cell.
      await Promise.race([comm.subshellStarted, new Promise(resolve => setTimeout(resolve, SUBSHELL_MILLISECONDS))]);
    }
    comm.open({});
    return comm;
  }

  private end(): void {
    this.close();
    this.onEnd();
  }
}
