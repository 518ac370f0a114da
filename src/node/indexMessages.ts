/** How an index pass on a thread of its own tells what it finds: as events, in messages that are quick to take in. */
import { inMessages, JoinedParts, type JoinedPiece } from '../core/formats/joinedParts';
import type { Profile } from '../core/formats/profile';
import type { FileReading, IndexEvent, IndexRequest } from './indexEvents';

type JoinedEvent = Extract<IndexEvent, { readonly type: 'joined' }>;
type FileEvent = Extract<IndexEvent, { readonly type: 'file' }>;

export type IndexMessage =
  | Exclude<IndexEvent, JoinedEvent | FileEvent>
  /** `profile`: null for that of the request, which may be large, and the files many. */
  | (Omit<FileEvent, 'file'> & {
      readonly file: Omit<FileReading, 'profile'> & { readonly profile: Profile | null };
    })
  /** What the `joined` event has, in parts, and how many joins these were. */
  | { readonly type: 'joined part'; readonly join: number; readonly pieces: readonly JoinedPiece[] }
  | { readonly type: 'all joined'; readonly joins: number };

/** An event as messages, for `EventsOf` at the other end. */
export function* messagesOf(event: IndexEvent): Generator<IndexMessage> {
  if (event.type === 'joined') {
    for (const [join, joined] of event.verdicts.entries())
      for (const pieces of inMessages(joined)) yield { type: 'joined part', join, pieces };
    yield { type: 'all joined', joins: event.verdicts.length };
  } else if (event.type === 'file' && event.file.profileOf === 'dataset') {
    yield { ...event, file: { ...event.file, profile: null } };
  } else yield event;
}

/** The events of a pass that messages tell of. */
export class EventsOf {
  private readonly joined = new JoinedParts();

  constructor(private readonly request: IndexRequest) {}

  /** null where it is yet to be known whole. */
  take(message: IndexMessage): IndexEvent | null {
    if (message.type === 'joined part') {
      this.joined.add(message.join, message.pieces);
      return null;
    }
    if (message.type === 'all joined') return { type: 'joined', verdicts: this.joined.take(message.joins) };
    if (message.type !== 'file') return message;
    const profile = message.file.profile ?? this.request.profile;
    if (profile === null) throw new Error('a file has no profile, and neither has the request');
    return { ...message, file: { ...message.file, profile } };
  }
}
