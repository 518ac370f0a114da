import type { MappingLine, PreviewPart, PreviewTranscript } from '../../src/core/formats/preview';
import type { ProfileReading } from '../../src/protocol/profile';
import { IN_LINES } from '../shared/pieces';
import { countWords, verdictWords } from './profileWords';
import { plural } from './words';

/** What the profile in the form makes of the first records. */
export function ProfilePreview({ reading }: { readonly reading: ProfileReading | null }) {
  const preview = reading?.preview;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="profilePreview" tabIndex={0} aria-label="Preview">
      <h2>Preview</h2>
      {reading === null && <p class="dim">Looking at the first records…</p>}
      {reading !== null && !preview && (
        <p class="dim">
          {reading.issues.length > 0
            ? 'There is no preview until the profile is in order.'
            : 'There are no records to preview.'}
        </p>
      )}
      {preview && (
        <>
          <p>{countWords(preview.counts)}</p>
          {preview.withoutJoins && (
            <p class="warn">
              Verdicts of a second file are not shown here; they are joined when the dataset is read.
            </p>
          )}
          <ol class="previewParts">
            {preview.parts.map((part, index) => (
              <li key={index}>
                <Part part={part} />
              </li>
            ))}
          </ol>
          <Mapping lines={preview.mapping} />
        </>
      )}
    </section>
  );
}

function Part({ part }: { readonly part: PreviewPart }) {
  if (part.ok) return <Transcript part={part} />;
  return (
    <>
      <h3>{part.id ?? 'A record'}</h3>
      <p class="no" {...IN_LINES}>
        could not be read: {part.reason}
      </p>
    </>
  );
}

function Transcript({ part }: { readonly part: PreviewTranscript }) {
  const { setting, condition, variant, prefix, promptId, model, outcome, messages, verdicts } = part;
  const facets: readonly (readonly [string, string | null])[] = [
    ['setting', setting],
    ['condition', condition],
    ['variant', variant],
    ['prefix', prefix],
    ['prompt', promptId],
    ['model', model],
    ['complied', outcome === null ? null : outcome ? 'yes' : 'no'],
  ];
  return (
    <>
      <h3>{part.id}</h3>
      <p class="previewFacets">
        {facets.map(([name, value]) => (
          <span key={name} class={value === null ? 'dim' : ''}>
            {name}: {value ?? 'unknown'}
          </span>
        ))}
      </p>
      <dl class="previewMessages">
        {messages.map(({ role, region, text }, index) => (
          <div key={index}>
            <dt>
              {role}
              {region !== null && <span class="dim"> · {region}</span>}
            </dt>
            <dd {...IN_LINES}>{text}</dd>
          </div>
        ))}
      </dl>
      <More shown={messages.length} all={part.messageCount} what="message" />
      {verdicts.length > 0 && (
        <ul class="previewVerdicts">
          {verdicts.map((verdict, index) => (
            <li key={index}>
              {verdictWords(verdict)}
              {verdict.derived && <span class="dim"> (from the text)</span>}
            </li>
          ))}
        </ul>
      )}
      <More shown={verdicts.length} all={part.verdictCount} what="verdict" />
      {part.spanCount > 0 && <p>{plural(part.spanCount, 'span')}</p>}
      {part.warnings.length > 0 && (
        <ul class="problems">
          {part.warnings.map((warning) => (
            <li key={warning}>
              {part.contradictions.includes(warning) && <b>contradiction: </b>}
              {warning}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function More({ shown, all, what }: { readonly shown: number; readonly all: number; readonly what: string }) {
  return all > shown ? <p class="dim">and {plural(all - shown, `more ${what}`)}</p> : null;
}

function Mapping({ lines }: { readonly lines: readonly MappingLine[] }) {
  if (lines.length === 0) return null;
  return (
    <details class="mapping">
      <summary>Where it looks, and what stands there in the first record</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">where</th>
            <th scope="col">found</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ field, from, found }, index) => (
            <tr key={index}>
              <th scope="row">{field}</th>
              <td>{from}</td>
              <td class="mono">{found}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
