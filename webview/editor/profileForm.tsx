import { useId } from 'preact/hooks';
import { IN_LINES } from '../shared/pieces';
import { Button } from '../shared/ui/button';
import { CheckInput, LinesInput } from '../shared/ui/inputs';
import {
  idOf,
  idText,
  isObject,
  meaningWords,
  otherKeys,
  parseDraft,
  valueAt,
  whereOf,
  whereText,
  withMeaning,
} from './profileDraft';
import { ChoiceField, type FormProps, Others, PlaceField, WordField, WordsField } from './profileFields';
import { Evidence, Messages, Verdicts } from './profileRows';
import type { ProfileStore } from './profileStore';
import { isCanonical } from './profileWords';

/** The mapping: simple fields for most of it, and the whole of it as JSON. */
export function ProfileForm({ store }: { readonly store: ProfileStore }) {
  const draft = parseDraft(store.text.value);
  return (
    <section class="profileForm" aria-label="Mapping">
      {!draft.ok ? (
        <p class="fault" {...IN_LINES}>
          The fields show nothing while the JSON below is {draft.reason}
        </p>
      ) : isCanonical(draft.value) ? (
        <p>This is our own format: there is nothing to map.</p>
      ) : (
        <Fields store={store} draft={draft.value} />
      )}
      <Whole store={store} />
    </section>
  );
}

function Fields(props: FormProps) {
  return (
    <>
      <fieldset>
        <legend>Which transcript</legend>
        <WordField {...props} path={['name']} label="Name of this profile" empty="" />
        <PlaceField
          {...props}
          path={['id']}
          label="Id (parts joined with +)"
          format={idText}
          parse={idOf}
          placeholder="made from file and line"
        />
        <PromptId {...props} />
        <Facet {...props} name="model" label="Model" otherwise="Model: otherwise" />
      </fieldset>
      <fieldset>
        <legend>Which arm</legend>
        <Facet {...props} name="setting" label="Setting" otherwise="Setting: otherwise" />
        <Condition {...props} />
        <Facet {...props} name="variant" label="Variant" otherwise="Variant: otherwise" />
        <Facet {...props} name="prefix" label="Prefix arm" otherwise="Prefix arm: otherwise" />
      </fieldset>
      <Messages {...props} />
      <Verdicts {...props} />
      <Evidence {...props} />
    </>
  );
}

interface FacetProps extends FormProps {
  readonly name: 'setting' | 'condition' | 'variant' | 'prefix' | 'model';
}

function Facet(props: FacetProps & { readonly label: string; readonly otherwise: string }) {
  const { name, label, otherwise } = props;
  return (
    <>
      <div class="pair">
        <FacetPlace {...props} label={`${label}: place`} />
        <WordField {...props} path={[name, 'otherwise']} label={otherwise} />
      </div>
      <Others keys={otherKeys(valueAt(props.draft, [name]), ['at', 'otherwise', 'expected'])} />
    </>
  );
}

/** Without its place, what else a rule may say of how to look there says nothing. */
function FacetPlace(props: FacetProps & { readonly label: string }) {
  const { store, draft, name } = props;
  const rule = valueAt(draft, [name]);
  return (
    <PlaceField
      {...props}
      path={[name, 'at']}
      onChange={(place) => {
        const alone = otherKeys(rule, ['at', 'expected']).length === 0;
        if (place === undefined && alone) store.set([name], undefined);
        else store.set([name, 'at'], place);
      }}
    />
  );
}

const CONDITIONS = [
  { value: '', text: 'unknown' },
  { value: 'training', text: 'training' },
  { value: 'unmonitored', text: 'unmonitored' },
];

function Condition(props: FormProps) {
  const { store, draft } = props;
  const values = valueAt(draft, ['condition', 'values']);
  const meaning = (name: string) => (words: readonly string[]) =>
    store.set(['condition', 'values'], withMeaning(values, name, words));
  return (
    <>
      <FacetPlace {...props} name="condition" label="Condition: place" />
      <div class="triple">
        <WordsField
          {...props}
          path={['condition', 'values']}
          label="These mean training"
          placeholder="free, monitored …"
          value={meaningWords(values, 'training')}
          onChange={meaning('training')}
        />
        <WordsField
          {...props}
          path={['condition', 'values']}
          label="These mean unmonitored"
          placeholder="paid, unobserved …"
          value={meaningWords(values, 'unmonitored')}
          onChange={meaning('unmonitored')}
        />
        <ChoiceField
          {...props}
          path={['condition', 'otherwise']}
          label="Condition: otherwise"
          options={CONDITIONS}
        />
      </div>
      <Others keys={otherKeys(valueAt(draft, ['condition']), ['at', 'values', 'otherwise', 'expected'])} />
    </>
  );
}

/** By an id that is stored, or by the prompt's text where none is. */
function PromptId(props: FormProps) {
  const { store, draft } = props;
  const rule = valueAt(draft, ['promptId']);
  const byText = isObject(rule);
  const wrap = (where: unknown, text: boolean) =>
    store.set(['promptId'], where === undefined ? undefined : text ? { textOf: where } : where);
  const format = (value: unknown) => whereText(isObject(value) ? value.textOf : value);
  return (
    <>
      <PlaceField
        {...props}
        path={['promptId']}
        label="Prompt id (the same in both conditions)"
        format={format}
        parse={(text) => {
          const where = whereOf(text);
          return byText && where !== undefined ? { textOf: where } : where;
        }}
      />
      {rule !== undefined && (
        <CheckInput
          label="It is the prompt’s text, not an id"
          checked={byText}
          onChange={(checked) => wrap(isObject(rule) ? rule.textOf : rule, checked)}
        />
      )}
    </>
  );
}

function Whole({ store }: { readonly store: ProfileStore }) {
  const view = store.view.value;
  const id = useId();
  return (
    <fieldset>
      <legend>Advanced</legend>
      <label for={id}>The whole profile as JSON: what has no field above can be written here</label>
      <LinesInput id={id} rows={16} value={store.text.value} onInput={(text) => store.edit(text)} />
      <div class="adders">
        {view && store.text.value !== view.guess && (
          <Button onClick={() => store.edit(view.guess)}>Start from a guess</Button>
        )}
      </div>
    </fieldset>
  );
}
