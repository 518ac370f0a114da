import './metrics.css';
import { acquireWebviewApi, webviewPort } from '../shared/port';
import { startMetrics } from './start';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
const api = acquireWebviewApi();
startMetrics(webviewPort(api), api, root);
