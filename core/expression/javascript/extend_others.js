// Extension methods of numbers, booleans and objects.
(function (engine) {
  'use strict';

  const number = {
    abs() { return Math.abs(this); },
    ceil() { return Math.ceil(this); },
    floor() { return Math.floor(this); },
    // Halves go away from zero, decimally: 1.005 with two places is 1.01, as it is written.
    round(places = 0) {
      const shifted = Math.round(Number(`${Math.abs(this)}e${places}`));
      const rounded = Number(`${shifted}e${-places}`);
      return Number.isNaN(rounded) ? Number(this.toFixed(places)) : Math.sign(this) * rounded;
    },
    format(locale = 'en-US', options = undefined) { return new Intl.NumberFormat(locale, options).format(this); },
    isEmpty() { return false; },
    isNotEmpty() { return true; },
    isEven() { return Number.isInteger(this) && this % 2 === 0; },
    isOdd() { return Number.isInteger(this) && this % 2 !== 0; },
    isInteger() { return Number.isInteger(this); },
    toBoolean() { return this !== 0 && !Number.isNaN(this); },
    toNumber() { return this; },
    toDateTime(format) { return engine.part('extend_dates').toDateTime(this, format); },
    toJsonString() { return engine.stringify(this); },
  };

  const boolean = {
    toNumber() { return this ? 1 : 0; },
    toBoolean() { return this; },
    isEmpty() { return false; },
    isNotEmpty() { return true; },
    toJsonString() { return engine.stringify(this); },
  };

  const { isPlain } = engine;
  const isGiven = (value) => value !== null && value !== undefined && value !== '';
  const kept = (object, keep) => Object.fromEntries(Object.entries(object).filter(keep));
  const contains = (value, part) => typeof value === 'string' && value.includes(part);
  const compact = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => isGiven(value))
    .map(([key, value]) => [key, isPlain(value) ? compact(value) : value]));

  const object = {
    compact() { return compact(this); },
    hasField(name) { return Object.hasOwn(this, name); },
    isEmpty() { return Object.keys(this).length === 0; },
    isNotEmpty() { return Object.keys(this).length > 0; },
    keepFieldsContaining(part) { return kept(this, ([, value]) => contains(value, part)); },
    removeFieldsContaining(part) { return kept(this, ([, value]) => !contains(value, part)); },
    removeField(name) { return kept(this, ([key]) => key !== name); },
    keys() { return Object.keys(this); },
    values() { return Object.values(this); },
    merge(other) { return { ...other, ...this }; },
    toJsonString() { return engine.stringify(this); },
    urlEncode() {
      const encode = (text) => encodeURIComponent(typeof text === 'object' ? engine.stringify(text) : text)
        .replaceAll('%20', '+');
      return Object.entries(this).map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
    },
  };
  return { Number: number, Boolean: boolean, Object: object };
})
