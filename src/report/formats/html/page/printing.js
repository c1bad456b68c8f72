import { byId } from './dom.js';

/**
 * Paper shows what nobody has scrolled to, so the button gets every picture before it prints.
 *
 * @param {HTMLElement} sheet
 * @param {() => void} fill fills every card
 * @param {(frames: readonly HTMLElement[]) => Promise<void>} getAll
 */
export function setUpPrinting(sheet, fill, getAll) {
  const button = byId('print', HTMLButtonElement);
  button.addEventListener('click', async () => {
    button.disabled = true;
    byId('announcement', HTMLElement).textContent = 'Getting the pictures';
    fill();
    const frames = sheet.querySelectorAll('.card:not([hidden]) .frame[data-clip]');
    await getAll([...frames].filter((frame) => frame instanceof HTMLElement));
    button.disabled = false;
    window.print();
  });
}
