export { WindowGateway } from './vscode/gateway/feature.ts';
