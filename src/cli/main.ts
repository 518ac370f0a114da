import { Command, CommanderError, Option } from 'commander';
import * as z from 'zod';
import { version } from '../../package.json';
import { canonicalSchema } from '../core/formats/canonical';
import { CONDITIONINGS, LABEL_MODES } from '../core/metrics/figures';
import { type ConvertFlags, convert, TARGETS } from './convert';
import { UsageError } from './exit';
import type { ReadFlags } from './load';
import { type MetricsFlags, metrics } from './metrics';
import { printError, printJson } from './terminal';
import { validate } from './validate';

/** Exit status: all well; a dataset has bad records (the rest was printed); a wrong call. */
const WRONG_CALL = 2;

function program(): Command {
  const command = new Command('transcript-review')
    .description('Reads datasets of model transcripts, and the decisions that reviewers made on them.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeErr: printLines })
    .showHelpAfterError('(--help lists the options)');
  command
    .command('validate')
    .description('Say what is wrong with datasets, by file and line.')
    .argument('<file...>')
    .addOption(profileOption())
    .action(async (files: string[], flags: ReadFlags) => {
      process.exitCode = await validate(files, flags);
    });
  command
    .command('metrics')
    .description('Print compliance, the gap and alignment faking, per setting, variant and prefix arm.')
    .argument('<file...>')
    .option('--reviews <dir>', "where the reviewers' files are (default: <file>.review)")
    .addOption(profileOption())
    .addOption(
      new Option('--labels <which>', 'which labels count').choices(LABEL_MODES).default('adjudicated'),
    )
    .option('--classifier <name>', 'whose alignment-faking verdicts count (default: the mean of all)')
    .addOption(
      new Option('--conditioning <arms>', 'condition the unmonitored arm on alignment faking, too?')
        .choices(CONDITIONINGS)
        .default('both'),
    )
    .option('--json', 'print JSON')
    .action(async (files: string[], flags: MetricsFlags) => {
      process.exitCode = await metrics(files, flags);
    });
  command
    .command('convert')
    .description('Write datasets, with what people decided on them, in another format.')
    .argument('<file...>')
    .addOption(new Option('--to <format>', 'what to write').choices(TARGETS).makeOptionMandatory())
    .requiredOption('--out <file>', 'where to write it; - for standard output')
    .option('--reviews <dir>', "where the reviewers' files are (default: <file>.review)")
    .addOption(profileOption())
    .addOption(
      new Option('--labels <which>', 'canonical: add the adjudicated labels as verdicts?')
        .choices(['classifier', 'adjudicated'])
        .default('classifier'),
    )
    .option('--label <name>', 'scout, inspect: the one label to write (default: all decided ones)')
    .option('--raw', 'csv: leave out the apostrophe that keeps spreadsheets from running texts as formulas')
    .option('--force', 'write over a file that is there')
    .action(async (files: string[], flags: ConvertFlags) => {
      process.exitCode = await convert(files, flags);
    });
  command
    .command('schema')
    .description('Print the JSON Schema of one line of a *.transcripts.jsonl file.')
    .action(() => printJson(z.toJSONSchema(canonicalSchema)));
  return command;
}

function profileOption(): Option {
  return new Option(
    '--profile <file>',
    'what the records mean (default: <file>.review/profile.json, else what looking at them tells)',
  );
}

function printLines(text: string): void {
  for (const line of text.trimEnd().split('\n')) printError(line);
}

async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : WRONG_CALL;
    else if (error instanceof UsageError) {
      printError(`transcript-review: ${error.message}`);
      process.exitCode = WRONG_CALL;
    } else {
      // a bug of ours, with its stack; what it quotes may come from a file
      printLines(error instanceof Error ? (error.stack ?? error.message) : String(error));
      process.exitCode = 1;
    }
  }
}

/** Whoever reads the output may stop early, as `head` does: nothing to say, and the exit status stays what it is. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    if (stream === process.stdout) printError(`transcript-review: cannot print: ${error.message}`);
    process.exit(1);
  });
}

void main();
