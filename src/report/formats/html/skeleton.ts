/** The words of the page before any script runs; both as HTML, escaped. */
export interface SkeletonText {
  /** The film's title, or else its project. */
  readonly name: string;
  readonly summary: string;
}

/** The parts of the page that are the same for every report; the script fills them. */
export function skeleton({ name, summary }: SkeletonText): string {
  return `<a class="skip" href="#sheet">Skip to the clips</a>
${sprite}
<div class="slate" aria-hidden="true"></div>
<header class="masthead">
  <div class="title"><h1 dir="auto">${name}</h1><p id="subtitle"></p></div>
  <dl id="figures"></dl>
  <button type="button" id="print" class="icon-button" title="Print what is shown" aria-label="Print what is shown"><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#icon-print"/></svg></button>
  <button type="button" id="theme" class="icon-button" title="Colors: as the system" aria-label="Colors: as the system"><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#icon-theme"/></svg></button>
</header>
<noscript><p class="notice">${summary} To see the clips, open this file in a browser that may run its script: mail programs and previews often may not.</p></noscript>
<div id="overview-bar"></div>
<ul id="next-steps"></ul>
<div class="toolbar" id="toolbar">
  <nav aria-label="Views">
    <a id="show-clips" href="#clips">Clips</a>
    <a id="show-choose" href="#choose">Choose</a>
    <a id="show-timeline" href="#timeline">Timeline</a>
    <a id="show-cost" href="#cost">Cost</a>
  </nav>
  <div class="filters" role="search" aria-label="Filter the requests">
    <input type="search" id="filter-text" placeholder="Search key, prompt, task id, error" aria-label="Search key, prompt, task id and error" aria-keyshortcuts="/" autocomplete="off" spellcheck="false">
    <select id="filter-scene" aria-label="Scene"></select>
    <select id="filter-model" aria-label="Model"></select>
  </div>
  <fieldset class="sizes">
    <legend class="visually-hidden">Size of the clips</legend>
    <label title="Small: pictures only"><input type="radio" name="size" value="s"><span>S</span></label>
    <label title="Medium"><input type="radio" name="size" value="m" checked><span>M</span></label>
    <label title="Large"><input type="radio" name="size" value="l"><span>L</span></label>
  </fieldset>
  <p class="shown"><span id="shown" role="status"></span> <button type="button" id="filter-clear" class="link" hidden>Show all</button></p>
  <div class="chips" id="filter-states" role="group" aria-label="States"></div>
</div>
<main>
  <p class="notice" id="no-requests">The manifest has no requests yet: there is nothing to show.</p>
  <p class="notice" id="missing-clips" hidden>Some clips are not where this page expects them. Clips are files beside the page: keep them together when you move or send it.</p>
  <section class="view" id="view-clips" aria-label="Clips">
    <div id="sheet" data-size="m" tabindex="-1"></div>
    <p class="notice" id="nothing" hidden>No request matches. <button type="button" id="nothing-clear" class="link">Show all</button></p>
  </section>
  <section class="view" id="view-choose" aria-label="Choose">
    <div class="choose-head">
      <h2 id="choose-title"></h2>
      <label><input type="checkbox" id="choose-undecided"> undecided only</label>
      <span id="choose-progress" role="status"></span>
      <progress id="choose-bar" aria-label="Shots that are decided" value="0" max="1"></progress>
      <button type="button" id="choose-play">Play or pause</button>
      <button type="button" id="choose-next">Next undecided</button>
      <button type="button" id="choose-export" disabled>Export 0 decisions</button>
    </div>
    <p class="notice" id="choose-told" role="alert" hidden></p>
    <div id="choose-takes"></div>
    <p class="notice" id="choose-none" hidden>There is no clip to choose here.</p>
    <p class="note"><kbd>1</kbd>–<kbd>9</kbd> pick that take <kbd>←</kbd><kbd>→</kbd> from take to take <kbd>p</kbd> pick <kbd>r</kbd> reject <kbd>n</kbd> note <kbd>x</kbd> take back <kbd>Space</kbd> play or pause <kbd>↑</kbd><kbd>↓</kbd> from shot to shot <kbd>u</kbd> next undecided</p>
  </section>
  <section class="view" id="view-timeline" aria-label="Timeline">
    <div id="sessions"></div>
    <div class="note">
      <p class="legend">${legend}</p>
      <p>A task is looked at now and then, so each change is drawn when it was first seen. Where processing was not seen to begin, the bar does not part it from the queue. A download reaches from the completion that was seen to the whole clip on disk, the wait before it included.</p>
    </div>
  </section>
  <section class="view" id="view-cost" aria-label="Cost">
    <div id="choosing-cost" class="note"></div>
    <div id="cost-tables"></div>
    <p class="note">Costs are what was billed as far as is known: the price at the time of submission, for every attempt that the provider accepted or may have accepted. A request in doubt counts as billed. “Without a clip” is the part that failed, is in doubt or was given up.</p>
  </section>
</main>
<footer>
  <p class="keys"><kbd>/</kbd> search <kbd>←</kbd><kbd>↑</kbd><kbd>↓</kbd><kbd>→</kbd> from clip to clip <kbd>Enter</kbd> open <kbd>Esc</kbd> close</p>
  <p id="zone"></p>
</footer>
<p id="announcement" class="visually-hidden" role="status"></p>
<dialog id="ask" aria-labelledby="ask-title">
  <form id="ask-form">
    <h2 id="ask-title"></h2>
    <input type="text" id="ask-text" aria-labelledby="ask-title" autocomplete="off">
    <div id="ask-offered"></div>
    <button type="submit">Keep</button>
  </form>
</dialog>
<dialog id="detail" aria-labelledby="detail-title">
  <header>
    <h2 id="detail-title" dir="auto"></h2>
    <span id="detail-place"></span>
    <button type="button" id="detail-previous" class="icon-button" aria-label="Previous" title="Previous (←)"><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#icon-left"/></svg></button>
    <button type="button" id="detail-next" class="icon-button" aria-label="Next" title="Next (→)"><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#icon-right"/></svg></button>
    <button type="button" id="detail-close" class="icon-button" aria-label="Close" title="Close (Esc)"><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#icon-close"/></svg></button>
  </header>
  <div id="detail-stage"></div>
  <div id="detail-body" tabindex="-1"></div>
</dialog>`;
}

const legend = [
  ['submitting', 'sending, until the answer'],
  ['queued', 'queued'],
  ['processing', 'processing'],
  ['unknown', 'queued and processing, not told apart'],
  ['downloading', 'until the clip was on disk'],
  ['going', 'going on when this page was written'],
]
  .map(([phase, text]) => `<span><span class="legend-bar" data-phase="${phase}"></span> ${text}</span>`)
  .concat(
    '<span><span class="legend-end"></span> what it came to, in the color of its state: at its submission where the end is not known</span>',
  )
  .join(' ');

/** Each drawing 16 by 16, in the color of the text around it. */
const drawings: Readonly<Record<string, string>> = {
  completed:
    '<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M4.8 8.2l2.2 2.2 4.2-4.6" class="cut"/>',
  processing:
    '<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" stroke="none"/>',
  queued: '<circle cx="8" cy="8" r="6"/><path d="M8 4.8V8l2.2 1.6"/>',
  sending: '<circle cx="8" cy="8" r="6"/><path d="M8 11V5M5.6 7.2L8 4.8l2.4 2.4"/>',
  pending: '<circle cx="8" cy="8" r="6" stroke-dasharray="2.2 2.5"/>',
  inDoubt:
    '<path d="M8 1.6l6.8 12H1.2z" fill="currentColor" stroke-linejoin="round"/><path d="M8 6v3.6M8 11.6v.2" class="cut"/>',
  refused: '<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M4.6 8h6.8" class="cut"/>',
  failed:
    '<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2" class="cut"/>',
  abandoned: '<circle cx="8" cy="8" r="6"/><path d="M3.8 12.2l8.4-8.4"/>',
  superseded: '<path d="M3 5.5A6 6 0 1 1 2.4 10M3 2v3.5h3.5"/>',
  missing: '<rect x="2" y="3.5" width="12" height="9" rx="1"/><path d="M2 14L14 2"/>',
  print: '<path d="M4.5 6V2.5h7V6M4.5 11.5h-2v-5h11v5h-2M4.5 9.5h7v4h-7z"/>',
  copy: '<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 3.5v-1h-8v8h1"/>',
  theme: '<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 0 0 12z" fill="currentColor" stroke="none"/>',
  left: '<path d="M10 3L5 8l5 5"/>',
  right: '<path d="M6 3l5 5-5 5"/>',
  close: '<path d="M3.5 3.5l9 9M12.5 3.5l-9 9"/>',
};

const sprite = `<svg width="0" height="0" class="sprite" aria-hidden="true"><defs>${Object.entries(drawings)
  .map(([name, drawing]) => `<symbol id="icon-${name}" viewBox="0 0 16 16">${drawing}</symbol>`)
  .join('')}</defs></svg>`;
