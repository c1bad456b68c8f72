import { byId } from './dom.js';

/** Milliseconds for which a button says that it did its work. */
const shownFor = 1600;

/** Makes every button with `data-copy` put that text on the clipboard. */
export function setUpCopying() {
  document.addEventListener('click', async ({ target }) => {
    const button =
      target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest('[data-copy]')) : null;
    const text = button?.dataset['copy'];
    if (button === null || text === undefined) return;
    const copied = await copy(text, button);
    byId('announcement', HTMLElement).textContent = copied ? `Copied ${text}` : 'Copying was not allowed';
    if (!copied) return;
    button.classList.add('copied');
    setTimeout(() => button.classList.remove('copied'), shownFor);
  });
}

/**
 * @param {string} text
 * @param {HTMLElement} beside
 */
async function copy(text, beside) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, beside);
  }
}

/**
 * For pages that have no clipboard of their own: those opened from disk, in some browsers. An open dialog lets nothing
 * outside it be selected, so the text is put beside the button.
 *
 * @param {string} text
 * @param {HTMLElement} beside
 */
function copyBySelection(text, beside) {
  const field = document.createElement('textarea');
  field.className = 'visually-hidden';
  field.value = text;
  beside.after(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  beside.focus();
  return copied;
}
