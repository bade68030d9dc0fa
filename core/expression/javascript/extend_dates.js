// Extension methods of dates, and reading dates from texts and numbers.
(function (engine) {
  'use strict';
  const { fault } = engine;
  const kMsPerDay = 86400000;
  const kExcelEpochDays = 25569;  // days from 1899-12-30 to 1970-01-01
  const kNumberFormats = {
    ms: (n) => n, s: (n) => n * 1000, us: (n) => n / 1000,
    excel: (n) => Math.round((n - kExcelEpochDays) * kMsPerDay),
  };

  const parsers = (DateTime) => [
    (text) => DateTime.fromISO(text, { setZone: true }),
    (text) => DateTime.fromRFC2822(text, { setZone: true }),
    (text) => DateTime.fromHTTP(text, { setZone: true }),
    (text) => DateTime.fromSQL(text, { setZone: true }),
    (text) => DateTime.fromMillis(Date.parse(text)),
  ];

  const fromText = (DateTime, text) => {
    for (const read of parsers(DateTime)) {
      try {
        const date = read(text);
        if (date.isValid) return date;
      } catch {
        // The next form may fit.
      }
    }
    return undefined;
  };

  const read = (value, format) => {
    const { DateTime } = engine.luxon();
    if (value instanceof DateTime) return value;
    if (value instanceof Date) return DateTime.fromJSDate(value);
    const name = typeof format === 'object' && format !== null ? format.format : format;
    if (typeof value === 'number') return DateTime.fromMillis((kNumberFormats[name ?? 'ms'] ?? (() => NaN))(value));
    const text = String(value).trim();
    if (name !== undefined && !Object.hasOwn(kNumberFormats, name)) return DateTime.fromFormat(text, name);
    if (name !== undefined || /^-?\d{9,}$/.test(text)) {
      return DateTime.fromMillis(kNumberFormats[name ?? 'ms'](Number(text)));
    }
    return fromText(DateTime, text);
  };

  const toDateTime = (value, format) => {
    let date;
    try {
      date = read(value, format);
    } catch {
      date = undefined;
    }
    if (date !== undefined && date.isValid) return date;
    throw fault('not_a_date', `toDateTime: '${value}' is not a date that can be read. ` +
      "Name its form, such as .toDateTime({ format: 'dd.MM.yyyy' }).");
  };

  const partOf = (date, part) => {
    const names = { week: 'weekNumber', weeks: 'weekNumber', dayOfYear: 'ordinal', yearDayNumber: 'ordinal' };
    const name = names[part] ?? (/^(?:year|quarter|month|day|hour|minute|second|millisecond)s$/.test(part)
      ? part.slice(0, -1) : part);
    const value = date.get(name);
    if (typeof value === 'number') return value;
    throw fault('bad_argument', `extract: there is no part '${part}'; use year, month, week, day, hour, minute, …`);
  };

  const difference = (a, b, unit) => {
    const found = a.diff(toDateTime(b), unit);
    return Array.isArray(unit) ? found.toObject() : found.as(unit);
  };

  const amount = (value, unit) => (unit === undefined ? value : { [unit]: value });

  const methodsOf = (own) => ({
    diffTo(other, unit = 'days') { return difference(own(this), other, unit); },
    diffToNow(unit = 'days') { return difference(own(this), engine.luxon().DateTime.now(), unit); },
    extract(part = 'week') { return partOf(own(this), part); },
    format(form, options) { return own(this).toFormat(form ?? 'yyyy-MM-dd', options); },
    isBetween(a, b) {
      const [x, y, self] = [toDateTime(a), toDateTime(b), own(this)].map(Number);
      return Math.min(x, y) < self && self < Math.max(x, y);
    },
    toDateTime() { return own(this); },
    isEmpty() { return false; },
    isNotEmpty() { return true; },
  });

  const extendLuxon = (DateTime) => {
    const { plus, minus } = DateTime.prototype;
    engine.extend(DateTime.prototype, {
      ...methodsOf((date) => date),
      plus(value, unit) { return plus.call(this, amount(value, unit)); },
      minus(value, unit) { return minus.call(this, amount(value, unit)); },
    });
  };

  const toLuxon = (date) => engine.luxon().DateTime.fromJSDate(date);
  const date = {
    ...methodsOf(toLuxon),
    plus(value, unit) { return toLuxon(this).plus(value, unit); },
    minus(value, unit) { return toLuxon(this).minus(value, unit); },
  };
  return { Date: date, toDateTime, extendLuxon };
})
