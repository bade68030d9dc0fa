// Helper functions, and the libraries, which are read when they are first used.
(function (engine) {
  'use strict';
  const { host, state } = engine;

  const isEmpty = (value) => value === undefined || value === null || value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype &&
     Object.keys(value).length === 0);

  const jmespath = (data, expression) =>
    engine.cached('jmespath', () => engine.library('jmespath')).search(data, expression);

  const functions = {
    $if: (condition, yes, no = false) => (condition ? yes : no),
    $ifEmpty: (value, otherwise) => (isEmpty(value) ? otherwise : value),
    $min: (...values) => Math.min(...values),
    $max: (...values) => Math.max(...values),
    $jmespath: jmespath,
    $jmesPath: jmespath,
  };
  for (const name of Object.keys(functions)) engine.hide(globalThis, name, Object.freeze(functions[name]));

  let luxon = null;
  engine.luxon = () => {
    if (luxon === null) {
      const loaded = engine.library('luxon');
      loaded.Settings.defaultLocale = 'en-US';
      loaded.Settings.now = () => state.now;
      engine.hide(loaded.Interval.prototype, 'toJSON', function () { return this.toISO(); });
      luxon = loaded;
      engine.part('extend_dates').extendLuxon(luxon.DateTime);
      for (const type of [luxon.DateTime, luxon.Duration, luxon.Interval]) {
        Object.freeze(type.prototype);
        Object.freeze(type);
      }
    }
    luxon.Settings.defaultZone = state.zone;
    return luxon;
  };

  for (const name of ['DateTime', 'Duration', 'Interval']) {
    engine.defineGlobal(name, () => engine.luxon()[name]);
  }
  engine.defineGlobal('$now', () => engine.cached('$now', () => engine.luxon().DateTime.now()));
  engine.defineGlobal('$today', () =>
    engine.cached('$today', () => engine.luxon().DateTime.now().startOf('day')));

  const shown = (value) => {
    if (typeof value === 'string') return value;
    try {
      return engine.stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  };
  const log = (level) => (...values) => { host(11, level, values.map(shown).join(' ')); };
  engine.hide(globalThis, 'console', Object.freeze({
    log: log('info'), info: log('info'), warn: log('warn'), error: log('error'), debug: log('debug') }));
})
