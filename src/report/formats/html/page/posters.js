/** Browsers refuse to have more than a few dozen players in a page, so clips are looked at a few at a time. */
const players = 4;
/** Milliseconds after which a clip that gives no picture makes room for the next. */
const patience = 10_000;
/** Pictures that stay in memory after they left the screen. */
const kept = 200;

/**
 * Shows the first picture of each clip as it comes near the screen. Only clips in sight are read, and only what the
 * first picture needs.
 *
 * @param {() => void} onMissing called for a clip that is not where it should be
 */
export function createPosters(onMissing) {
  /**
   * In the order in which they are wanted.
   *
   * @type {Map<HTMLElement, () => void>}
   */
  const waiting = new Map();
  /**
   * Those with a picture that nobody looks at, the longest forgotten first.
   *
   * @type {Set<HTMLElement>}
   */
  const unseen = new Set();
  /** @type {HTMLElement[]} */
  const watched = [];
  let busy = 0;

  const next = () => {
    for (const [frame, done] of waiting) {
      if (busy >= players) return;
      waiting.delete(frame);
      busy += 1;
      firstPicture(frame.dataset['clip'] ?? '', frame.clientWidth).then((picture) => {
        busy -= 1;
        if (picture === null) markMissing(frame, onMissing);
        else if (!hasPoster(frame)) frame.append(picture);
        done();
        next();
      });
    }
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const frame = /** @type {HTMLElement} */ (target);
        if (isIntersecting) {
          unseen.delete(frame);
          if (lacksPoster(frame)) waiting.set(frame, () => undefined);
        } else {
          waiting.delete(frame);
          if (hasPoster(frame)) unseen.add(frame);
        }
      }
      for (const frame of unseen) {
        if (unseen.size <= kept) break;
        unseen.delete(frame);
        frame.querySelector('.poster')?.remove();
      }
      next();
    },
    { rootMargin: '300px 0px' },
  );

  return {
    /** @param {HTMLElement} frame one that names its clip in `data-clip` */
    watch(frame) {
      watched.push(frame);
      observer.observe(frame);
    },
    /**
     * Gets the pictures of all these frames, for paper, which shows everything at once.
     *
     * @param {readonly HTMLElement[]} frames
     */
    async getAll(frames) {
      // Nothing is let go meanwhile.
      observer.disconnect();
      const pictures = frames
        .filter(lacksPoster)
        .map((frame) => new Promise((resolve) => waiting.set(frame, () => resolve(undefined))));
      next();
      await Promise.all(pictures);
      for (const frame of watched) observer.observe(frame);
    },
  };
}

/**
 * @param {HTMLElement} frame
 * @param {() => void} onMissing
 */
function markMissing(frame, onMissing) {
  if ('missing' in frame.dataset) return;
  frame.dataset['missing'] = '';
  frame.querySelector('.gate use')?.setAttribute('href', '#icon-missing');
  const label = frame.querySelector('.gate-label');
  if (label !== null) label.textContent = 'clip not found';
  onMissing();
}

/** @param {HTMLElement} frame */
function hasPoster(frame) {
  return frame.querySelector('.poster') !== null;
}

/** @param {HTMLElement} frame */
function lacksPoster(frame) {
  return !hasPoster(frame) && !('missing' in frame.dataset);
}

/**
 * @param {string} clip
 * @param {number} width of the frame, in CSS pixels
 * @returns {Promise<HTMLCanvasElement | null>} null where there is no such clip, or no picture in it
 */
function firstPicture(clip, width) {
  const video = document.createElement('video');
  return new Promise((resolve) => {
    /** @param {HTMLCanvasElement | null} picture */
    const done = (picture) => {
      clearTimeout(timer);
      video.removeAttribute('src');
      video.load();
      resolve(picture);
    };
    const timer = setTimeout(() => done(null), patience);
    // Loaded is not yet drawable in every browser; sought is.
    video.addEventListener('seeked', () => done(draw(video, width)), { once: true });
    video.addEventListener(
      'loadeddata',
      () => {
        video.currentTime = 0.001;
      },
      { once: true },
    );
    video.addEventListener('error', () => done(null), { once: true });
    video.muted = true;
    video.preload = 'auto';
    video.src = clip;
  });
}

/**
 * @param {HTMLVideoElement} video
 * @param {number} frameWidth
 */
function draw(video, frameWidth) {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return null;
  const sharp = Math.ceil(frameWidth * Math.min(devicePixelRatio, 1.5));
  const scale = Math.min(1, Math.max(sharp, 160) / videoWidth);
  const canvas = document.createElement('canvas');
  canvas.className = 'poster';
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}
