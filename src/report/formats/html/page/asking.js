import { byId, element } from './dom.js';

/** Words that are offered as reasons, by the digits that choose them; any other is as good. */
const reasons = ['hands', 'face', 'motion', 'continuity', 'text', 'style', 'prompt', 'technical'];

/** Asks for a reason or a note: Enter takes what is written, Escape leaves everything as it is. */
export function setUpAsking() {
  const dialog = byId('ask', HTMLDialogElement);
  const form = byId('ask-form', HTMLFormElement);
  const title = byId('ask-title', HTMLElement);
  const input = byId('ask-text', HTMLInputElement);
  const offered = byId('ask-offered', HTMLElement);
  /** @type {(answer: string | null) => void} */
  let answer = () => undefined;

  /** @param {string | null} said */
  const end = (said) => {
    const told = answer;
    answer = () => undefined;
    if (dialog.open) dialog.close();
    told(said);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    end(input.value.replace(/\s+/g, ' ').trim());
  });
  dialog.addEventListener('close', () => end(null));
  dialog.addEventListener('keydown', (event) => {
    const reason = offered.hidden || input.value !== '' ? undefined : reasons[Number(event.key) - 1];
    if (reason === undefined) return;
    event.preventDefault();
    end(reason);
  });
  offered.append(
    ...reasons.map((reason, index) => {
      const button = element(
        'button',
        { type: 'button' },
        element('kbd', {}, String(index + 1)),
        ` ${reason}`,
      );
      button.addEventListener('click', () => end(reason));
      return button;
    }),
  );

  /**
   * @param {string} heading
   * @param {string} text
   * @param {boolean} withReasons
   * @param {number} longest
   * @returns {Promise<string | null>}
   */
  const ask = (heading, text, withReasons, longest) =>
    new Promise((resolve) => {
      end(null);
      answer = resolve;
      title.textContent = heading;
      input.value = text;
      input.maxLength = longest;
      offered.hidden = !withReasons;
      dialog.showModal();
      input.focus();
    });
  return {
    /** @param {string} key */
    reason: async (key) => (await ask(`Why is ${key} rejected?`, '', true, 60)) || null,
    /**
     * @param {string} key
     * @param {string} text
     */
    note: (key, text) => ask(`Note on ${key}`, text, false, 2000),
  };
}
