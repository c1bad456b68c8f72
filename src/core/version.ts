/** The version in package.json, where people read about it, and the versions of Node.js that it runs on. */
export { engines, homepage, version } from '../../package.json';
