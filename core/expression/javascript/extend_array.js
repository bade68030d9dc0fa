// Extension methods of lists.
(function (engine) {
  'use strict';
  const { fault } = engine;

  // Equal as JSON; used as a key, so that sets of items take one pass. Member order does not count.
  const keyOf = (value) => engine.stringify(value, (key, part) =>
    (typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part)) + typeof value;

  const listOf = (method, value) => {
    if (Array.isArray(value)) return value;
    throw fault('bad_argument', `${method}: give it a list, such as .${method}([1, 2]).`);
  };

  const numbersOf = (method, values) => values.map((value) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'bigint' || (typeof number === 'number' && !Number.isNaN(number))) return number;
    throw fault('not_a_number', `${method}: ${engine.stringify(value) ?? 'undefined'} is not a number.`);
  });

  const distinct = (values, keyed) => {
    const seen = new Set();
    return values.filter((value) => !seen.has(keyed(value)) && seen.add(keyed(value)));
  };

  const sum = (numbers) => numbers.reduce((a, b) =>
    (typeof a === typeof b ? a + b : typeof a === 'bigint' && Number.isInteger(b) ? a + BigInt(b)
      : typeof b === 'bigint' && Number.isInteger(a) ? BigInt(a) + b : Number(a) + Number(b)), 0);

  const joined = (a, b) => ({ ...b, ...a });
  const isObject = (value) => typeof value === 'object' && value !== null;

  function removeDuplicates(...fields) {
    const names = fields.flat();
    return distinct(this, names.length === 0 ? keyOf : (v) => keyOf(names.map((name) => v?.[name])));
  }

  return { Array: {
    append(...values) { return [...this, ...values]; },
    average() { return this.length === 0 ? 0 : Number(sum(numbersOf('average', this))) / this.length; },
    sum() { return sum(numbersOf('sum', this)); },
    min() { return numbersOf('min', this).reduce((a, b) => (b < a ? b : a), this.length ? Infinity : undefined); },
    max() { return numbersOf('max', this).reduce((a, b) => (b > a ? b : a), this.length ? -Infinity : undefined); },
    chunk(size) {
      if (!Number.isInteger(size) || size < 1) {
        throw fault('bad_argument', 'chunk: give the size of a chunk, such as .chunk(10).');
      }
      return Array.from({ length: Math.ceil(this.length / size) }, (_, i) => this.slice(i * size, (i + 1) * size));
    },
    compact() { return this.filter((value) => value !== null && value !== undefined && value !== ''); },
    first() { return this[0]; },
    last() { return this[this.length - 1]; },
    isEmpty() { return this.length === 0; },
    isNotEmpty() { return this.length > 0; },
    randomItem() { return this[Math.floor(Math.random() * this.length)]; },
    removeDuplicates,
    unique: removeDuplicates,
    difference(other) {
      const theirs = new Set(listOf('difference', other).map(keyOf));
      return distinct(this.filter((value) => !theirs.has(keyOf(value))), keyOf);
    },
    intersection(other) {
      const theirs = new Set(listOf('intersection', other).map(keyOf));
      return distinct(this.filter((value) => theirs.has(keyOf(value))), keyOf);
    },
    union(other) { return distinct([...this, ...listOf('union', other)], keyOf); },
    pluck(...fields) {
      const names = fields.flat();
      if (names.length === 0) return this;
      return this.filter(isObject).map((value) => names.filter((name) => name in value).map((name) => value[name]))
        .filter((found) => found.length > 0).map((found) => (found.length === 1 ? found[0] : found));
    },
    renameKeys(...names) {
      if (names.length === 0 || names.length % 2 !== 0) {
        throw fault('bad_argument', "renameKeys: give pairs of names, such as .renameKeys('from', 'to').");
      }
      const renamed = new Map(names.chunk(2));
      return this.map((value) => (isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, v]) => [renamed.get(key) ?? key, v])) : value));
    },
    smartJoin(keyField, valueField) {
      if (typeof keyField !== 'string' || typeof valueField !== 'string') {
        throw fault('bad_argument', "smartJoin: give two field names, such as .smartJoin('name', 'value').");
      }
      return Object.fromEntries(this.filter((v) => isObject(v) && keyField in v && valueField in v)
        .map((v) => [v[keyField], v[valueField]]));
    },
    merge(other) {
      if (other === undefined) return this.filter(isObject).reduce((all, value) => joined(all, value), {});
      const theirs = listOf('merge', other);
      return Array.from({ length: Math.max(this.length, theirs.length) }, (_, i) =>
        (isObject(this[i]) && isObject(theirs[i]) ? joined(this[i], theirs[i]) : this[i] ?? theirs[i]));
    },
    toJsonString() { return engine.stringify(this); },
  } };
})
