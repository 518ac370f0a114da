import './editor.css';
import { render } from 'preact';
import { acquireWebviewApi } from '../shared/port';
import { App } from './app';
import { Editor } from './editor';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
const editor = new Editor(acquireWebviewApi());
render(<App editor={editor} />, root);
void editor.start();
