import { describe, expect, it } from 'vitest';
import { openInspectLog } from '../../../src/node/sources/inspectLog';
import { DatasetError, type RecordValue } from '../../../src/node/sources/source';
import { temporaryFolder, writeDataset } from '../../support/dataset';
import {
  header,
  logEntries,
  sample,
  sampleName,
  type ZipEntry,
  type ZipOptions,
  zip,
  zstd,
  zstdBomb,
} from '../../support/inspectLog';
import { goodValues, readAll } from '../../support/records';

const folder = temporaryFolder();
let files = 0;

async function readBytes(bytes: Uint8Array) {
  const source = await openInspectLog(writeDataset(folder, `log-${files++}.eval`, bytes));
  try {
    const all = await readAll(source);
    const again: RecordValue[] = [];
    for (const range of all.ranges) again.push(await source.read(range));
    const shown = (value: RecordValue) => ({ ...value, raw: value.raw?.() });
    expect(again.map(shown)).toEqual(all.values.map(shown));
    return all;
  } finally {
    await source.close();
  }
}

const readZip = (entries: readonly ZipEntry[], options?: ZipOptions) => readBytes(zip(entries, options));

const json = (name: string, value: unknown, how: Partial<ZipEntry> = {}): ZipEntry => ({
  ...how,
  name,
  data: typeof value === 'string' ? value : JSON.stringify(value),
});

const keysOf = (values: Parameters<typeof goodValues>[0]) => goodValues(values).map(({ key }) => key);

describe('an Inspect log', () => {
  const samples = [sample(1), sample('two'), sample(3, { epoch: 2 })];
  const keys = ['log-a/1/1', 'log-a/two/1', 'log-a/3/2'];

  const packings: [string, Partial<ZipEntry>, ZipOptions][] = [
    ['stored', { method: 'stored' }, {}],
    ['deflate', { method: 'deflate' }, {}],
    ['zstd', { method: 'zstd' }, {}],
    ['zstd in several frames', { method: 'zstd', frames: 5 }, {}],
    ['ZIP64', { method: 'zstd', frames: 2 }, { zip64: true }],
    ['streamed', { method: 'deflate', streamed: true }, {}],
  ];
  it.each(packings)('is read whichever way its members are packed: %s', async (_name, how, options) => {
    const { values, ranges, frameProblem } = await readZip(logEntries(samples, how), options);
    expect(keysOf(values)).toEqual(keys);
    expect(goodValues(values)[1]).toMatchObject({
      model: 'maker/one',
      messages: samples[1]?.messages,
      scores: { match: { value: 'C' } },
    });
    expect(ranges.map(({ offset, line }) => [offset, line])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(frameProblem).toBeNull();
  });

  it('may be packed differently from member to member', async () => {
    const methods = ['stored', 'zstd', 'deflate'] as const;
    const entries = logEntries(samples).map(
      (entry, i): ZipEntry => ({
        ...entry,
        method: methods[i % 3] ?? 'stored',
      }),
    );
    expect(keysOf((await readZip(entries)).values)).toEqual(keys);
  });

  it('holds long texts, in blocks and frames of zstd, to the last character', async () => {
    const content = Array.from({ length: 60_000 }, (_, i) => `line ${i} é😀`).join('\n');
    const long = sample('long', { messages: [{ role: 'assistant', content }] });
    const { values } = await readZip([
      json('header.json', header()),
      json(sampleName('long'), long, { method: 'zstd', frames: 3 }),
    ]);
    expect(goodValues(values)[0]?.messages).toEqual([{ role: 'assistant', content }]);
  });

  it('takes the last of several members of one name', async () => {
    const first = json(sampleName(1), sample(1, { messages: [{ role: 'assistant', content: 'old' }] }));
    const last = json(sampleName(1), sample(1, { messages: [{ role: 'assistant', content: 'new' }] }));
    const { values } = await readZip([
      json('header.json', header({ model: 'old' })),
      first,
      json(sampleName(2), sample(2)),
      last,
      json('header.json', header({ model: 'new' })),
    ]);
    expect(keysOf(values)).toEqual(['log-a/1/1', 'log-a/2/1']);
    expect(goodValues(values)[0]).toMatchObject({ model: 'new', messages: [{ content: 'new' }] });
  });

  it('takes ids as they are: with slashes, with the words that names are made of, other scripts, numbers', async () => {
    const ids = ['a/b/c', 'x_epoch_1/messages/0', 'é😀', '../../etc/passwd', 'C:\\x', '/abs', '007', 12];
    const entries = ids.map((id) => json(sampleName(id), sample(id)));
    const { values } = await readZip([json('header.json', header()), ...entries]);
    expect(goodValues(values).map(({ id }) => id)).toEqual(ids);
  });

  it('reads bare NaN as null', async () => {
    const text = JSON.stringify(sample(1, { scores: { s: { value: 'hole' } }, metadata: { note: 'NaN' } }));
    const { values } = await readZip([
      json('header.json', JSON.stringify(header()).replace('"plan":{}', '"results":{"x":NaN}')),
      json(sampleName(1), text.replace('"hole"', 'NaN')),
    ]);
    expect(goodValues(values)[0]).toMatchObject({ scores: { s: {} }, metadata: { note: 'NaN' } });
  });
});

it('says which key of its header stands twice', async () => {
  const text = JSON.stringify(header()).replace('{', '{"status":"error",');
  const { fileWarnings } = await readZip([
    json(sampleName(1), sample(1)),
    { name: 'header.json', data: text },
  ]);
  expect(fileWarnings).toEqual([
    'header.json: the key "status" occurs more than once in one object; the last one counts',
  ]);
});

describe('a log of a run that did not end', () => {
  const start = json('_journal/start.json', {
    version: 2,
    eval: header({ model: 'maker/two' }).eval,
    plan: {},
  });

  it('is read by what the run wrote at its start, and says so', async () => {
    const { values, frameProblem } = await readZip([
      start,
      json(sampleName(1), sample(1)),
      json('_journal/summaries/1.json', [{ id: 1, epoch: 1 }]),
      json('_journal/summaries/2.json', [
        { id: 1, epoch: 1 },
        { id: 9, epoch: 1 },
      ]),
    ]);
    expect(goodValues(values)).toMatchObject([{ key: 'log-a/1/1', model: 'maker/two' }]);
    expect(frameProblem).toContain('no header');
    expect(frameProblem).toContain('samples/9_epoch_1.json');
  });

  it.each([
    ['sizes before the data', {}],
    ['sizes behind the data', { streamed: true }],
  ])('is read without its directory, up to where it was cut off: %s', async (_name, how) => {
    const entries = [start, ...[1, 2, 3].map((id) => json(sampleName(id), sample(id), how))];
    const whole = zip(entries, { directory: false });
    const all = await readBytes(whole);
    expect(keysOf(all.values)).toEqual(['log-a/1/1', 'log-a/2/1', 'log-a/3/1']);
    expect(all.frameProblem).toContain('no directory');
    const cut = await readBytes(whole.subarray(0, whole.length - 30));
    expect(keysOf(cut.values)).toEqual(['log-a/1/1', 'log-a/2/1']);
    expect(cut.frameProblem).toContain('samples/3_epoch_1.json');
  });

  it('says how far its members were looked for, where too much looks like one', async () => {
    const good = zip([start, json(sampleName(1), sample(1))], { directory: false });
    const bytes = Buffer.concat([good, Buffer.from('PK\u0003\u0004'.repeat(200_000), 'latin1'), good]);
    const { values, frameProblem } = await readBytes(bytes);
    expect(keysOf(values)).toEqual(['log-a/1/1']);
    expect(frameProblem).toContain(`; none were looked for behind byte ${good.length + 400_000};`);
  });

  it('is read with 64-bit sizes and without its directory', async () => {
    const entries = [
      start,
      json(sampleName(1), sample(1), { streamed: true }),
      json(sampleName(2), sample(2)),
    ];
    const { values } = await readBytes(zip(entries, { directory: false, zip64: true }));
    expect(keysOf(values)).toEqual(['log-a/1/1', 'log-a/2/1']);
  });

  it('says that samples may be missing of which it is not read which they are', async () => {
    const listed = `[{"id":"gone","epoch":1}${',0'.repeat(1_100_000)}]`;
    const { fileWarnings, frameProblem } = await readZip([
      json('header.json', header()),
      json(sampleName('s'), sample('s')),
      json('_journal/summaries/1.json', listed),
      json('_journal/summaries/2.json', listed),
    ]);
    expect(frameProblem).toContain('gone');
    expect(fileWarnings.join()).toContain(
      '_journal/summaries/2.json cannot be read, nor what samples it lists',
    );
    const torn = [1, 2].map((n) => json(`_journal/summaries/${n}.json`, '[{"id":'));
    const damaged = await readZip([
      ...[json('header.json', header()), json(sampleName('s'), sample('s')), ...torn],
      json('_journal/summaries/3.json', [{ id: 'gone', epoch: 1 }]),
    ]);
    expect(damaged.frameProblem).toContain('gone');
    expect(damaged.fileWarnings).toEqual([
      expect.stringMatching(/^_journal\/summaries\/1\.json cannot be read.*; nor can 1 more$/),
    ]);
  });

  it('is refused in words while it has no sample', async () => {
    await expect(readZip([start])).rejects.toThrow(/holds no sample/);
  });

  it('is read even where nothing tells its model', async () => {
    const { values, frameProblem } = await readZip([
      json(sampleName(1), sample(1)),
      json('header.json', '{'),
    ]);
    expect(goodValues(values)[0]?.key).toMatch(/^log-\d+\.eval\/1\/1$/);
    expect(frameProblem).toContain('header.json cannot be read');
  });
});

const MILLION = `[${'1,'.repeat(999_999)}1]`;

describe('a sample that is cut up', () => {
  const shell = {
    ...sample('big'),
    messages: undefined,
    message_refs: [
      [0, 1],
      [2, 4],
    ],
  };
  const at = (name: string) => `samples/big_epoch_1/${name}.json`;
  const said = ['q', 'only an event', 'attachment://1', 'last'].map((content) => ({ role: 'user', content }));
  const parts = [
    json('header.json', header()),
    json(at('sample'), shell),
    json(at('metadata'), { condition: 'free' }),
    json(at('skeleton'), {}),
    json(at('messages/2'), said.slice(2)),
    json(at('messages/0'), said.slice(0, 2)),
    json(at('events/0'), [{}]),
    json(at('events/stats'), {}),
    json(at('calls/0'), []),
    json(at('attachments/0'), ['zero', 'one']),
  ];

  it('is one record, with the messages of its conversation and the texts kept apart', async () => {
    const { values } = await readZip([...parts, json(sampleName('small'), sample('small'))]);
    expect(keysOf(values)).toEqual(['log-a/big/1', 'log-a/small/1']);
    expect(goodValues(values)[0]).toMatchObject({
      condition: 'training',
      messages: [{ content: 'q' }, { content: 'one' }, { content: 'last' }],
      scores: { match: { value: 'C' } },
    });
  });

  it('holds all its messages where it does not say which', async () => {
    const { values } = await readZip([...parts, json(at('sample'), { ...shell, message_refs: undefined })]);
    expect(goodValues(values)[0]?.messages).toHaveLength(4);
  });

  it.each([
    ['a chunk is missing', parts.filter(({ name }) => name !== at('messages/0')), 'are missing'],
    ['the last chunk is missing', parts.filter(({ name }) => name !== at('messages/2')), 'only 2 are stored'],
    ['a range is none', [...parts, json(at('sample'), { ...shell, message_refs: [['a', {}]] })], 'no range'],
    [
      'ranges repeat',
      [...parts, json(at('sample'), { ...shell, message_refs: Array(300_000).fill([0, 4]) })],
      'without end',
    ],
    ['a chunk is broken', [...parts, json(at('messages/2'), '[{"role":')], 'messages/2.json: not JSON'],
    [
      'its chunks together hold too many values, of which none does',
      [
        ...parts.filter(({ name }) => name !== at('attachments/0')),
        json(at('attachments/0'), MILLION),
        json(at('attachments/1000000'), MILLION),
        json(at('attachments/2000000'), MILLION),
      ],
      'attachments/2000000.json: holds too many values',
    ],
  ])('is a bad record, and the others are kept, when %s', async (_name, entries, reason) => {
    const { values } = await readZip([...entries, json(sampleName('small'), sample('small'))]);
    expect(values[0]).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
    expect(keysOf(values.slice(1))).toEqual(['log-a/small/1']);
  });
});

describe('a hostile or damaged archive', () => {
  const good = json(sampleName('good'), sample('good'));
  const head = json('header.json', header());
  const bad = (entry: Partial<ZipEntry>) => json(sampleName('bad'), sample('bad'), entry);

  it.each([
    ['unpacks to more than it declares', bad({ says: { size: 10 } }), 'more than it declares'],
    ['unpacks to less than it declares', bad({ says: { size: 100_000 } }), 'where it declares 100000'],
    ['declares gigabytes', bad({ says: { size: 3_000_000_000 } }), 'more than the'],
    ['has another checksum', bad({ says: { crc32: 1 } }), 'checksum'],
    ['is encrypted', bad({ says: { flags: 1 } }), 'encrypted'],
    ['is packed in a way we do not know', bad({ says: { method: 12 } }), 'method 12'],
    ['is no deflate', bad({ method: 'stored', says: { method: 8 } }), 'unpacked'],
    ['is no zstd', bad({ method: 'stored', says: { method: 93 } }), 'zstd'],
    [
      'is zstd cut off',
      {
        ...bad({ method: 'stored', says: { method: 93, size: 99 } }),
        data: zstd(Buffer.alloc(99), 1).subarray(0, 40),
      },
      'cut off',
    ],
    ['is no JSON', json(sampleName('bad'), '{"id":'), 'not JSON'],
    ['is no sample', json(sampleName('bad'), []), 'not a sample'],
  ])('a member that %s is a bad record, and the others are kept', async (_name, entry, reason) => {
    const { values } = await readZip([head, entry, good]);
    expect(values[0]).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
    expect(values[0]).toMatchObject({
      ok: false,
      reason: expect.stringContaining('samples/bad_epoch_1.json'),
    });
    expect(keysOf(values.slice(1))).toEqual(['log-a/good/1']);
  });

  it('never makes more bytes than a member declares: a bomb ends at once', async () => {
    const zeros = Buffer.alloc(200 << 20, ' ');
    const bombs = [
      { name: sampleName('a'), data: zeros, says: { size: 1000 } },
      {
        name: sampleName('b'),
        data: zstdBomb(50_000),
        method: 'stored' as const,
        says: { method: 93, size: 1000 },
      },
    ];
    const bytes = zip([head, ...bombs, good]);
    expect(bytes.length).toBeLessThan(2 << 20);
    const before = process.memoryUsage().arrayBuffers;
    const { values } = await readBytes(bytes);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 << 20);
    expect(values.map(({ ok }) => ok)).toEqual([false, false, true]);
  });

  it.each([[{ saysEntries: 60_000 }], [{ saysEntries: 2 ** 40, zip64: true }]])(
    'a directory of more members than there is room for is refused: %j',
    async (options) => {
      await expect(readZip([head, good], options)).rejects.toThrow(/members, more than/);
    },
  );

  it('a directory of more than a million members is refused', async () => {
    const end = Buffer.alloc(56 + 20 + 22);
    end.writeUInt32LE(0x06064b50, 0);
    end.writeBigUInt64LE(44n, 4);
    for (const at of [24, 32]) end.writeBigUInt64LE(1_000_001n, at);
    end.writeUInt32LE(0x07064b50, 56);
    end.writeBigUInt64LE(BigInt(46 * 1_000_001), 64);
    end.writeUInt32LE(1, 72);
    end.writeUInt32LE(0x06054b50, 76);
    end.fill(0xff, 84, 96);
    const bytes = Buffer.concat([Buffer.alloc(46 * 1_000_001), end]);
    await expect(readBytes(bytes)).rejects.toThrow('has 1000001 members; 1000000 are the most');
  });

  it('members that share their bytes are refused', async () => {
    const bytes = zip([head, good]);
    const listStart = bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    const list = bytes.subarray(listStart, bytes.length - 22);
    const end = Buffer.from(bytes.subarray(bytes.length - 22));
    end.writeUInt16LE(600, 10);
    const bomb = [bytes.subarray(0, listStart), ...Array.from({ length: 300 }, () => list), end];
    await expect(readBytes(Buffer.concat(bomb))).rejects.toThrow(/overlap/);
  });

  it('what is no log says what it is', async () => {
    await expect(readBytes(Buffer.from('not a zip'))).rejects.toThrow(/no ZIP archive/);
    await expect(readBytes(Buffer.alloc(0))).rejects.toThrow(DatasetError);
    await expect(readZip([json('readme.txt', 'hello')])).rejects.toThrow(/no Inspect log/);
    await expect(readZip([])).rejects.toThrow(DatasetError);
    await expect(openInspectLog(`${folder}/absent.eval`)).rejects.toThrow(/not there/);
    await expect(openInspectLog(folder)).rejects.toThrow(/folder/);
  });

  it('a log that changes under the reader is told', async () => {
    const path = writeDataset(folder, 'changing.eval', zip([head, good]));
    const source = await openInspectLog(path);
    const { ranges } = await readAll(source);
    writeDataset(folder, 'changing.eval', zip([head, json(sampleName('other'), sample('other')), good]));
    await expect(source.read(ranges[0] ?? { offset: 0, length: 0, line: 1 })).rejects.toThrow(/has changed/);
    await source.close();
  });

  it('reading can be cancelled', async () => {
    const source = await openInspectLog(writeDataset(folder, 'cancelled.eval', zip([head, good])));
    const aborted = source.chunks(AbortSignal.abort());
    await expect(aborted.next()).rejects.toThrow(/abort/i);
    await source.close();
  });
});
