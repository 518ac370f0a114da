import type { StoredSpan } from '../dataset/model';
import type { MessageText, Texts } from './messageText';
import type { Found } from './place';

/** The place that a span without a quote states. */
export function byOffsets({ all: texts, tiers: [assistants] }: Texts, span: StoredSpan): Found {
  const outside = (why: string): Found => ({ places: [], status: 'out-of-range', quality: null, why });
  const { start, end, unit } = span;
  if (start === null && end === null) return outside('the span has neither a quote nor offsets');
  if (start === null || end === null) return outside('the span has only one of start and end');
  let text: MessageText | undefined;
  if (span.message === null) {
    if (assistants.length !== 1) {
      return outside(`the span names no message, and ${assistants.length} are from the assistant`);
    }
    [text] = assistants;
  } else {
    text = texts[span.message];
  }
  if (!text)
    return outside(`there is no messages[${span.message}]; the last is messages[${texts.length - 1}]`);
  const place = text.stated(span);
  if (place) return { places: [place], status: 'offsets', quality: null, why: null };
  const stated = `offsets ${start} to ${end} (${unit})`;
  if (start === end) return outside(`${stated} hold no text`);
  if (start > end) return outside(`${stated} run backwards`);
  return outside(`${stated} lie outside messages[${text.index}], or inside a character of it`);
}
