/** @import { Row } from './rows.js' */
/** @import { Bar, Session } from './sessions.js' */
import { element, svg } from './dom.js';
import { isRunning, ticks, underWay } from './sessions.js';
import { states } from './states.js';
import { count, exactTime, number, span } from './words.js';

/** In CSS pixels, from the top: the axis, the load, the bars. */
const axisHeight = 24;
const loadHeight = 72;
const loadGap = 16;
const margin = 10;
/** Height of all bars together, unless the thinnest or the thickest bar decides. */
const barsHeight = 560;
const thinnest = 0.4;
const thickest = 13;
/** So that what took no time, or has no end, is seen at all. */
const shortest = 3;
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
  const running = bars.some((bar) => bar.to === null && isRunning(bar));
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
    'aria-label': `Time line of ${count(bars.length, 'request')}, one bar each, from submission to completion`,
  });
  drawing.append(
    axis(session.from, end, width, height, x),
    load(session, end, x),
    ...barPaths(bars, top, thickness, x, end),
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
function tipText({ row, from, to }) {
  const { label } = states[row.status];
  const times = to === null ? `submitted ${exactTime(from)}` : `${exactTime(from)}, took ${span(to - from)}`;
  return `${label} · ${times}`;
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

/**
 * One path for each state, whatever the number of bars.
 *
 * @param {readonly Bar[]} bars
 * @param {number} top
 * @param {number} thickness
 * @param {(at: number) => number} x
 * @param {number} end
 */
function barPaths(bars, top, thickness, x, end) {
  /** @type {Map<string, string>} */
  const paths = new Map();
  bars.forEach((bar, index) => {
    const kind = bar.to !== null ? 'ended' : isRunning(bar) ? 'running' : 'open';
    const left = x(bar.from);
    const right = kind === 'ended' ? x(bar.to ?? bar.from) : kind === 'running' ? x(end) : left;
    const name = `${bar.row.status} ${kind}`;
    const y = (top + (index + 0.5) * thickness).toFixed(2);
    const line = `M${left.toFixed(1)} ${y}H${Math.max(right, left + shortest).toFixed(1)}`;
    paths.set(name, (paths.get(name) ?? '') + line);
  });
  return [...paths].map(([name, d]) => {
    const [state = '', kind = ''] = name.split(' ');
    return svg('path', {
      class: `plot-bars ${kind}`,
      'data-state': state,
      d,
      'stroke-width': (thickness > 3 ? thickness * 0.7 : thickness).toFixed(2),
    });
  });
}
