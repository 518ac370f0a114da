import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../shared/ui/button';
import type { Editor } from './editor';
import { EDITOR_KEYS, KEY_GROUPS, keyName } from './keys';
import { SIGN_GROUPS } from './listSigns';

/** The sheet of keys, and of the list's signs: a modal dialog, so that focus stays in it and returns to where it was. */
export function KeySheet({ editor }: { readonly editor: Editor }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = editor.helpOpen.value;
  useLayoutEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal();
    if (!open && dialog.current?.open === true) dialog.current.close();
  }, [open]);
  const close = () => {
    editor.helpOpen.value = false;
  };
  return (
    <dialog
      ref={dialog}
      class="keySheet"
      aria-labelledby="keySheetTitle"
      onClose={close}
      // no key reaches VS Code from here: a decision must not be made behind the sheet
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === '?') close();
      }}
    >
      {open && (
        <>
          <header>
            <h2 id="keySheetTitle">Keyboard shortcuts</h2>
            <Button onClick={close}>Close</Button>
          </header>
          <p class="dim">
            These are the default keys. Each is a command named “Transcript Review: …” and can be bound anew
            in VS Code’s Keyboard Shortcuts.
          </p>
          <div class="keyGroups">
            {KEY_GROUPS.map((group) => (
              <Group key={group.title} title={group.title} rows={group.rows} />
            ))}
            <Group title="VS Code" rows={EDITOR_KEYS} />
          </div>
          <h2>Signs in the list</h2>
          <div class="signGroups">
            {SIGN_GROUPS.map(({ title, signs }) => (
              <section key={title}>
                <h3>{title}</h3>
                <dl>
                  {signs.map(({ sign, words }) => (
                    <div key={sign}>
                      <dt>{sign}</dt>
                      <dd>{words}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
          <p class="dim">
            An underlined sign is a reviewer’s, against a classifier. Settings stand by their initials, with
            the variant and the prefix arm where they are not the default.
          </p>
        </>
      )}
    </dialog>
  );
}

interface GroupProps {
  readonly title: string;
  readonly rows: readonly { readonly key: string; readonly words: string }[];
}

function Group({ title, rows }: GroupProps) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.key}>
            <dt>
              <kbd>{keyName(row.key)}</kbd>
            </dt>
            <dd>{row.words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
