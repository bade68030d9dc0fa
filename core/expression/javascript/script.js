// Runs the script of a code node and brings what it returns into one form.
(function (engine) {
  'use strict';
  const { state, stringify, fault } = engine;
  let results = [];
  let errors = [];

  const attempt = (index, run) => {
    try {
      results[index] = run();
    } catch (error) {
      errors.push([index, ...engine.describe(error)]);
    }
  };

  // A date is written as a text, so it is a value, not an item.
  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value) &&
    typeof value.toJSON !== 'function';

  // Only `json` and what stands beside it: then the object is an item, not data.
  const isItem = (value) => isObject(value.json) &&
    Object.keys(value).every((key) => ['json', 'binary', 'pairedItem', 'index', 'error'].includes(key));

  const kindOf = (value) => (Array.isArray(value) ? 'a list' : value === null ? 'null' :
    typeof value === 'object' ? 'a value that is written as a text (such as a date)' : `a ${typeof value}`);

  const add = (value, origin, place, gathered) => {
    if (!isObject(value)) {
      throw fault('bad_script_result', `The script returned ${kindOf(value)} ${place}; an item must be an object.`);
    }
    const item = isItem(value) ? value : { json: value };
    gathered.jsons.push(item.json);
    gathered.binaries.push(item.binary ?? null);
    const paired = isObject(item.pairedItem) ? item.pairedItem.item : item.pairedItem;
    gathered.origins.push(Number.isInteger(paired) && paired >= 0 ? paired : origin);
  };

  const gather = (value, origin, gathered) => {
    if (value === undefined) {
      throw fault('bad_script_result', "The script returned nothing: end it with 'return', and an object or a list of objects.");
    }
    if (value === null) return;
    if (!Array.isArray(value)) return add(value, origin, 'instead of an object or a list', gathered);
    value.forEach((element, n) => add(element, origin, `as element ${n} of its list`, gathered));
  };

  // Nearly every list is one of plain data, which needs no second look at each element.
  const isPlainData = (list) => {
    for (let n = 0; n < list.length; n++) {
      const element = list[n];
      if (typeof element !== 'object' || element === null || Array.isArray(element) ||
          element.json !== undefined || typeof element.toJSON === 'function') return false;
    }
    return true;
  };

  const runAll = (script) => {
    results = [];
    errors = [];
    attempt(0, script);
  };

  const runEach = (script) => {
    results = new Array(state.count);
    errors = [];
    for (let i = 0; i < state.count && errors.length === 0; i++) {
      state.i = i;
      attempt(i, () => script(state.rows[i], state.base + i));
    }
  };

  // [failure or null, [json], [binary] or null, [index of the item it was made from, or -1] or null]
  const gatherAll = (each) => {
    if (!each && errors.length === 0 && Array.isArray(results[0]) && isPlainData(results[0])) {
      const jsons = results[0];
      results = [];
      return stringify([null, jsons, null, null]);
    }
    const gathered = { jsons: [], binaries: [], origins: [] };
    for (let i = 0; i < results.length && errors.length === 0; i++) {
      try {
        gather(results[i], each ? i : -1, gathered);
      } catch (error) {
        errors.push([i, ...engine.describe(error)]);
      }
    }
    results = [];
    if (errors.length > 0) return stringify([errors[0], [], null, []]);
    const hasBinary = gathered.binaries.some((binary) => binary !== null);
    return stringify([null, gathered.jsons, hasBinary ? gathered.binaries : null, gathered.origins]);
  };

  return { runAll, runEach, gather: gatherAll };
})
