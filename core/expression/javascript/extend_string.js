// Extension methods of strings.
(function (engine) {
  'use strict';
  const { host, fault } = engine;

  const kEmail = /[^\s<>()[\]\\.,;:@"]+(?:\.[^\s<>()[\]\\.,;:@"]+)*@((?:[a-z0-9-]+\.)+[a-z]{2,})/i;
  const kUrl = /https?:\/\/[-\w@:%.+~#=]{1,256}\.[a-z0-9()]{2,}\b[-\w()[\]@:%+.~#?&/=]*/i;
  const kWholeUrl = /^https?:\/\/(?:[^\s/?#@]*@)?([^\s/?#:@]+)(?::\d{1,5})?([/][^\s?#]*)?(?:\?[^\s#]*)?(?:#\S*)?$/i;
  const kDomain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/i;
  const kHashes = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha3', 'ripemd160', 'base64'];
  const kSmallWords = new Set(['a', 'an', 'and', 'as', 'at', 'because', 'but', 'by', 'en', 'for', 'if', 'in',
    'neither', 'nor', 'of', 'on', 'only', 'or', 'over', 'per', 'so', 'some', 'than', 'that', 'the', 'to', 'up',
    'upon', 'v', 'versus', 'via', 'vs', 'when', 'with', 'without', 'yet']);
  // Letters that do not come apart into a base letter and an accent.
  const kLetters = { ß: 'ss', ẞ: 'SS', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L',
    đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th', ı: 'i', '‘': "'", '’': "'", '“': '"', '”': '"',
    '–': '-', '—': '-', '…': '...', '€': 'EUR' };

  const upperFirst = (word) => word.charAt(0).toUpperCase() + word.slice(1);

  return { String: {
    base64Encode() { return host(8, this); },
    base64Decode() { return host(9, this); },
    hash(algorithm = 'md5') {
      const name = String(algorithm).toLowerCase();
      if (!kHashes.includes(name)) {
        throw fault('unknown_hash', `There is no hash '${algorithm}'; choose one of ${kHashes.join(', ')}.`);
      }
      return name === 'base64' ? host(8, this) : host(7, name, this);
    },
    extractEmail() { return kEmail.exec(this)?.[0]; },
    extractDomain() {
      return kEmail.test(this) && !kUrl.test(this) ? kEmail.exec(this)[1]
        : kWholeUrl.exec(kUrl.exec(this)?.[0] ?? this)?.[1] ?? (kDomain.test(this) ? this : undefined);
    },
    extractUrl() { return kUrl.exec(this)?.[0]; },
    extractUrlPath() {
      const parts = kWholeUrl.exec(this.trim());
      return parts === null ? undefined : parts[2] ?? '/';
    },
    isDomain() { return kDomain.test(this); },
    isEmail() { return new RegExp(`^${kEmail.source}$`, 'i').test(this); },
    isUrl() { return kWholeUrl.test(this); },
    isEmpty() { return this === ''; },
    isNotEmpty() { return this !== ''; },
    isNumeric() { return this.trim() !== '' && !/\s/.test(this) && Number.isFinite(Number(this)); },
    parseJson() {
      try {
        return engine.parse(this.trimStart());
      } catch (error) {
        throw fault('bad_json', `parseJson: the text is not JSON (${error.message}).`);
      }
    },
    toJsonString() { return engine.stringify(this); },
    quote(mark = '"') {
      const inside = this.replaceAll('\\', '\\\\');
      return mark + (mark === '' ? inside : inside.replaceAll(mark, () => `\\${mark}`)) + mark;
    },
    removeMarkdown() {
      return this.replace(/^[ \t]*(?:```|~~~).*\n?/gm, '')
        .replace(/^[ \t]*(?:[-*_][ \t]*){3,}$/gm, '')
        .replace(/^[ \t]*(?:[-*+]|\d+\.)[ \t]+/gm, '')
        .replace(/^[ \t]*>+[ \t]?/gm, '')
        .replace(/^[ \t]*#{1,6}[ \t]+/gm, '')
        .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/(\*\*\*|___|\*\*|__|~~)(?=\S)([^\n]*?\S)\1/g, '$2')
        .replace(/(^|[^\w*])[*_](?=\S)([^*_\n]*[^\s*_])[*_](?![\w*])/g, '$1$2')
        .replace(/`([^`\n]+)`/g, '$1');
    },
    removeTags() { return this.replace(/<[^>]*>?/g, ''); },
    replaceSpecialChars() {
      return this.normalize('NFD').replace(/\p{M}/gu, '').replace(/[^\x00-\x7f]/gu, (c) => kLetters[c] ?? '?');
    },
    toBoolean() { return !['false', 'no', '0', ''].includes(this.trim().toLowerCase()); },
    toNumber() {
      const number = Number(this);
      if (this.trim() === '' || Number.isNaN(number)) {
        throw fault('not_a_number', `toNumber: '${this}' is not a number.`);
      }
      return !Number.isSafeInteger(number) && /^\s*-?\d+\s*$/.test(this) ? BigInt(this.trim()) : number;
    },
    toDateTime(format) { return engine.part('extend_dates').toDateTime(this, format); },
    toSentenceCase() {
      return this.toLowerCase().replace(/(^|[.!?])([^\p{L}.!?]*)(\p{L})/gu,
        (all, end, between, letter) => end + between + letter.toUpperCase());
    },
    toSnakeCase() {
      return this.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1_$2').toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim().replace(/[\s_-]+/g, '_');
    },
    toTitleCase() {
      const words = this.toLowerCase().split(/(\s+)/);
      const named = words.map((word, i) => (word.trim() === '' ? -1 : i)).filter((i) => i >= 0);
      return words.map((word, i) =>
        (kSmallWords.has(word) && i !== named[0] && i !== named.at(-1) ? word : upperFirst(word))).join('');
    },
    urlEncode(all = false) { return all ? encodeURI(this) : encodeURIComponent(this); },
    urlDecode(all = false) { return all ? decodeURI(this) : decodeURIComponent(this); },
  } };
})
