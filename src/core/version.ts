/** The version in package.json, and the versions of Node.js that it runs on. */
export { engines, version } from '../../package.json';
