import './metrics.css';
import { acquireWebviewApi, webviewPort } from '../shared/port';
import { startMetrics } from './start';

const api = acquireWebviewApi();
startMetrics(webviewPort(api), api, document.body);
