// The state of one evaluation, JSON that keeps large integers, and definitions that scripts cannot
// change. `host(operation, …)` asks the engine; the operations are listed in core/expression/host.h.
(function (engine) {
  'use strict';
  const { host } = engine;
  const { parse, stringify } = JSON;

  engine.state = { i: -1, base: 0, count: 0, rows: [], whole: null, binaries: null, links: new Map(),
                   nodes: new Map(), cache: new Map(), now: 0, zone: 'UTC', source: '', odd: false };

  // An integer that a double cannot hold arrives as BigInt, so that it is never rounded.
  const exact = (key, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source)
      ? BigInt(context.source) : value;

  // Texts with such integers are marked with '!' by the host; only they pay for the reviver.
  engine.parse = (text) => (text[0] === '!' ? parse(text.slice(1), exact) : parse(text));
  engine.stringify = stringify;

  engine.fault = (code, message) => {
    const error = new Error(message);
    Object.defineProperty(error, 'engineCode', { value: code });
    return error;
  };

  engine.hide = (target, name, value) =>
    Object.defineProperty(target, name, { value, writable: false, enumerable: false, configurable: false });

  engine.extend = (target, methods) => {
    for (const name of Object.keys(methods)) engine.hide(target, name, Object.freeze(methods[name]));
  };

  // A part of the engine's JavaScript that most expressions do not need is read when it is used first.
  const parts = new Map();
  engine.part = (name) => {
    if (!parts.has(name)) parts.set(name, engine.library(name)(engine));
    return parts.get(name);
  };

  engine.defineGlobal = (name, get) =>
    Object.defineProperty(globalThis, name, { get, enumerable: false, configurable: false });

  engine.library = (name) => host(10, name);

  const { rawJSON } = JSON;
  engine.hide(BigInt.prototype, 'toJSON', function () { return rawJSON(this.toString()); });

  // An own property must be assignable although Object.prototype has one of that name.
  engine.shield = (name, value, isFor) => Object.defineProperty(Object.prototype, name, {
    get() { return isFor(this) ? value() : undefined; },
    set(own) {
      Object.defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true });
    },
    enumerable: false, configurable: false,
  });

  engine.seal = () => {
    for (const name of ['hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable', 'toLocaleString',
                        'toString', 'valueOf']) {
      const value = Object.prototype[name];
      engine.shield(name, () => value, () => true);
    }
    Object.preventExtensions(Object.prototype);
    delete Array.fromAsync;
    for (const type of [Array, String, Number, Boolean, BigInt, Symbol, Date, RegExp, Map, Set]) {
      Object.freeze(type.prototype);
      Object.freeze(type);
    }
    for (const space of [Object, Math, JSON, Reflect, Intl]) Object.freeze(space);
    // Threads and native code have no place in an expression. What runs later has none either: the
    // time limit does not reach it. `async` and `await` are taken out of sources before they get here.
    for (const name of ['Atomics', 'SharedArrayBuffer', 'WebAssembly', 'Loader', 'queueMicrotask',
                        'FinalizationRegistry', 'WeakRef']) delete globalThis[name];
    engine.hide(globalThis, 'Promise',
      Object.freeze({ resolve: (value) => value, all: (values) => [...values] }));
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      const own = Object.getOwnPropertyDescriptor(globalThis, name);
      if (own.configurable && 'value' in own) engine.hide(globalThis, name, own.value);
    }
  };
})
