/** Later than this, in seconds since the epoch, is a number of milliseconds: the year 5138. */
const latestSeconds = 1e11;

const written =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d{1,9}))?秒?)?\s*分?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|(?:UTC|GMT)[+-]\d{1,2}(?::?\d{2})?)?$/i;

/**
 * A moment as a bill writes it, in milliseconds since the epoch: a number of seconds or milliseconds, or a date with a time,
 * which is in `timeZone` where it does not say its own; null for anything else. A day alone is no moment.
 */
export function billTime(text: string, timeZone: string): number | null {
  const trimmed = text.normalize('NFKC').trim();
  if (/^\d{9,16}(?:\.\d+)?$/.test(trimmed)) {
    const number = Number(trimmed);
    return number < latestSeconds ? number * 1000 : number;
  }
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = written.exec(trimmed) ?? [];
  if (year === undefined) return null;
  const parts = [
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  ] as const;
  const utc = Date.UTC(...parts) + Number(`0.${fraction || '0'}`) * 1000;
  const isReal = new Date(Date.UTC(...parts)).getUTCDate() === parts[2] && parts[3] < 24 && parts[4] < 60;
  if (!isReal) return null;
  if (zone !== undefined) return utc - offsetIn(zone);
  // Twice, since the offset is that of the moment that is looked for.
  const near = utc - zoneOffset(utc, timeZone);
  return utc - zoneOffset(near, timeZone);
}

/** `+08:00`, `UTC+8`, `Z`, in milliseconds. */
function offsetIn(zone: string): number {
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** Time that the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function zoneOffset(moment: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    ...{
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    },
  });
  const parts = new Map(
    format.formatToParts(new Date(moment)).map(({ type, value }) => [type, Number(value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(moment / 1000) * 1000;
}

/** True for a zone that this machine knows: `Asia/Shanghai`, `UTC`, `+08:00`. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
