import { byId } from './dom.js';

const schemes = /** @type {const} */ ({ system: 'as the system', light: 'light', dark: 'dark' });

/** The page follows the system until the reader says otherwise; the button goes round. */
export function setUpTheme() {
  const button = byId('theme', HTMLButtonElement);
  const names = /** @type {(keyof typeof schemes)[]} */ (Object.keys(schemes));
  button.addEventListener('click', () => {
    const now = names.findIndex((name) => name === (document.documentElement.dataset['theme'] ?? 'system'));
    const next = names[(now + 1) % names.length] ?? 'system';
    document.documentElement.dataset['theme'] = next;
    button.title = `Colors: ${schemes[next]}`;
    button.setAttribute('aria-label', button.title);
  });
}
