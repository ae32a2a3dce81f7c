// One notebook's talk with its kernel: what is asked, what is heard, and the state that follows.

import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import { Channel, ChannelError, type Told } from './channel';
import type { Questions } from './drawing';
import { EMPTY, heard, started, withPhase, type State } from './model';

export class Conversation {
  /** The state is another. */
  readonly changed = new Signal<this, void>(this);
  /** What was started has ended, well or not, or has something to show already. */
  readonly told = new Signal<this, Told>(this);
  state: State = EMPTY;
  private channel: Channel | null = null;
  private kernel: Kernel.IKernelConnection | null = null;
  private opening: Promise<void> | null = null;
  private clock = 0;
  /** Events that came before the answer that names what they belong to. */
  private early: Told[] | null = null;

  constructor(private readonly trans: TranslationBundle) {}

  /** Talk to this kernel from now on; connect at once where the sidebar is seen. */
  attach(kernel: Kernel.IKernelConnection | null, isSeen: boolean): void {
    this.kernel = kernel;
    this.drop();
    this.set(withPhase(this.state, kernel ? 'connecting' : 'no kernel'));
    if (isSeen) {
      this.openIfClosed();
    }
  }

  /** Follow the kernel's restarts and its end. */
  notice(status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting') {
      this.drop();
      this.set(withPhase(this.state, 'restarting'));
    } else if (this.state.phase === 'restarting' && (status === 'idle' || status === 'busy')) {
      void this.open();
    } else if (status === 'dead') {
      this.drop();
      this.set(withPhase(this.state, 'no kernel'));
    }
  }

  openIfClosed(): void {
    if (this.kernel && !this.channel) {
      void this.open();
    }
  }

  /** Connect, however often it is asked for, once. */
  open(): Promise<void> {
    this.opening ??= this.openOnce().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  /** Start a review, a connection or an answer, with what else changes of the state; false where it could not be started. */
  async begin<K extends keyof Questions>(kind: K, fields: Questions[K], what: string, also: Partial<State> = {}): Promise<boolean> {
    if (this.state.ask || this.early) {
      return false;
    }
    const early: Told[] = [];
    const told = await this.ask(kind, fields, early);
    if (!told) {
      return false;
    }
    this.set({ ...started(this.state, told.ask, what), ...also });
    this.startClock();
    early.forEach(event => this.hear(event));
    return true;
  }

  /** Ask for what is answered at once; null where it failed, which the state then tells. */
  async ask<K extends keyof Questions>(kind: K, fields: Questions[K], early: Told[] | null = null): Promise<Told | null> {
    if (!this.channel) {
      await this.open();
    }
    try {
      this.early = early;
      const told = await this.channel?.ask(kind, fields);
      if (told?.failed) {
        this.set({ ...this.state, failure: told.failed, notice: '' });
      }
      return told && !told.failed ? told : null;
    } catch (error) {
      this.fail(error);
      return null;
    } finally {
      this.early = null;
    }
  }

  async stop(): Promise<void> {
    if (this.state.ask) {
      await this.channel?.ask('stop', { of: this.state.ask });
    }
  }

  set(next: State): void {
    this.state = next;
    this.changed.emit();
  }

  dispose(): void {
    this.drop();
    Signal.clearData(this);
  }

  private async openOnce(): Promise<void> {
    const { kernel, trans } = this;
    if (!kernel) {
      return;
    }
    this.drop();
    this.set(withPhase(this.state, 'connecting'));
    const channel = new Channel(
      kernel,
      told => this.hear(told),
      () => {
        if (this.channel === channel) {
          this.channel = null;
          const failure = { what: trans.__('The kernel closed the connection.'), remedy: trans.__('Press “Connect again”.') };
          this.set(withPhase(this.state, 'unreachable', failure));
        }
      }
    );
    try {
      const told = await channel.open();
      if (this.kernel !== kernel) {
        channel.close();
        return;
      }
      this.channel = channel;
      this.set({ ...withPhase(this.state, 'ready'), connections: told.connections ?? [], reviews: told.reviews ?? 0 });
      // While the reader looks, what the first review would wait for is got ready; it reads no database.
      void channel.ask('warm', {}).catch(() => undefined);
    } catch (error) {
      channel.close();
      if (this.kernel === kernel) {
        this.fail(error);
      }
    }
  }

  private hear(told: Told): void {
    if (this.early) {
      this.early.push(told);
      return;
    }
    const next = heard(this.state, told);
    if (next !== this.state) {
      if (!next.ask) {
        this.stopClock();
      }
      this.set(next);
      if (told.event !== 'progress' && told.event !== 'speech') {
        this.told.emit(told);
      }
    }
  }

  private fail(error: unknown): void {
    const failure =
      error instanceof ChannelError
        ? { what: this.trans.__(error.what), remedy: this.trans.__(error.remedy) }
        : { what: String(error), remedy: this.trans.__('Press “Connect again”.') };
    this.set(this.channel ? { ...this.state, phase: 'ready', failure } : withPhase(this.state, 'unreachable', failure));
  }

  private drop(): void {
    this.stopClock();
    this.channel?.close();
    this.channel = null;
  }

  private startClock(): void {
    this.stopClock();
    const began = Date.now();
    this.clock = window.setInterval(() => {
      this.state = { ...this.state, seconds: (Date.now() - began) / 1000 };
      this.changed.emit();
    }, 500);
  }

  private stopClock(): void {
    window.clearInterval(this.clock);
  }
}
