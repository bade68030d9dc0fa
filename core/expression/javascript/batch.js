// Runs the expressions of one batch. Each compiled expression is a loop over the rows of the batch
// (core/expression/batch.cpp), so that the engine is entered once for all of them.
(function (engine) {
  'use strict';
  const { state, stringify } = engine;
  const kFrame = /(?:^|@)(?:expression|script):(\d+):(\d+)$/m;
  const kEmptyOfNothing = /^(?:undefined|null) is not an object \(evaluating '([^]*)\.(isEmpty|isNotEmpty)'\)$/;

  engine.describe = (error) => {
    let name = 'Error', message = '', line = 0, column = 0, code = '';
    try {
      if (error instanceof Error) {
        name = String(error.name);
        message = String(error.message);
        code = String(error.engineCode ?? '');
        const frame = kFrame.exec(String(error.stack));
        if (frame !== null) { line = Number(frame[1]) - 1; column = Number(frame[2]); }
      } else {
        message = typeof error === 'string' ? error : stringify(error) ?? String(error);
      }
    } catch {
      message = 'An error that cannot be read.';
    }
    return [name, message, line, column, code];
  };

  let out = [];
  let failures = [];
  let missing = [];

  const fail = (index, error) => {
    out[index] = null;
    // Asking null whether it is empty has an obvious answer, although null has no methods.
    const asked = error instanceof TypeError ? kEmptyOfNothing.exec(error.message) : null;
    if (asked !== null && `${asked[1]}.${asked[2]}()` === state.source) {
      out[index] = asked[2] === 'isEmpty';
      return;
    }
    failures.push([index, ...engine.describe(error)]);
  };

  const kinds = { function: 'a function: call it with ()', symbol: 'a symbol' };
  const refuse = (value) => engine.fault('not_a_value', `The expression gives ${kinds[typeof value]}.`);

  // Faults of single values are found only when the whole does not print.
  const printEach = () => {
    const texts = new Array(state.count);
    for (let i = 0; i < state.count; i++) {
      try {
        texts[i] = stringify(out[i]) ?? 'null';
      } catch (error) {
        texts[i] = 'null';
        failures.push([i, ...engine.describe(error)]);
      }
    }
    return texts;
  };

  const print = () => {
    try {
      return stringify(out);
    } catch {
      return `[${printEach().join(',')}]`;
    }
  };

  const api = engine.api;

  // Read from outside when an expression was stopped.
  api.state = state;

  api.begin = (now, zone, ...names) => {
    Object.assign(state, { now, zone, i: -1, base: 0, count: 0 });
    state.nodes.clear();
    state.cache.clear();
    engine.bindExtra(names);
  };

  api.load = (base, count, text) => {
    Object.assign(state, { base, count, i: -1, rows: [], whole: null, binaries: null });
    state.links.clear();
    if (text === undefined) return;
    state.rows = engine.parse(text);
  };

  api.useWhole = () => { state.whole = state.rows; };

  // [[items without a value], [failures], [values]]
  api.column = (loop, source) => {
    out = new Array(state.count);
    failures = [];
    state.source = source;
    state.odd = false;
    loop(state.rows, state, out, fail);
    missing = [];
    for (let i = 0; state.odd && i < state.count; i++) {
      const value = out[i];
      if (value === undefined) {
        missing.push(i);
      } else if (typeof value === 'function' || typeof value === 'symbol') {
        fail(i, refuse(value));
      }
    }
    const values = print();
    return `[${stringify(missing)},${stringify(failures)},${values}]`;
  };

  // The last column again, each value as a text of its own.
  api.columnTexts = () => {
    const texts = printEach();
    for (const i of missing) texts[i] = '';
    return stringify([missing, failures, texts]);
  };

  api.end = () => {
    Object.assign(state, { rows: [], whole: null, binaries: null, count: 0, i: -1 });
    state.links.clear();
    state.nodes.clear();
    state.cache.clear();
    out = [];
    failures = [];
    for (const name of Object.keys(globalThis)) delete globalThis[name];
  };

  for (const name of ['runAll', 'runEach', 'gather']) {
    api[name] = (...parameters) => engine.part('script')[name](...parameters);
  }

  api.methodNames = () => {
    const names = new Set();
    for (const type of [String, Array, Number, Boolean, Date, Object]) {
      for (const name of Object.getOwnPropertyNames(type.prototype)) names.add(name);
    }
    for (const name of ['endOf', 'set', 'setZone', 'startOf', 'toFormat', 'toISO', 'toISODate', 'toMillis',
                        'toRelative', 'toSeconds', 'toUTC']) names.add(name);
    return stringify([...names]);
  };
})
