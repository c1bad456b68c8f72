import { element } from './dom.js';

/** Players that are further apart than this are brought together. In seconds. */
const apart = 0.12;

/**
 * Plays the clips of a stage in step: the first one leads. Who asked for less motion has to start them.
 *
 * @param {HTMLElement} stage
 */
export function playInStep(stage) {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const players = () => [...stage.querySelectorAll('video')];

  const play = () => {
    // A clip that cannot be played says so in its own place.
    for (const player of players()) player.play().catch(() => undefined);
  };
  const pause = () => {
    for (const player of players()) player.pause();
  };
  const follow = () => {
    const [first, ...others] = players();
    if (first === undefined) return;
    for (const other of others) {
      if (other.ended || Math.abs(other.currentTime - first.currentTime) < apart) continue;
      other.currentTime = Math.min(first.currentTime, other.duration || first.currentTime);
    }
  };
  stage.addEventListener(
    'timeupdate',
    ({ target }) => {
      if (target === players()[0]) follow();
    },
    true,
  );
  stage.addEventListener(
    'ended',
    () => {
      if (!players().every(({ ended }) => ended)) return;
      for (const player of players()) player.currentTime = 0;
      play();
    },
    true,
  );

  return {
    /**
     * @param {string} clip
     * @param {string} label
     */
    player(clip, label) {
      const player = document.createElement('video');
      player.muted = true;
      player.playsInline = true;
      player.preload = 'auto';
      player.tabIndex = -1;
      player.setAttribute('aria-label', label);
      player.addEventListener('error', () => {
        if (player.isConnected)
          player.replaceWith(
            element('p', { class: 'missing' }, 'The clip is not where this page expects it.'),
          );
      });
      player.src = clip;
      return player;
    },
    start: () => {
      if (!still.matches) play();
    },
    toggle: () => (players().some(({ paused, ended }) => !paused && !ended) ? pause() : play()),
    stop: () => {
      for (const player of players()) {
        player.pause();
        player.removeAttribute('src');
        player.load();
      }
    },
  };
}
