// Items, nodes and the other globals. Everything but `$json` is fetched when it is first used: once
// for a batch, not once for an item.
(function (engine) {
  'use strict';
  const { host, state, parse, fault } = engine;

  const wrap = (json, binary) => (binary === null || binary === undefined ? { json } : { json, binary });

  const whole = () => (state.whole ??= parse(host(1, state.base, state.count)));
  const binaries = () => (state.binaries ??= parse(host(2, state.base, state.count)));

  const current = () => {
    if (state.i < 0) {
      throw fault('no_current_item',
        "There is no current item in mode 'all': use $input.all(), or set the mode to 'each'.");
    }
    return state.i;
  };

  const item = () => {
    const json = whole()[current()];
    return json === undefined ? undefined : wrap(json, binaries()[state.i]);
  };

  // Of the input for an empty id. `at` and `all` keep what they fetched for this evaluation.
  const list = (id) => {
    const size = Number(host(3, id));
    const known = new Map();
    let every = null;
    const at = (index) => {
      if (index < 0 || index >= size) return undefined;
      if (every !== null) return every[index];
      if (!known.has(index)) known.set(index, wrap(...parse(host(4, id, index))));
      return known.get(index);
    };
    const all = () => {
      if (every === null) {
        const [jsons, files] = parse(host(5, id));
        every = jsons.map((json, index) => wrap(json, files === null ? null : files[index]));
      }
      return every.slice();
    };
    return { size, at, all };
  };

  const input = (() => {
    const items = () => {
      if (!state.cache.has('input')) state.cache.set('input', list(''));
      return state.cache.get('input');
    };
    return Object.freeze({
      get item() { return item(); },
      first: () => items().at(0),
      last: () => items().at(items().size - 1),
      all: () => items().all(),
    });
  })();

  // The items of node `id` that the current batch was made from.
  const linksOf = (id) => {
    if (!state.links.has(id)) {
      const [indices, broken, used, jsons, files] = parse(host(6, id, state.base, state.count));
      const items = new Map(used.map((index, n) => [index, wrap(jsons[n], files[n])]));
      state.links.set(id, { indices, broken: new Map(broken), items });
    }
    return state.links.get(id);
  };

  const linked = (id, index) => {
    const links = linksOf(id);
    if (links.broken.has(index)) throw fault('link_broken', links.broken.get(index));
    return links.items.get(links.indices[index]);
  };

  const makeNode = (id) => {
    const items = list(id);
    const ran = () => {
      if (items.size >= 0) return items;
      throw fault('node_not_run', `Node '${id}' has not run, so it has no items. ` +
        `Test $('${id}').isExecuted first when it may have been skipped.`);
    };
    const node = {
      get isExecuted() { return items.size >= 0; },
      get item() { ran(); return linked(id, current()); },
      get json() { return node.item.json; },
      get binary() { return node.item.binary ?? {}; },
      itemMatching: (index) => { ran(); return linked(id, index - state.base); },
      first: () => ran().at(0),
      last: () => ran().at(items.size - 1),
      all: () => ran().all(),
    };
    return Object.freeze(node);
  };

  const nodeOf = (id) => {
    const name = String(id);
    if (!state.nodes.has(name)) state.nodes.set(name, makeNode(name));
    return state.nodes.get(name);
  };

  const cached = (name, make) => {
    if (!state.cache.has(name)) state.cache.set(name, make());
    return state.cache.get(name);
  };
  const fromHost = (name) => cached(name, () => {
    const text = host(0, name);
    return text === undefined ? undefined : parse(text);
  });

  const nodes = new Proxy(Object.freeze({}), {
    get: (target, id) => (typeof id === 'string' ? nodeOf(id) : undefined),
  });

  engine.hide(globalThis, '$', Object.freeze(nodeOf));
  engine.hide(globalThis, '$node', nodes);
  engine.hide(globalThis, '$input', input);
  engine.defineGlobal('$item', () => item());
  engine.defineGlobal('$json', () => item()?.json);
  engine.defineGlobal('$itemIndex', () => state.base + current());
  engine.defineGlobal('$binary', () => binaries()[current()] ?? {});
  for (const name of ['$execution', '$workflow', '$env', '$vars', '$runIndex']) {
    engine.defineGlobal(name, () => fromHost(name));
  }

  // Names that exist for some nodes only, such as $response and $error.
  engine.bindExtra = (names) => {
    for (const name of names) {
      const text = host(0, name);
      delete globalThis[name];
      if (text === undefined) continue;
      Object.defineProperty(globalThis, name, { value: parse(text), configurable: true });
    }
  };
  engine.cached = cached;
})
