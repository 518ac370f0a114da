import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../src/core/formats/canonical';
import { TOO_MANY_VALUES } from '../../../src/core/formats/looseJson';
import { SCOUT_TRANSCRIPTS } from '../../../src/core/formats/profiles/scout';
import { formatOf } from '../../../src/core/formats/registry';
import { isScoutTranscripts, scoutTranscriptRecord } from '../../../src/core/formats/scoutTranscript';
import { openScan } from '../../../src/node/sources/scoutScan';
import { asScoutTranscripts } from '../../../src/node/sources/scoutTranscripts';
import type { Source } from '../../../src/node/sources/source';
import { temporaryFolder } from '../../support/dataset';
import { header, sample, sampleName, zip } from '../../support/inspectLog';
import { written } from '../../support/parquetFiles';
import { goodValues, readAll } from '../../support/records';
import { messagesOf, type ScanRow, scanRow, writeScan } from '../../support/scoutScan';

const folder = temporaryFolder();
let scans = 0;

/** The transcripts of a scan, read by the canonical format, and the warnings of each. */
async function readScan(scanners: Record<string, readonly ScanRow[]>, rowGroupSize?: number) {
  const source = await openScan(writeScan(join(folder, `scan_id=${scans++}`), scanners, rowGroupSize), null);
  try {
    const all = await readAll(source);
    for (const [i, range] of all.ranges.entries()) expect(await source.read(range)).toEqual(all.values[i]);
    const transcripts = goodValues(all.values).map((value) => {
      const [part] = canonical.read(value, { file: 'scan', line: 1, ordinal: 1 });
      if (!part?.ok) throw new Error('no transcript of ours');
      return part.transcript;
    });
    const warnings = all.values.map((value) => (value.ok ? value.warnings : []));
    return { ...all, transcripts, warnings };
  } finally {
    await source.close();
  }
}

describe('a scan of Inspect Scout', () => {
  it('reads no more rows of all its tables together than files of their size hold, and says which it leaves out', async () => {
    const scan = writeScan(join(folder, `scan_id=${scans++}`), { a: [scanRow('t', true)] });
    const data = Array<string>(600_000).fill('');
    const rows = written({ columnData: [{ name: 'transcript_id', data, type: 'STRING' }] });
    for (const name of ['b', 'c']) writeFileSync(join(scan, `${name}.parquet`), rows);
    const source = await openScan(scan, null);
    const { frameProblem } = await readAll(source);
    await source.close();
    expect(frameProblem).toBe(
      'b: 600000 of 600000 rows have no transcript_id; c.parquet is not read: with it the scan has more rows than tables of its size hold',
    );
  });

  it('is one transcript for each that was scanned, with a verdict of every scanner, in whatever order they stand', async () => {
    const ids = Array.from({ length: 700 }, (_, i) => `t${i}`);
    const { transcripts, ranges } = await readScan(
      {
        aware: ids.map((id, i) => scanRow(id, i % 2 === 0)),
        length: ids.toReversed().map((id) => scanRow(id, id.length)),
        late: [scanRow('t5', 'no'), scanRow('only late', 'yes')],
      },
      100,
    );
    expect(transcripts.map(({ id }) => id)).toEqual([...ids, 'only late']);
    expect(ranges[700]).toEqual({ offset: 700, length: 0, line: 701 });
    const said = transcripts[5]?.verdicts.map((v) => [v.classifier, v.label, v.value, v.score]);
    expect(said).toEqual([
      ['aware', 'aware', false, null],
      ['late', 'late', false, null],
      ['length', 'length', null, 2],
    ]);
    expect(transcripts[5]).toMatchObject({
      setting: 'helpful-only',
      condition: 'training',
      model: 'maker/one',
      promptId: 'tidy/task of t5',
      metadata: { scan: { id: 'scan-1', name: 'nightly' } },
    });
    expect(transcripts[5]?.messages.map(({ role, content, region }) => [role, content, region])).toEqual([
      ['user', 'Please do t5.', null],
      ['assistant', 'Am I watched over t5?', 'scratchpad'],
      ['assistant', 'Done: t5', null],
    ]);
  });

  it('makes spans of the messages that a scanner refers to; what is not there is a quote not found', async () => {
    const references = [
      { type: 'message', cite: '[M2]', id: 'a-2' },
      { type: 'event', cite: '[E1]', id: 'a-1' },
      { type: 'message', cite: '[M9]', id: 'gone' },
    ];
    const row = scanRow('a', true, {
      message_references: JSON.stringify(references),
      label: 'unmonitored_awareness',
    });
    const { transcripts } = await readScan({ judge: [row] });
    expect(transcripts[0]?.verdicts).toMatchObject([{ classifier: 'judge', label: 'unmonitored_awareness' }]);
    expect(
      transcripts[0]?.spans.map(({ message, start, end, quote }) => [message, start, end, quote]),
    ).toEqual([
      [1, 0, 'Am I watched over a?'.length, null],
      [2, 0, 'Done: a'.length, null],
      [null, null, null, '[M9] gone'],
    ]);
  });

  it('reads values of every type: words, objects, sets of results, none; keeps answers and explanations', async () => {
    const results = [
      { value: true, label: 'free_to_act', references: [{ type: 'message', id: 'a-1' }] },
      { value: 0.5, label: 'share' },
    ];
    const { transcripts, warnings } = await readScan({
      grade: [scanRow('a', 'C', { answer: 'C', explanation: 'since it is' })],
      named: [scanRow('a', { aware: true, times: 3, note: 'x' })],
      set: [scanRow('a', results, { value_type: 'resultset' })],
      silent: [scanRow('a', null, { scan_error: 'no reply' })],
      word: [scanRow('a', 'blue')],
    });
    expect(transcripts[0]?.verdicts.map((v) => [v.classifier, v.label, v.value, v.score])).toEqual([
      ['grade', 'grade', true, null],
      ['named', 'named.aware', true, null],
      ['named', 'named.times', null, 3],
      ['set', 'free_to_act', true, null],
      ['set', 'share', null, 0.5],
      ['silent', 'silent', null, null],
      ['word', 'word', null, null],
    ]);
    expect(transcripts[0]?.spans).toMatchObject([{ classifier: 'set', label: 'free_to_act', message: 0 }]);
    expect(transcripts[0]?.metadata).toMatchObject({
      results: { grade: [{ answer: 'C', explanation: 'since it is' }], word: [{ value: 'blue' }] },
    });
    expect(warnings).toEqual([['silent failed: no reply']]);
  });

  it('puts a scanner of single messages together: yes where any message says so, and that message as evidence', async () => {
    const rows = messagesOf('a').map((message, i) =>
      scanRow('a', i === 1, {
        input_type: 'message',
        input: JSON.stringify(message),
        input_ids: JSON.stringify([message.id]),
      }),
    );
    const { transcripts } = await readScan({ judge: rows });
    expect(transcripts).toHaveLength(1);
    expect(transcripts[0]?.messages).toHaveLength(3);
    expect(transcripts[0]?.verdicts).toMatchObject([{ label: 'judge', value: true }]);
    expect(transcripts[0]?.spans.map(({ message }) => message)).toEqual([1, 2]);
  });

  it('has no answer where whole rows answer twice and differently, and says so as of any other two verdicts', async () => {
    const rows = ['a', 'b', 'c'].flatMap((id, n) => [scanRow(id, n !== 1), scanRow(id, n === 2)]);
    const { values } = await readScan({ judge: rows });
    const read = values.map((value) => {
      const [part] = canonical.read(value.ok && value.value, { file: 'scan', line: 1, ordinal: 1 });
      return part?.ok ? [part.transcript.verdicts.map(({ value }) => value), part.warnings] : null;
    });
    expect(read).toEqual([
      [[null], ['judge answers judge twice and differently; neither answer is counted']],
      [[false], []],
      [[true], []],
    ]);
  });

  it('puts rows about parts together, as of a loader of turns, and has no answer where two are about the same', async () => {
    const turn = (n: number, value: boolean, ids = [`m${n}`]) =>
      scanRow('t', value, {
        input_type: 'messages',
        input_ids: JSON.stringify(ids),
        input: JSON.stringify(
          [0, n].map((m) => ({ id: `m${m}`, role: m === 0 ? 'user' : 'assistant', content: `said ${m}` })),
        ),
      });
    const of = async (...rows: ScanRow[]) => {
      const { values } = await readScan({ judge: rows });
      const [first] = values;
      const [part] = canonical.read(first?.ok && first.value, { file: 'scan', line: 1, ordinal: 1 });
      if (!part?.ok) throw new Error('no transcript of ours');
      const { verdicts, messages } = part.transcript;
      return [
        verdicts.map(({ value }) => value),
        messages.map(({ content }) => content).join(),
        part.warnings.length + (first?.ok ? first.warnings.length : 0),
      ];
    };
    const said = 'said 0,said 1,said 2,said 3';
    expect(await of(turn(1, false), turn(2, true), turn(3, false))).toEqual([[true], said, 0]);
    expect(await of(turn(1, false), turn(2, false), turn(3, false))).toEqual([[false], said, 0]);
    expect(await of(turn(1, false), turn(2, true, ['m1']), turn(3, false))).toEqual([[null], said, 1]);
    expect(await of(turn(1, false), turn(2, true, ['m1']), turn(3, true))).toEqual([[true], said, 0]);
    expect(await of(turn(1, true), { ...turn(2, true), input_type: 'events' })).toEqual([
      [true],
      'said 0,said 1',
      0,
    ]);
    // One of which there is no answer may have been a yes; another run may have answered it.
    const failed = { ...turn(2, true), scan_error: 'boom' };
    const silent = { ...turn(3, false), value: 'hm', value_type: 'string' };
    expect(await of(turn(1, false), failed)).toEqual([[null], 'said 0,said 1,said 2', 2]);
    expect(await of(turn(1, false), turn(2, false), silent)).toEqual([[null], said, 1]);
    expect(await of(turn(1, false), failed, turn(2, false))).toEqual([[false], 'said 0,said 1,said 2', 1]);
    expect(await of(turn(1, true), failed, silent)).toEqual([[true], said, 1]);
    // A message that is in two of them stands there once, others of its id as well.
    const edited = JSON.stringify([{ id: 'm1', role: 'assistant', content: 'edited' }]);
    expect(await of(turn(1, false), turn(1, false, ['m4']), { ...turn(5, false), input: edited })).toEqual([
      [false],
      'said 0,said 1,edited',
      0,
    ]);
  });

  it('takes the parts of the scanner that was given most of them for the text', async () => {
    const message = (n: number) =>
      scanRow('t', false, {
        input_type: 'message',
        input_ids: `m${n}`,
        input: JSON.stringify({ id: `m${n}`, role: 'user', content: `said ${n}` }),
      });
    const { transcripts } = await readScan({ a: [message(1)], b: [message(1), message(2), message(3)] });
    expect(transcripts[0]?.messages.map(({ content }) => content).join()).toBe('said 1,said 2,said 3');
  });

  it('costs no other transcripts what a row is about, however long that is', async () => {
    const about = { input_type: 'event', input_ids: '\u0001'.repeat(95_000_000) };
    const { values } = await readScan({ judge: [scanRow('long', true, about), scanRow('other', true)] });
    expect(values.map(({ ok }) => ok)).toEqual([true, true]);
  });

  it('counts a set of results that says both of one label as yes, and says so', async () => {
    const set = (...said: boolean[]) =>
      scanRow(
        't',
        said.map((value) => ({ label: 'deceives', value })),
        { value_type: 'resultset' },
      );
    for (const [row, count] of [
      [set(true, false), 1],
      [set(true, true), 0],
      [set(false), 0],
    ] as const) {
      const { transcripts, warnings } = await readScan({ judge: [row] });
      const [verdict] = transcripts[0]?.verdicts ?? [];
      expect(verdict).toMatchObject({
        label: 'deceives',
        value: row !== undefined && String(row.value).includes('true'),
      });
      expect(warnings[0]).toHaveLength(count);
      if (count > 0)
        expect(warnings[0]?.[0]).toBe(
          'judge says both yes and no to deceives in one set of results; it is counted as yes',
        );
    }
  });

  it('has no answer of a row that failed, whatever value stands there', async () => {
    const { transcripts, warnings } = await readScan({
      judge: [
        scanRow('again', true, { scan_error: 'boom' }),
        scanRow('again', false),
        scanRow('once', true, { scan_error: 'boom' }),
      ],
    });
    expect(transcripts.map(({ verdicts }) => verdicts.map(({ value }) => value))).toEqual([[false], [null]]);
    expect(warnings).toEqual([['judge failed: boom'], ['judge failed: boom']]);
  });

  it('takes what all rows say of a transcript, and nothing of what they do not agree on', async () => {
    const of = (condition: string | undefined, setting?: string) => ({
      transcript_metadata: JSON.stringify({ sample_metadata: { condition, setting } }),
    });
    const { transcripts, warnings } = await readScan({
      one: [scanRow('same', true, of('free', 's')), scanRow('apart', true, of('free', 's'))],
      two: [scanRow('same', true, of('free tier')), scanRow('apart', true, of('paid', 's'))],
    });
    expect(transcripts.map(({ condition, setting }) => [condition, setting])).toEqual([
      ['training', 's'],
      [null, 's'],
    ]);
    expect(warnings).toEqual([
      [],
      ['its rows name 2 values of condition that are not the same; none is taken'],
    ]);
  });

  it('takes nothing of a transcript of which its rows say more than is looked through, and says so', async () => {
    const of = (condition: string, padding: number) => ({
      transcript_metadata: JSON.stringify({ sample_metadata: { condition }, text: 'x'.repeat(padding) }),
    });
    const { transcripts, warnings } = await readScan({
      one: [scanRow('t', true, of('free', 0)), scanRow('t', true, of('free', 17_000_000))],
      two: [scanRow('t', true, of('paid', 0))],
    });
    expect(transcripts[0]).toMatchObject({ condition: null, promptId: null, model: null });
    expect(warnings).toEqual([
      [
        'its rows say more about it than is looked through; no condition, setting, variant, prefix, promptId and no model is taken',
      ],
    ]);
  });

  it('takes no model and no prompt on which its rows do not agree', async () => {
    const { transcripts, warnings } = await readScan({
      one: [scanRow('t', true, { transcript_model: 'm/one', transcript_task_id: 'p1' })],
      two: [scanRow('t', true, { transcript_model: 'm/two', transcript_task_id: 'p2' })],
    });
    expect(transcripts[0]).toMatchObject({ condition: 'training', promptId: null, model: null });
    expect(warnings[0]).toHaveLength(2);
  });

  it('takes text that it does not hold from the log beside it, if that is the same transcript', async () => {
    const messages = messagesOf('kept');
    const log = zip(
      [
        { name: 'header.json', data: header() },
        { name: sampleName('s/1', 2), data: sample('s/1', { epoch: 2, uuid: 'kept', messages }) },
        { name: sampleName('s2'), data: sample('s2', { uuid: 'another' }) },
      ].map(({ name, data }) => ({ name, data: JSON.stringify(data) })),
    );
    writeFileSync(join(folder, 'run.eval'), log);
    const uri = { transcript_source_uri: '/far/away/run.eval', input: null };
    const rows = [
      scanRow('kept', true, { ...uri, transcript_task_id: 's/1', transcript_task_repeat: 2 }),
      scanRow('changed', true, { ...uri, transcript_task_id: 's2', transcript_task_repeat: 1 }),
      scanRow('gone', true, { ...uri, transcript_task_id: 's3' }),
      scanRow('far', true, { ...uri, transcript_source_uri: '/etc/absent.eval' }),
      scanRow('no log', true, { ...uri, transcript_source_uri: '/etc/passwd' }),
    ];
    const { transcripts, warnings } = await readScan({ judge: rows });
    expect(transcripts[0]?.messages.map(({ content }) => content)).toEqual([
      'Please do kept.',
      'Am I watched over kept?',
      'Done: kept',
    ]);
    const reasons = [
      'another transcript',
      'no sample s3',
      'absent.eval is not in the folders',
      'passwd is no log',
    ];
    expect(warnings.map(([first]) => first)).toEqual([
      undefined,
      ...reasons.map((r) => expect.stringContaining(r)),
    ]);
    for (const { messages: shown } of transcripts.slice(1)) {
      expect(shown).toMatchObject([{ role: 'system', content: expect.stringMatching(/^\[no text: /) }]);
    }
  });

  it.skipIf(process.platform === 'win32')(
    'takes none, where a set names it, from a log outside the folder of the set, or that a link leads to',
    async () => {
      const set = join(folder, 'set');
      mkdirSync(join(set, 'logs'), { recursive: true });
      const log = zip(
        [
          { name: 'header.json', data: header() },
          { name: sampleName('s1'), data: sample('s1', { uuid: 'a', messages: messagesOf('a') }) },
        ].map(({ name, data }) => ({ name, data: JSON.stringify(data) })),
      );
      for (const path of [
        join(folder, 'above.eval'),
        join(folder, 'linked to.eval'),
        join(set, 'logs', 'own.eval'),
      ])
        writeFileSync(path, log);
      symlinkSync(join(folder, 'linked to.eval'), join(set, 'linked.eval'));
      const row = (name: string) =>
        scanRow(name === 'own' ? 'a' : name, true, {
          transcript_source_uri: `/far/${name}.eval`,
          input: null,
          transcript_task_id: 's1',
        });
      const scan = writeScan(join(set, 'scan_id=1'), { judge: ['own', 'above', 'linked'].map(row) });
      const source = await openScan(scan, set);
      const { values } = await readAll(source);
      await source.close();
      const texts = values.map((each) => JSON.stringify(each));
      expect(texts[0]).toContain('Done: a');
      for (const [at, name] of ['above.eval', 'linked.eval'].entries()) {
        expect(texts[at + 1]).toContain(`its log ${name} is `);
        expect(texts[at + 1]).toContain('out of the folder of the set that names the scan');
        expect(texts[at + 1]).not.toContain('Done: ');
      }
    },
  );

  it.skipIf(process.platform === 'win32')(
    'takes none from a log that a link leads to (not on Windows)',
    async () => {
      const [project, data] = [join(folder, 'project'), join(folder, 'data')];
      for (const path of [join(project, 'scans'), data]) mkdirSync(path, { recursive: true });
      const files = [
        { name: 'header.json', data: header() },
        { name: sampleName('s1'), data: sample('s1', { uuid: 'a', messages: messagesOf('a') }) },
      ].map(({ name, data }) => ({ name, data: JSON.stringify(data) }));
      writeFileSync(join(data, 'run.eval'), zip(files));
      symlinkSync(data, join(project, 'logs'));
      const uri = { transcript_source_uri: '/far/run.eval', input: null, transcript_task_id: 's1' };
      const scan = writeScan(join(project, 'scans', 'scan_id=1'), { judge: [scanRow('a', true, uri)] });
      const texts = async () => {
        const source = await openScan(scan, null);
        const { values } = await readAll(source);
        await source.close();
        return JSON.stringify(values);
      };
      expect(await texts()).toContain('out of the folders around the scan');
      expect(await texts()).not.toContain('Done: ');
      rmSync(join(project, 'logs'));
      renameSync(data, join(project, 'logs'));
      expect(await texts()).toContain('Done: a');
    },
  );

  it('says which column of a scanner stands twice', async () => {
    const path = writeScan(join(folder, 'twice'), {});
    const columnData = [...Object.entries(scanRow('a', true)), ['value', 'false'] as const].map(
      ([name, value]) => ({ name, data: [value] }),
    );
    writeFileSync(join(path, 'judge.parquet'), written({ columnData }));
    const source = await openScan(path, null);
    const { values, fileWarnings } = await readAll(source);
    await source.close();
    expect(goodValues(values)).toMatchObject([{ id: 'a', verdicts: [{ value: true }] }]);
    expect(fileWarnings).toEqual([
      'judge.parquet: the column "value" occurs more than once; the first one counts, another is read under its name with a number behind it',
    ]);
  });

  it('keeps what can be read, and tells what cannot', async () => {
    const path = writeScan(join(folder, 'broken'), {
      good: [scanRow('a', true), { ...scanRow('b', true), transcript_id: null }],
    });
    writeFileSync(join(path, 'bad.parquet'), 'PAR1 not really PAR1');
    writeFileSync(join(path, '_scan.json'), '{');
    writeFileSync(join(path, '_summary.json'), '{"complete": false}');
    const source = await openScan(path, null);
    const { values, frameProblem } = await readAll(source);
    await source.close();
    expect(goodValues(values).map(({ id }) => id)).toEqual(['a']);
    for (const part of [
      'bad.parquet',
      '1 of 2 rows have no transcript_id',
      '_scan.json',
      'did not come to its end',
    ])
      expect(frameProblem).toContain(part);
  });

  it.skipIf(process.platform === 'win32')(
    'opens what tells of it as every other file: no pipe, no device, whatever a link leads to',
    async () => {
      const path = writeScan(join(folder, 'hostile'), { judge: [scanRow('a', true)] });
      rmSync(join(path, '_scan.json'));
      symlinkSync('/dev/zero', join(path, '_scan.json'));
      execFileSync('mkfifo', [join(path, '_summary.json')]);
      symlinkSync('/dev/zero', join(path, 'other.parquet'));
      const source = await openScan(path, null);
      const { values, frameProblem } = await readAll(source);
      await source.close();
      expect(goodValues(values).map(({ id }) => id)).toEqual(['a']);
      for (const name of ['_scan.json', '_summary.json', 'other.parquet'])
        expect(frameProblem).toContain(`${name} is a pipe or a device`);
    },
  );

  it('loses no transcript but that of a damaged page', async () => {
    const path = writeScan(
      join(folder, 'page'),
      { judge: ['a', 'b', 'c'].map((id) => scanRow(id, true)) },
      1,
    );
    const file = join(path, 'judge.parquet');
    const bytes = readFileSync(file);
    const text = bytes.indexOf('Am I watched over b');
    expect(text).toBeGreaterThan(0);
    writeFileSync(file, bytes.fill(0xff, text - 60, text));
    const source = await openScan(path, null);
    const { values } = await readAll(source);
    await source.close();
    expect(values.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(values[1]).toMatchObject({ reason: expect.stringMatching(/^b: column "input"/) });
  });

  it('is refused in words where there are no results', async () => {
    await expect(openScan(writeScan(join(folder, 'empty'), {}), null)).rejects.toThrow(
      /no results of a scanner/,
    );
    await expect(openScan(join(folder, 'absent'), null)).rejects.toThrow(/not there/);
  });
});

it('a scan of messages that hold too many values together costs its own transcript, not those beside it', async () => {
  const input = `[${'{"role":"user","content":""},'.repeat(400_000)}{}]`;
  const part = (id: string, n: number) => scanRow(id, true, { input_type: 'message', input, row: n });
  const path = writeScan(join(folder, `scan_id=${scans++}`), {
    s: [part('z', 1), scanRow('a', true), part('z', 2)],
  });
  const source = await openScan(path, null);
  const { values } = await readAll(source);
  await source.close();
  expect(values.map((value) => (value.ok ? null : value.reason))).toEqual([`z: ${TOO_MANY_VALUES}`, null]);
});

describe("Scout's transcripts", () => {
  const row = {
    transcript_id: 't1',
    source_type: 'eval_log',
    task_set: 'tidy',
    task_id: '7',
    model: 'maker/one',
    score: '{"value":"C","answer":"x"}',
    success: true,
    messages: JSON.stringify(messagesOf('t1')),
    sample_metadata: '{"condition":"paid","variant":"plain"}',
    note: '12',
  };

  it('are told by their columns', () => {
    expect(isScoutTranscripts(Object.keys(row))).toBe(true);
    expect(isScoutTranscripts(['messages', 'id'])).toBe(false);
    expect(isScoutTranscripts(['transcript_id', 'messages', 'scanner_key'])).toBe(false);
  });

  it('are read by their profile, their columns of JSON unpacked', async () => {
    const record = scoutTranscriptRecord(row);
    if (!record.ok) throw new Error(record.reason);
    const format = await formatOf(SCOUT_TRANSCRIPTS);
    const [part] = format.read(record.value, { file: 'a', line: 1, ordinal: 1 });
    if (!part?.ok) throw new Error('not read');
    expect(part.transcript).toMatchObject({
      id: 't1',
      condition: 'unmonitored',
      variant: 'plain',
      promptId: 'tidy/7',
      model: 'maker/one',
      metadata: { metadata: { note: '12' } },
    });
    expect(part.transcript.messages.map(({ region }) => region)).toEqual([null, 'scratchpad', null]);
    expect(part.transcript.verdicts.map((v) => [v.label, v.value])).toEqual([
      ['score', true],
      ['success', true],
    ]);
  });

  it('are bad where their columns hold too many values together', () => {
    const cell = `[${'1,'.repeat(1_100_000)}1]`;
    for (const columns of [
      { a: cell, b: cell },
      { a: cell, score: cell },
      { messages: cell, a: cell },
    ])
      expect(scoutTranscriptRecord({ ...row, ...columns })).toEqual({ ok: false, reason: TOO_MANY_VALUES });
  });

  it('may lack everything but their id and text', () => {
    for (const bad of [
      null,
      {},
      { ...row, transcript_id: '' },
      { ...row, messages: 'no' },
      { ...row, messages: '[]' },
    ]) {
      expect(scoutTranscriptRecord(bad).ok).toBe(false);
    }
    expect(scoutTranscriptRecord({ transcript_id: 1, messages: row.messages }).ok).toBe(true);
    const scores = scoutTranscriptRecord({ ...row, score: '{"a":1,"b":"I"}', success: null });
    expect(scores).toMatchObject({ value: { scores: { a: { value: 1 }, b: { value: 'I' } } } });
  });

  it('come from any source of such rows, one for one', async () => {
    const value = () => ({ ok: true, value: row, warnings: ['w'] }) as const;
    const bad = () => ({ ok: false, reason: 'torn' }) as const;
    const range = { offset: 0, length: 0, line: 1 };
    const rows: Source = {
      stamp: { size: 1, mtimeMs: 1 },
      container: 'Parquet',
      unit: 'row',
      async *chunks() {
        yield {
          records: [
            { range, bytes: null, value },
            { range, bytes: null, value: bad },
          ],
          bytesRead: 1,
          frameProblem: null,
        };
      },
      read: async () => value(),
      close: async () => {},
    };
    const source = await asScoutTranscripts(rows);
    const { values } = await readAll(source);
    expect(values).toMatchObject([{ ok: true, value: { key: 't1' }, warnings: ['w'] }, bad()]);
    expect(await source.read(range)).toEqual(values[0]);
    const others = {
      ...rows,
      read: async () => ({ ok: true, value: { messages: [] }, warnings: [] }) as const,
    };
    expect(await asScoutTranscripts(others)).toBe(others);
  });
});
