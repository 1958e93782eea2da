import type { Severity } from '../core/rule.ts';
import { perObject } from '../core/syntax/memo.ts';
import type { ContextSnapshot } from '../core/workspace.ts';
import type { Analysed } from './documents.ts';
import type { Session } from './session.ts';

/** Method of the notification that tells our own client what to show of a document in its status item. */
export const statusMethod = 'cacheLens/status';

export interface DocumentStatus {
  readonly uri: string;
  /** How many findings there are of each severity. */
  readonly findings: Readonly<Record<Severity, number>>;
  /** Null where it is not known: not looked yet, no folder, or a workspace without files. */
  readonly context: {
    readonly root: string;
    readonly reason: string;
    readonly files: number;
    readonly truncated: boolean;
    readonly ignoreFile: string | null;
    /** Why further folders are contexts of other builds. */
    readonly others: readonly string[];
  } | null;
  /** `none`: it may be read, but there is none. */
  readonly history: 'on' | 'off' | 'none' | 'untrusted';
}

/** Sends a status when it differs from the last one of the document: most keystrokes change nothing of it. */
export function createStatus(session: Pick<Session, 'connection' | 'client' | 'settings'>): {
  update(analysed: Analysed): void;
  forget(uri: string): void;
} {
  const sent = new Map<string, string>();
  return {
    update(analysed) {
      if (!session.client.options.status) return;
      const status = statusOf(session, analysed);
      const text = JSON.stringify(status);
      if (sent.get(status.uri) === text) return;
      sent.set(status.uri, text);
      void session.connection.sendNotification(statusMethod, status);
    },
    forget: (uri) => void sent.delete(uri),
  };
}

function statusOf(session: Pick<Session, 'settings'>, { document, analysis }: Analysed): DocumentStatus {
  const { context } = analysis.facts;
  const findings: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { severity } of analysis.findings) findings[severity]++;
  return {
    uri: document.uri,
    findings,
    context: context
      ? {
          root: context.root,
          reason: context.reason,
          files: fileCount(context),
          truncated: context.truncated,
          ignoreFile: context.ignore?.path ?? null,
          others: (analysis.facts.others ?? []).map(({ reason }) => reason),
        }
      : null,
    history: historyOf(session, analysis),
  };
}

function historyOf({ settings }: Pick<Session, 'settings'>, { facts, config }: Analysed['analysis']) {
  if (facts.history) return 'on';
  if (!settings.isTrusted()) return 'untrusted';
  return config.history ? 'none' : 'off';
}

/** Counted once per snapshot: a context may have 100,000 entries. */
const fileCount = perObject((context: ContextSnapshot): number =>
  context.entries.reduce((sum, { type }) => sum + Number(type !== 'directory'), 0),
);
