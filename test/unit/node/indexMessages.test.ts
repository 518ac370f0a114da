import { describe, expect, it } from 'vitest';
import { CANONICAL, type Profile } from '../../../src/core/formats/profile';
import type { FileReading, IndexEvent, IndexRequest } from '../../../src/node/indexEvents';
import { EventsOf, type IndexMessage, messagesOf } from '../../../src/node/indexMessages';

const own: Profile = { ...CANONICAL, name: 'own' };
const request: IndexRequest = { path: 'runs', profile: own, cache: null, added: null, live: false };
const file = (profile: Profile, profileOf: FileReading['profileOf']): IndexEvent => ({
  type: 'file',
  file: {
    ...{
      path: 'runs/a.jsonl',
      name: 'a.jsonl',
      folder: 'runs',
      within: null,
      container: 'jsonl',
      unit: 'line',
    },
    ...{ stamp: { size: 1, mtimeMs: 1 }, profile, profileOf },
  } as FileReading,
  totalBytes: 1,
  sample: null,
});

/** At the other end: messages come as copies. */
function crossed(events: readonly IndexEvent[]): (IndexEvent | null)[] {
  const there = new EventsOf(request);
  return events.flatMap((event) =>
    [...messagesOf(event)].map((message) => there.take(structuredClone<IndexMessage>(message))),
  );
}

describe('messages of an index pass', () => {
  it('leave out the profile of the request, which is that of each of very many files, and give it back as it is', () => {
    const [message] = messagesOf(file(own, 'dataset'));
    expect(message).toMatchObject({ type: 'file', file: { profile: null, name: 'a.jsonl' } });
    const [event] = crossed([file(own, 'dataset')]);
    expect(event).toEqual(file(own, 'dataset'));
    expect(event?.type === 'file' && event.file.profile).toBe(own);
  });

  it('have the profile of a file that has one of its own, or was looked at', () => {
    expect(crossed([file(CANONICAL, 'file'), file(CANONICAL, null)])).toEqual([
      file(CANONICAL, 'file'),
      file(CANONICAL, null),
    ]);
  });

  it('tell of joins once all of them are there', () => {
    const part = { verdicts: [], spans: [], warnings: ['w'] };
    const events: IndexEvent[] = [
      { type: 'joined', verdicts: [new Map([['a', part]]), new Map()] },
      { type: 'end' },
    ];
    expect(crossed(events)).toEqual([null, ...events]);
  });
});
