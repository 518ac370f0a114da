import { LABELS } from '../../src/core/dataset/model';
import { Button } from '../shared/ui/button';
import { CheckInput } from '../shared/ui/inputs';
import { isObject, listAt, otherKeys, type Path, valueAt, whereOf } from './profileDraft';
import {
  ChoiceField,
  type FormProps,
  NumberField,
  Others,
  PlaceField,
  WordField,
  WordsField,
} from './profileFields';

const ROLES = ['system', 'user', 'assistant', 'tool'].map((value) => ({ value, note: '' }));
const REGIONS = [
  { value: '', text: 'as its tags say' },
  { value: 'scratchpad', text: 'all scratchpad' },
  { value: 'draft', text: 'all draft' },
  { value: 'output', text: 'all output' },
];
const KNOWN_LABELS = LABELS.map((value) => ({ value, note: '' }));
/** A place that has to be there: an empty field is the record itself. */
const placeOf = (text: string) => whereOf(text) ?? '';

/** Each rule has a dozen fields, and a profile from a stranger may have a thousand rules. */
const SHOWN_RULES = 50;

interface RowsProps extends FormProps {
  readonly name: string;
  /** What one of them is called. */
  readonly one: string;
  readonly fields: (path: Path, rule: unknown) => preact.ComponentChildren;
}

/** The rules of a list, each with its fields, and buttons to move and to take it out. */
function Rows({ store, draft, name, one, fields }: RowsProps) {
  const list = listAt(draft, [name]);
  const swap = (index: number) => {
    const moved = [...list];
    moved.splice(index - 1, 2, list[index], list[index - 1]);
    store.set([name], moved);
  };
  const more = list.length - SHOWN_RULES;
  return (
    <ol class="rules">
      {list.slice(0, SHOWN_RULES).map((rule, index) => {
        const title = `${one} ${index + 1}`;
        return (
          <li key={index} class="rule" aria-label={title}>
            <div class="ruleHead">
              <span class="ruleTitle">{title}</span>
              {index > 0 && (
                <Button
                  appearance="icon"
                  label={`Move ${title} up`}
                  title="Move up"
                  onClick={() => swap(index)}
                >
                  ↑
                </Button>
              )}
              <Button
                appearance="icon"
                label={`Remove ${title}`}
                title="Remove"
                onClick={() => store.set([name, index], undefined)}
              >
                ×
              </Button>
            </div>
            {fields([name, index], rule)}
          </li>
        );
      })}
      {more > 0 && (
        <li class="rule">
          {more} more {more === 1 ? 'rule is' : 'rules are'} in the JSON below
        </li>
      )}
    </ol>
  );
}

export function Messages(props: FormProps) {
  const { store, draft } = props;
  const end = listAt(draft, ['messages']).length;
  return (
    <fieldset>
      <legend>Messages, in this order</legend>
      <Rows
        {...props}
        name="messages"
        one="message"
        fields={(path, rule) =>
          isObject(rule) && 'chat' in rule ? (
            <>
              <PlaceField
                {...props}
                path={[...path, 'chat']}
                parse={placeOf}
                label="Place of the list of messages"
              />
              <Optional {...props} path={path} />
              <Others keys={otherKeys(rule, ['chat', 'optional'])} />
            </>
          ) : (
            <>
              <PlaceField {...props} path={[...path, 'at']} parse={placeOf} label="Place of the text" />
              <div class="pair">
                <WordField {...props} path={[...path, 'role']} label="Role" options={ROLES} empty="" />
                <ChoiceField {...props} path={[...path, 'region']} label="Region" options={REGIONS} />
              </div>
              <Optional {...props} path={path} />
              <Others keys={otherKeys(rule, ['at', 'role', 'region', 'optional'])} />
            </>
          )
        }
      />
      <div class="adders">
        <Button
          onClick={() => store.set(['messages', end], { at: '', role: end === 0 ? 'user' : 'assistant' })}
        >
          Add a text
        </Button>
        <Button onClick={() => store.set(['messages', end], { chat: '' })}>Add a list of messages</Button>
      </div>
    </fieldset>
  );
}

function Optional({ store, draft, path }: FormProps & { readonly path: Path }) {
  return (
    <CheckInput
      label="Records may lack it"
      checked={valueAt(draft, [...path, 'optional']) === true}
      onChange={(checked) => store.set([...path, 'optional'], checked ? true : undefined)}
    />
  );
}

const VERDICT_FIELDS = ['at', 'label', 'classifier', 'yes', 'no', 'threshold', 'invertedIn', 'score'];

export function Verdicts(props: FormProps) {
  const { store, draft } = props;
  const end = listAt(draft, ['verdicts']).length;
  return (
    <fieldset>
      <legend>Verdicts and outcome</legend>
      <Rows
        {...props}
        name="verdicts"
        one="verdict"
        fields={(path, rule) => (
          <>
            <PlaceField
              {...props}
              path={[...path, 'at']}
              parse={placeOf}
              label="Place"
              placeholder="the record itself"
            />
            <div class="pair">
              <WordField
                {...props}
                path={[...path, 'label']}
                label="Label"
                options={KNOWN_LABELS}
                placeholder="the name of the place"
              />
              <WordField
                {...props}
                path={[...path, 'classifier']}
                label="Classifier"
                placeholder="the name of the place"
              />
            </div>
            <div class="pair">
              <WordsField {...props} path={[...path, 'yes']} label="Yes is" placeholder="true, yes, 1" />
              <WordsField {...props} path={[...path, 'no']} label="No is" placeholder="false, no, 0" />
            </div>
            <div class="pair">
              <NumberField {...props} path={[...path, 'threshold']} label="Yes from (a number)" />
              <PlaceField {...props} path={[...path, 'score']} label="Score, under the place" />
            </div>
            <WordsField
              {...props}
              path={[...path, 'invertedIn']}
              label="Yes means no in these settings"
              placeholder="e.g. animal-welfare"
            />
            <Others keys={otherKeys(rule, VERDICT_FIELDS)} />
          </>
        )}
      />
      <div class="adders">
        <Button onClick={() => store.set(['verdicts', end], { at: '' })}>Add a verdict</Button>
      </div>
      <CheckInput
        label="Where no outcome is stored, read it from the accept and reject tags of the text (marked as derived)"
        checked={valueAt(draft, ['outcomeFromTags']) === true}
        onChange={(checked) => store.set(['outcomeFromTags'], checked ? true : undefined)}
      />
    </fieldset>
  );
}

export function Evidence(props: FormProps) {
  const { store, draft } = props;
  const end = listAt(draft, ['evidence']).length;
  return (
    <fieldset>
      <legend>Quotes that classifiers give as evidence</legend>
      <Rows
        {...props}
        name="evidence"
        one="evidence"
        fields={(path, rule) => (
          <>
            <PlaceField {...props} path={[...path, 'quotes']} parse={placeOf} label="Place of the quotes" />
            <div class="pair">
              <WordField {...props} path={[...path, 'label']} label="Label" options={KNOWN_LABELS} empty="" />
              <WordField {...props} path={[...path, 'classifier']} label="Classifier" empty="" />
            </div>
            <Others keys={otherKeys(rule, ['quotes', 'label', 'classifier'])} />
          </>
        )}
      />
      <div class="adders">
        <Button onClick={() => store.set(['evidence', end], { quotes: '', label: '', classifier: '' })}>
          Add evidence
        </Button>
      </div>
    </fieldset>
  );
}
