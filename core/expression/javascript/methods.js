// The names of the extension methods; the methods themselves are read when the first of a kind is used.
(function (engine) {
  'use strict';

  const words = (...lines) => lines.join(' ').split(' ');
  const kinds = {
    String: ['extend_string', words(
      'base64Encode base64Decode hash extractEmail extractDomain extractUrl extractUrlPath isDomain isEmail isUrl',
      'isEmpty isNotEmpty isNumeric parseJson toJsonString quote removeMarkdown removeTags replaceSpecialChars',
      'toBoolean toNumber toDateTime toSentenceCase toSnakeCase toTitleCase urlEncode urlDecode')],
    Array: ['extend_array', words(
      'append average sum min max chunk compact first last isEmpty isNotEmpty randomItem removeDuplicates unique',
      'difference intersection union pluck renameKeys smartJoin merge toJsonString')],
    Number: ['extend_others', words(
      'abs ceil floor round format isEmpty isNotEmpty isEven isOdd isInteger toBoolean toNumber toDateTime',
      'toJsonString')],
    Boolean: ['extend_others', words('toNumber toBoolean isEmpty isNotEmpty toJsonString')],
    Date: ['extend_dates', words('diffTo diffToNow extract format isBetween toDateTime isEmpty isNotEmpty plus minus')],
    Object: ['extend_others', words(
      'compact hasField isEmpty isNotEmpty keepFieldsContaining removeFieldsContaining removeField keys values',
      'merge toJsonString urlEncode')],
  };

  // A method that is listed and not there, or there and not listed, is a fault of the engine.
  const read = (kind, part, names) => {
    const methods = engine.part(part)[kind];
    if (Object.keys(methods).sort().join() !== names.slice().sort().join()) {
      throw engine.fault('bug', `The methods of ${kind} are not those that are listed.`);
    }
    for (const name of names) Object.freeze(methods[name]);
    return methods;
  };

  engine.isPlain = (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const prototype = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
  };

  for (const kind of Object.keys(kinds)) {
    const [part, names] = kinds[kind];
    let methods = null;
    const method = (name) => (methods ??= read(kind, part, names))[name];
    for (const name of names) {
      if (kind === 'Object') {
        engine.shield(name, () => method(name), engine.isPlain);
      } else {
        Object.defineProperty(globalThis[kind].prototype, name,
          { get: () => method(name), enumerable: false, configurable: false });
      }
    }
  }
})
