/** @import { Row } from './rows.js' */
/** @import { PhaseName } from './phases.js' */
/** @import { Bar, Session } from './sessions.js' */
import { element, svg } from './dom.js';
import { isRunning, phaseText } from './phases.js';
import { ticks, underWay } from './sessions.js';
import { states } from './states.js';
import { count, exactTime, number } from './words.js';

/** In CSS pixels, from the top: the axis, the load, the bars. */
const axisHeight = 24;
const loadHeight = 72;
const loadGap = 16;
const margin = 10;
/** Height of all bars together, unless the thinnest or the thickest bar decides. */
const barsHeight = 560;
const thinnest = 0.4;
const thickest = 13;
/** Width of the mark at an end, so that what took no time is seen too. */
const endMark = 3;
/** Up to this thickness all of a bar is as thick; above it, waiting is thinner than work. */
const plain = 3;
/** An axis reads well with a label about every so many pixels. */
const tickSpacing = 110;
/** Milliseconds between the last thing that happened and the report, up to which the axis reaches to the report. */
const near = 60 * 60 * 1000;

/**
 * @param {Session} session
 * @param {number} now when the report was written, in milliseconds since the epoch
 * @param {number} width in CSS pixels
 * @param {(row: Row) => void} open
 */
export function drawSession(session, now, width, open) {
  const { bars } = session;
  const running = bars.some((bar) => bar.to === null && isRunning(bar.row));
  const end = endOf(session, now, running);
  const thickness = Math.min(thickest, Math.max(thinnest, barsHeight / bars.length));
  const top = axisHeight + loadHeight + loadGap;
  const height = Math.ceil(top + bars.length * thickness + margin);
  /** @param {number} at */
  const x = (at) => margin + ((at - session.from) / (end - session.from)) * (width - 2 * margin);

  const drawing = svg('svg', {
    class: 'plot',
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': `Time line of ${count(bars.length, 'request')}, one bar each, from submission to the clip on disk`,
  });
  drawing.append(
    axis(session.from, end, width, height, x),
    load(session, end, x),
    ...phasePaths(bars, top, thickness, x, end),
    ...endMarks(bars, top, thickness, x),
  );
  const marker = svg('rect', {
    class: 'plot-marker',
    x: 0,
    width,
    height: Math.max(thickness, 1),
    visibility: 'hidden',
  });
  drawing.append(marker);

  const tip = element('div', { class: 'plot-tip', hidden: '' });
  const box = element('div', { class: 'plot-box' }, drawing, tip);
  /** @param {PointerEvent | MouseEvent} event */
  const barAt = (event) => {
    const area = drawing.getBoundingClientRect();
    const y = ((event.clientY - area.top) / area.height) * height;
    return Math.floor((y - top) / thickness);
  };
  drawing.addEventListener('pointermove', (event) => {
    const index = barAt(event);
    const bar = bars[index];
    tip.hidden = bar === undefined;
    marker.setAttribute('visibility', bar === undefined ? 'hidden' : 'visible');
    if (bar === undefined) return;
    marker.setAttribute('y', String(top + index * thickness));
    tip.replaceChildren(element('strong', {}, bar.row.key), element('span', {}, tipText(bar)));
    const area = box.getBoundingClientRect();
    const left = Math.min(event.clientX - area.left + 14, area.width - tip.offsetWidth - 4);
    tip.style.left = `${Math.max(0, left)}px`;
    tip.style.top = `${event.clientY - area.top + 16}px`;
  });
  drawing.addEventListener('pointerleave', () => {
    tip.hidden = true;
    marker.setAttribute('visibility', 'hidden');
  });
  drawing.addEventListener('click', (event) => {
    const bar = bars[barAt(event)];
    if (bar !== undefined) open(bar.row);
  });
  return box;
}

/**
 * Tasks that run still have no end, so the axis reaches a little beyond what is known, or up to the report.
 *
 * @param {Session} session
 * @param {number} now
 * @param {boolean} running
 */
function endOf({ from, to }, now, running) {
  const known = Math.max(to, from + 1000);
  if (!running) return known;
  return now >= to && now - to <= near ? Math.max(now, known) : known + (known - from) * 0.08;
}

/** @param {Bar} bar */
function tipText({ row, from, phases }) {
  const known = phaseText(phases);
  return `${states[row.status].label} · submitted ${exactTime(from)}${known === '' ? '' : ` · ${known}`}`;
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} width
 * @param {number} height
 * @param {(at: number) => number} x
 */
function axis(from, to, width, height, x) {
  const found = ticks(from, to, Math.max(2, Math.floor(width / tickSpacing)));
  const step = (found[1] ?? 0) - (found[0] ?? 0);
  const format = new Intl.DateTimeFormat('en-GB', {
    ...(step >= 86_400_000 ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }),
    ...(step < 60_000 ? { second: '2-digit' } : {}),
  });
  const made = svg('g', { class: 'plot-axis' });
  for (const at of found) {
    const place = x(at).toFixed(1);
    const anchor = x(at) > width - 60 ? 'end' : 'start';
    made.append(
      svg('path', { d: `M${place} ${axisHeight - 8}V${height}` }),
      svg(
        'text',
        { x: Number(place) + (anchor === 'end' ? -5 : 5), y: axisHeight - 8, 'text-anchor': anchor },
        format.format(at),
      ),
    );
  }
  return made;
}

/**
 * How many were under way over time, as an area.
 *
 * @param {Session} session
 * @param {number} end
 * @param {(at: number) => number} x
 */
function load(session, end, x) {
  const steps = underWay(session);
  const most = Math.max(1, ...steps.map(({ size }) => size));
  const base = axisHeight + loadHeight;
  let path = `M${x(session.from).toFixed(1)} ${base}`;
  for (const { at, size } of steps) {
    path += `H${x(at).toFixed(1)}V${(base - (size / most) * (loadHeight - 14)).toFixed(1)}`;
  }
  path += `H${x(end).toFixed(1)}V${base}Z`;
  return svg(
    'g',
    { class: 'plot-load' },
    svg('path', { d: path }),
    svg(
      'text',
      { x: x(end) - 4, y: axisHeight + 10, 'text-anchor': 'end' },
      steps.length === 0 ? 'no recorded ends' : `under way: at most ${number(most)}`,
    ),
  );
}

/** @type {Readonly<Record<PhaseName, number>>} */
const shareOfThickness = { submitting: 0.3, queued: 0.3, processing: 0.7, unknown: 0.45, downloading: 0.3 };

/**
 * One path for each phase, whatever the number of bars.
 *
 * @param {readonly Bar[]} bars
 * @param {number} top
 * @param {number} thickness
 * @param {(at: number) => number} x
 * @param {number} end
 */
function phasePaths(bars, top, thickness, x, end) {
  /** @type {Map<string, { readonly name: PhaseName, readonly going: boolean, path: string }>} */
  const paths = new Map();
  bars.forEach(({ phases }, index) => {
    const y = (top + (index + 0.5) * thickness).toFixed(2);
    for (const { name, from, to } of phases) {
      const id = `${name} ${to === null}`;
      const drawn = paths.get(id) ?? { name, going: to === null, path: '' };
      drawn.path += `M${x(from).toFixed(1)} ${y}H${x(to ?? end).toFixed(1)}`;
      paths.set(id, drawn);
    }
  });
  return [...paths.values()].map(({ name, going, path }) =>
    svg('path', {
      class: `plot-phase${going ? ' going' : ''}${thickness > plain ? '' : ' thin'}`,
      'data-phase': name,
      d: path,
      'stroke-width': (thickness > plain ? thickness * shareOfThickness[name] : thickness).toFixed(2),
    }),
  );
}

/**
 * What each request came to, where that is known: at its end, or at its submission where nobody knows when it ended.
 *
 * @param {readonly Bar[]} bars
 * @param {number} top
 * @param {number} thickness
 * @param {(at: number) => number} x
 */
function endMarks(bars, top, thickness, x) {
  /** @type {Map<string, string>} */
  const paths = new Map();
  bars.forEach(({ row, from, to }, index) => {
    if (to === null && isRunning(row)) return;
    const y = (top + (index + 0.5) * thickness).toFixed(2);
    const left = Math.max(x(to ?? from) - (to === null ? 0 : endMark / 2), margin);
    const mark = `M${left.toFixed(1)} ${y}h${endMark}`;
    paths.set(row.status, (paths.get(row.status) ?? '') + mark);
  });
  return [...paths].map(([state, d]) =>
    svg('path', {
      class: 'plot-end',
      'data-state': state,
      d,
      'stroke-width': (thickness > plain ? thickness * 0.8 : thickness).toFixed(2),
    }),
  );
}
