/** Milliseconds that a pointer rests on a frame before it plays, so that crossing the sheet starts nothing. */
const rest = 80;

/**
 * Plays a clip, muted, while the pointer or the keyboard's focus is on its frame. One player goes from frame to frame.
 * Who asked for less motion has to open a clip to see it move.
 *
 * @param {HTMLElement} sheet
 */
export function playOnHover(sheet) {
  const player = document.createElement('video');
  player.className = 'preview';
  player.muted = true;
  player.loop = true;
  player.playsInline = true;
  player.tabIndex = -1;
  // Until there is a picture, the poster shows through.
  player.addEventListener('playing', () => player.classList.add('playing'));
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  /** @type {HTMLElement | null} */
  let current = null;
  let timer = 0;

  /** @param {HTMLElement} frame */
  const play = (frame) => {
    const clip = frame.dataset['clip'];
    if (clip === undefined || 'missing' in frame.dataset || still.matches || frame === current) return;
    stop();
    current = frame;
    timer = window.setTimeout(() => {
      player.src = clip;
      frame.append(player);
      // Leaving the frame before it starts is no failure, and a clip that can't be read says so on its poster.
      player.play().catch(() => undefined);
    }, rest);
  };
  const stop = () => {
    clearTimeout(timer);
    current = null;
    player.classList.remove('playing');
    if (!player.hasAttribute('src')) return;
    player.remove();
    player.removeAttribute('src');
    player.load();
  };

  sheet.addEventListener('pointerover', ({ target, pointerType }) => {
    const frame = frameOf(target);
    if (frame === null || pointerType === 'touch') return;
    play(frame);
  });
  sheet.addEventListener('pointerout', ({ target, relatedTarget }) => {
    const frame = frameOf(target);
    if (frame !== null && frame === current && frameOf(relatedTarget) !== frame) stop();
  });
  sheet.addEventListener('focusin', ({ target }) => {
    const frame = frameOf(target);
    if (frame?.matches(':focus-visible')) play(frame);
  });
  sheet.addEventListener('focusout', ({ target }) => {
    if (frameOf(target) === current) stop();
  });
}

/** @param {EventTarget | null} target */
function frameOf(target) {
  return target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest('.frame')) : null;
}
