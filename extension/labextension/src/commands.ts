// What the palette, the keys, the menus and other extensions can ask of the sidebar.

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';

import { isAskable } from './model';
import type { MentorPanel } from './panel';
import type { Asked } from './wishes';

type Options = Parameters<JupyterFrontEnd['commands']['addCommand']>[1];

interface Args {
  readonly [key: string]: unknown;
}

const NO_ARGUMENTS = { type: 'object', properties: {}, additionalProperties: false } as const;

/** Add the commands, each with its arguments described, and list them in the palette. */
export function addCommands(
  app: JupyterFrontEnd,
  panel: MentorPanel,
  icon: LabIcon,
  trans: TranslationBundle,
  palette: ICommandPalette | null
): void {
  const show = (): void => app.shell.activateById(panel.id);
  const review = async (asked: Asked): Promise<void> => {
    show();
    await panel.review(asked);
  };
  const isIdle = (): boolean => !['no notebook', 'no kernel', 'working'].includes(panel.state.phase);
  const asking = (label: string, caption: string, asked: Asked): Options => ({
    label,
    caption,
    isEnabled: isIdle,
    describedBy: { args: NO_ARGUMENTS },
    execute: () => review(asked)
  });
  const proposing = (label: string, execute: (number: number) => void): Options => ({
    label,
    isEnabled: () => !!panel.state.delivery?.changes.length,
    describedBy: {
      args: { type: 'object', properties: { number: { type: 'number', description: trans.__('The proposal’s number, from 1, the default') } } }
    },
    execute: (args: Args) => {
      show();
      execute(Number(args['number'] ?? 1));
    }
  });
  const commands: Record<string, Options> = {
    'backend-mentor:open': {
      label: trans.__('Open Backend Mentor'),
      icon,
      describedBy: { args: NO_ARGUMENTS },
      execute: () => {
        show();
        panel.enter();
      }
    },
    'backend-mentor:review': {
      label: trans.__('Review Cell'),
      caption: trans.__('Review the active cell: what it does, its plan, a better version and the proof'),
      icon,
      isEnabled: isIdle,
      describedBy: {
        args: { type: 'object', properties: { analyze: { type: 'boolean', description: trans.__('Also run the query, read-only') } } }
      },
      execute: (args: Args) => review(typeof args['analyze'] === 'boolean' ? { analyze: args['analyze'] } : {})
    },
    'backend-mentor:explain': asking(trans.__('Explain Cell'), trans.__('Step by step, with the reasons'), { part: 'explanation' }),
    'backend-mentor:plan': asking(trans.__('Show Plan of Cell'), trans.__('How the database carries it out'), { part: 'plan' }),
    'backend-mentor:optimise': asking(trans.__('Optimise Cell'), trans.__('Also run the query, read-only, to measure what a better version saves'), {
      part: 'offer',
      analyze: true
    }),
    'backend-mentor:hint': asking(trans.__('Hint for Cell'), trans.__('Where to look, without the answer'), { hint: true }),
    'backend-mentor:ask': {
      label: trans.__('Ask About the Review'),
      caption: trans.__('The review answers, or Claude where you have let it'),
      isEnabled: () => isAskable(panel.state),
      describedBy: {
        args: { type: 'object', properties: { question: { type: 'string', description: trans.__('The question; without one, the keyboard goes on in the question’s field') } } }
      },
      execute: async (args: Args) => {
        show();
        await panel.askAbout(String(args['question'] ?? ''));
      }
    },
    'backend-mentor:fix': {
      label: trans.__('Fix Finding at Cursor'),
      caption: trans.__('Show what would change in the cell; nothing is written before Replace is pressed'),
      isEnabled: isIdle,
      describedBy: { args: NO_ARGUMENTS },
      execute: () => panel.fix()
    },
    'backend-mentor:tour': {
      label: trans.__('Take the Tour of Backend Mentor'),
      describedBy: { args: NO_ARGUMENTS },
      execute: () => {
        show();
        panel.tour.start();
      }
    },
    'backend-mentor:stop': {
      label: trans.__('Stop the Review'),
      isEnabled: () => panel.state.phase === 'working',
      describedBy: { args: NO_ARGUMENTS },
      execute: () => panel.stop()
    },
    'backend-mentor:preview': proposing(trans.__('Show Proposal in Cell'), number => panel.changes.preview(number)),
    'backend-mentor:insert': proposing(trans.__('Insert Proposal Below'), number => panel.changes.insert(number))
  };
  for (const [name, options] of Object.entries(commands)) {
    app.commands.addCommand(name, options);
    palette?.addItem({ command: name, category: trans.__('Backend Mentor') });
  }
  let phase = panel.state.phase;
  let delivery = panel.state.delivery;
  panel.changed.connect(() => {
    if (phase !== panel.state.phase || delivery !== panel.state.delivery) {
      ({ phase, delivery } = panel.state);
      Object.keys(commands).forEach(name => app.commands.notifyCommandChanged(name));
    }
  });
}
