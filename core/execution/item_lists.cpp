#include "core/execution/item_lists.h"

#include <algorithm>
#include <charconv>

#include "core/value/json.h"

namespace engine::execution {
namespace {

constexpr std::size_t kPieceBytes = 256U << 10U;

// The items of all lists in a row. An entry is
//   7        input item 7 of input 0, passed on unchanged
//   [1, 7]   the same of input 1
//   {"j": json, "b": binary, "o": origin}   a new item; `b` when there is one; `o` is an index into
//   input 0,
//            a list of [input, index], or null for none; left out, it is one more than the origin
//            before.
class Writer {
 public:
  Writer(const std::vector<RunInput>& inputs, const PieceSink& sink)
      : inputs_(inputs), sink_(sink) {}

  void write(const Item& item) {
    if (piece_.size() >= kPieceBytes) flush();
    piece_ += piece_.empty() ? '[' : ',';
    if (item.origin.size() == 1 && passed_on(item)) {
      write_source(item.origin[0]);
    } else {
      write_new(item);
    }
    next_origin_ = item.origin.size() == 1 ? std::size_t{item.origin[0].item} + 1 : 0;
  }

  void flush() {
    sink_(std::exchange(piece_, {}) + ']');
    flushed_ = true;
  }
  bool flushed() const { return flushed_; }
  std::string rest() && { return piece_.empty() ? "[]" : std::move(piece_) + ']'; }

 private:
  bool passed_on(const Item& item) const {
    const Origin::Source source = item.origin[0];
    if (source.input >= inputs_.size() || source.item >= inputs_[source.input].items->size()) {
      return false;
    }
    const Item& same = (*inputs_[source.input].items)[source.item];
    return same.json.same_as(item.json) && same.binary.same_as(item.binary);
  }

  void write_number(std::size_t number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    piece_.append(digits, end);
  }

  void write_source(Origin::Source source) {
    if (source.input == 0) return write_number(source.item);
    piece_ += '[';
    write_number(source.input);
    piece_ += ',';
    write_number(source.item);
    piece_ += ']';
  }

  void write_new(const Item& item) {
    piece_ += "{\"j\":";
    print_json(item.json, piece_);
    if (item.binary.given()) {
      piece_ += ",\"b\":";
      print_json(item.binary, piece_);
    }
    write_origin(item.origin);
    piece_ += '}';
  }

  void write_origin(const Origin& origin) {
    const bool expected =
        origin.size() == 1 && origin[0].input == 0 && origin[0].item == next_origin_;
    if (expected) return;
    piece_ += ",\"o\":";
    if (origin.size() == 0) {
      piece_ += "null";
    } else if (origin.size() == 1 && origin[0].input == 0) {
      write_number(origin[0].item);
    } else {
      piece_ += '[';
      for (std::size_t i = 0; i < origin.size(); ++i) {
        if (i > 0) piece_ += ',';
        piece_ += '[';
        write_number(origin[i].input);
        piece_ += ',';
        write_number(origin[i].item);
        piece_ += ']';
      }
      piece_ += ']';
    }
  }

  const std::vector<RunInput>& inputs_;
  const PieceSink& sink_;
  std::string piece_;
  bool flushed_ = false;
  std::size_t next_origin_ = 0;
};

[[noreturn]] void damaged(const std::string& what) {
  throw Error(ErrorCause::storage, "history_damaged",
              "The stored history of the execution does not fit its workflow: " + what + ".");
}

class Reader {
 public:
  Reader(const std::vector<RunInput>& inputs, std::vector<Items>& lists)
      : inputs_(inputs), lists_(lists) {}

  void expect(std::vector<std::size_t> counts) {
    counts_ = std::move(counts);
    lists_.resize(counts_.size());
    // Not more than a damaged count may take.
    constexpr std::size_t kMostReserved = 1U << 16U;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      lists_[i].reserve(std::min(counts_[i], kMostReserved));
    }
  }

  void read(const Value& piece) {
    for (const View entry : piece.elements()) {
      while (list_ < counts_.size() && lists_[list_].size() == counts_[list_]) ++list_;
      if (list_ == counts_.size()) damaged("there are more items than were counted");
      Item item = read_entry(piece, entry);
      next_origin_ = item.origin.size() == 1 ? std::size_t{item.origin[0].item} + 1 : 0;
      lists_[list_].push_back(std::move(item));
    }
  }

  void finish() const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (lists_[i].size() != counts_[i]) damaged("there are fewer items than were counted");
    }
  }

 private:
  Item read_entry(const Value& piece, View entry) const {
    if (entry.is_object()) {
      Item item{piece.share(entry["j"]), piece.share(entry["b"]), {}};
      item.origin = read_origin(entry["o"]);
      return item;
    }
    const Origin::Source source =
        entry.is_array() ? read_source(entry) : Origin::Source{0, index_of(entry)};
    if (source.input >= inputs_.size() || source.item >= inputs_[source.input].items->size()) {
      damaged("an item refers to an input that is not there");
    }
    const Item& same = (*inputs_[source.input].items)[source.item];
    return {same.json, same.binary, Origin::of(source.item, source.input)};
  }

  static std::uint32_t index_of(View value) {
    const auto index = value.as_integer();
    if (!index || *index < 0 || *index > UINT32_MAX) damaged("an origin is no index");
    return static_cast<std::uint32_t>(*index);
  }

  static Origin::Source read_source(View pair) {
    return {index_of(pair[std::size_t{0}]), index_of(pair[1])};
  }

  Origin read_origin(View origin) const {
    if (origin.missing()) return Origin::of(next_origin_);
    if (origin.null()) return {};
    if (!origin.is_array()) return Origin::of(index_of(origin));
    std::vector<Origin::Source> sources;
    for (const View pair : origin.elements()) sources.push_back(read_source(pair));
    return Origin::of(std::move(sources));
  }

  const std::vector<RunInput>& inputs_;
  std::vector<Items>& lists_;
  std::vector<std::size_t> counts_;
  std::size_t list_ = 0;
  std::size_t next_origin_ = 0;
};

}  // namespace

void write_lists(std::string& data, std::string_view name, const std::vector<Items>& lists,
                 const std::vector<RunInput>& inputs, const PieceSink& sink) {
  data += '"';
  data += name;
  data += "\":{\"counts\":[";
  Writer writer(inputs, sink);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (i > 0) data += ',';
    data += std::to_string(lists[i].size());
    for (const Item& item : lists[i]) writer.write(item);
  }
  data += ']';
  if (writer.flushed()) {
    writer.flush();
    data += ",\"pieces\":true}";
  } else {
    data += ",\"items\":" + std::move(writer).rest() + '}';
  }
}

std::vector<Items> read_lists(View lists, const std::vector<RunInput>& inputs,
                              const PieceSource& pieces) {
  std::vector<Items> result;
  Reader reader(inputs, result);
  std::vector<std::size_t> counts;
  for (const View count : lists["counts"].elements()) {
    counts.push_back(static_cast<std::size_t>(count.as_integer().value_or(0)));
  }
  reader.expect(std::move(counts));
  if (lists["pieces"].as_bool()) {
    pieces([&](std::string&& piece) { reader.read(parse_json(piece, "a stored item list")); });
  } else {
    ValueBuilder builder;  // the lists outlive the event's document
    builder.copy(lists["items"]);
    reader.read(builder.finish());
  }
  reader.finish();
  return result;
}

}  // namespace engine::execution
