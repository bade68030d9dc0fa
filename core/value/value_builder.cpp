#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <unordered_set>

#include "core/base/error.h"
#include "core/value/number.h"
#include "core/value/value.h"
#include "core/value/value_layout.h"

namespace engine {

using detail::ArrayRep;
using detail::Cell;
using detail::Member;
using detail::ObjectRep;
using detail::StringRep;

// The items of a batch are alike: the same keys, in the same order. Fixed tables that forget; a
// miss costs a second copy of a key or a second look at an object, nothing else.
struct ValueBuilder::Repetition {
  static constexpr std::size_t kKeys = 256;
  static constexpr std::size_t kShapes = 64;
  static constexpr std::size_t kLongest = 64;

  const StringRep* keys[kKeys] = {};  // each is stored once per arena
  std::uint8_t follower[kKeys] = {};  // the place of the key that came after it the last time
  std::uint8_t last = 0;
  const ObjectRep* shapes[kShapes] = {};  // objects made before, by first key and size

  const ObjectRep*& shape_of(const Cell* cells, std::size_t count) {
    return shapes[((cells[0] >> 3U) ^ count) % kShapes];
  }
};

ValueBuilder::ValueBuilder(std::size_t first_block_bytes)
    : arena_(detail::Arena::create(first_block_bytes)) {}

ValueBuilder::~ValueBuilder() {
  arena_->release();
}

namespace {

// Lies below the cells of an open container and says what it is.
constexpr Cell kArrayMarker = 0;
constexpr Cell kObjectMarker = 1;

StringRep* make_string(detail::Arena& arena, std::string_view value) {
  if (value.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCause::user, "string_too_long", "A text is longer than 4 GiB.");
  }
  auto* rep = static_cast<StringRep*>(arena.allocate(StringRep::bytes_for(value.size())));
  rep->size = static_cast<std::uint32_t>(value.size());
  char* text = reinterpret_cast<char*>(rep) + StringRep::offsetof_text();
  if (!value.empty()) std::memcpy(text, value.data(), value.size());
  return rep;
}

template <typename T>
Cell boxed(detail::Arena& arena, T value, detail::Tag tag) {
  auto* memory = static_cast<T*>(arena.allocate(sizeof(T)));
  *memory = value;
  return detail::tagged(memory, tag);
}

Cell integer_cell(detail::Arena& arena, std::int64_t value) {
  if (value >= detail::kSmallest && value <= detail::kLargest) return detail::small_integer(value);
  return boxed(arena, value, detail::kBigInteger);
}

}  // namespace

void ValueBuilder::integer(std::int64_t value) {
  push(integer_cell(*arena_, value));
}

void ValueBuilder::number(double value) {
  if (!std::isfinite(value)) {
    push(View::kNull);
  } else if (std::trunc(value) == value && std::fabs(value) <= 9007199254740992.0 &&
             !(value == 0 && std::signbit(value))) {
    integer(static_cast<std::int64_t>(value));
  } else {
    push(boxed(*arena_, value, detail::kDouble));
  }
}

void ValueBuilder::number_text(std::string_view text) {
  if (const auto value = parse_integer(text)) {
    integer(*value);
  } else {
    push(detail::tagged(make_string(*arena_, text), detail::kNumberText));
  }
}

Cell ValueBuilder::string_cell(std::string_view value) {
  return detail::tagged(make_string(*arena_, value), detail::kString);
}

void ValueBuilder::string(std::string_view value) {
  push(string_cell(value));
}

const StringRep* ValueBuilder::intern(std::string_view key) {
  // A single small object has nothing to share; the tables would cost more than the object.
  constexpr std::size_t kTablesFrom = 32;
  if (key.size() > Repetition::kLongest || ++keys_seen_ < kTablesFrom) {
    return make_string(*arena_, key);
  }
  if (!repetition_) repetition_ = std::make_unique<Repetition>();
  Repetition& seen = *repetition_;
  std::uint8_t& place = seen.follower[seen.last];
  const auto holds = [&](const StringRep* known) {
    return known != nullptr && known->view() == key;
  };
  if (!holds(seen.keys[place])) {
    place = static_cast<std::uint8_t>(std::hash<std::string_view>()(key) % Repetition::kKeys);
    if (!holds(seen.keys[place])) seen.keys[place] = make_string(*arena_, key);
  }
  seen.last = place;
  return seen.keys[place];
}

void ValueBuilder::key(std::string_view key) {
  push(detail::tagged(intern(key), detail::kString));
}

void ValueBuilder::value(const Value& value) {
  constexpr std::size_t kCopiedBelow = 32;
  if (value.missing()) {
    // A member without a value is taken back together with its key.
    if (!open_.empty() && stack_[open_.back() - 1] == kObjectMarker) {
      stack_.pop_back();
    } else {
      null();
    }
  } else if (value.arena_ == nullptr || value.arena_ == arena_) {
    push(value.cell_);
  } else if (value.is_number() || (value.is_string() && value.as_string().size() < kCopiedBelow)) {
    push(copy_cell(value));
  } else {
    arena_->keep(value.arena_);
    push(value.cell_);
  }
}

void ValueBuilder::copy(View value) {
  push(copy_cell(value));
}

// NOLINTNEXTLINE(misc-no-recursion): documents are limited in depth
Cell ValueBuilder::copy_cell(View value) {
  switch (detail::tag_of(value.cell_)) {
    case detail::kImmediate: return value.missing() ? View::kNull : value.cell_;
    case detail::kSmallInteger: return value.cell_;
    case detail::kBigInteger: return integer_cell(*arena_, *value.as_integer());
    case detail::kDouble: return boxed(*arena_, *value.as_number(), detail::kDouble);
    case detail::kNumberText:
      return detail::tagged(make_string(*arena_, detail::pointer<StringRep>(value.cell_)->view()),
                            detail::kNumberText);
    case detail::kString: return string_cell(value.as_string());
    case detail::kArray:
      begin_array();
      for (const View element : value.elements()) copy(element);
      end_array();
      break;
    case detail::kObject:
      begin_object();
      for (const auto& [name, member] : value.members()) {
        key(name);
        copy(member);
      }
      end_object();
      break;
  }
  const Cell cell = stack_.back();
  stack_.pop_back();
  return cell;
}

void ValueBuilder::begin_array() {
  push(kArrayMarker);
  open_.push_back(stack_.size());
}

void ValueBuilder::begin_object() {
  push(kObjectMarker);
  open_.push_back(stack_.size());
}

void ValueBuilder::end_array() {
  const std::size_t begin = open_.back();
  open_.pop_back();
  const std::size_t size = stack_.size() - begin;
  auto* array =
      static_cast<ArrayRep*>(arena_->allocate(sizeof(std::uint64_t) + size * sizeof(Cell)));
  array->size = size;
  std::copy(stack_.begin() + static_cast<std::ptrdiff_t>(begin), stack_.end(), array->cells);
  stack_.resize(begin - 1);
  push(detail::tagged(array, detail::kArray));
}

namespace {

std::string_view key_of(Cell cell) {
  return detail::pointer<StringRep>(cell)->view();
}

// Moves the last value of a repeated key to its first place; returns the cells that remain.
std::size_t drop_repeated_keys(Cell* cells, std::size_t count) {
  const std::size_t members = count / 2;
  const auto equal = [&](std::size_t a, std::size_t b) {
    return cells[2 * a] == cells[2 * b] || key_of(cells[2 * a]) == key_of(cells[2 * b]);
  };
  bool repeated = false;
  if (members <= 8) {
    for (std::size_t i = 1; i < members && !repeated; ++i) {
      for (std::size_t j = 0; j < i && !repeated; ++j) repeated = equal(i, j);
    }
  } else {
    std::vector<std::string_view> keys(members);
    for (std::size_t i = 0; i < members; ++i) keys[i] = key_of(cells[2 * i]);
    std::sort(keys.begin(), keys.end());
    repeated = std::adjacent_find(keys.begin(), keys.end()) != keys.end();
  }
  if (!repeated) return count;
  std::size_t kept = 0;
  std::vector<std::pair<std::string_view, std::size_t>> order(members);
  for (std::size_t i = 0; i < members; ++i) order[i] = {key_of(cells[2 * i]), i};
  std::sort(order.begin(), order.end());
  std::vector<bool> drop(members, false);
  for (std::size_t i = 0; i < members;) {
    std::size_t last = i;
    while (last + 1 < members && order[last + 1].first == order[i].first) ++last;
    cells[2 * order[i].second + 1] = cells[2 * order[last].second + 1];
    for (std::size_t j = i + 1; j <= last; ++j) drop[order[j].second] = true;
    i = last + 1;
  }
  for (std::size_t i = 0; i < members; ++i) {
    if (drop[i]) continue;
    cells[2 * kept] = cells[2 * i];
    cells[2 * kept + 1] = cells[2 * i + 1];
    ++kept;
  }
  return 2 * kept;
}

}  // namespace

namespace {

// The same keys at the same places, by address: what holds for one object's keys holds for both.
bool same_keys(const ObjectRep& known, const Cell* cells, std::size_t count) {
  if (known.size * 2 != count) return false;
  for (std::size_t i = 0; i < known.size; ++i) {
    if (known.members[i].key != detail::pointer<StringRep>(cells[2 * i])) return false;
  }
  return true;
}

void sort_index(ObjectRep& object) {
  std::uint32_t* index = object.index();
  std::iota(index, index + object.size, 0U);
  std::sort(index, index + object.size, [&](std::uint32_t a, std::uint32_t b) {
    return object.members[a].key->view() < object.members[b].key->view();
  });
}

}  // namespace

void ValueBuilder::end_object() {
  const std::size_t begin = open_.back();
  open_.pop_back();
  Cell* cells = stack_.data() + begin;
  std::size_t count = stack_.size() - begin;
  const ObjectRep** known =
      repetition_ && count > 2 ? &repetition_->shape_of(cells, count) : nullptr;
  const bool repeats = known != nullptr && *known != nullptr && same_keys(**known, cells, count);
  if (!repeats) count = drop_repeated_keys(cells, count);
  const std::size_t size = count / 2;
  auto* object = static_cast<ObjectRep*>(arena_->allocate(ObjectRep::bytes_for(size)));
  object->size = size;
  for (std::size_t i = 0; i < size; ++i) {
    object->members[i] = {detail::pointer<StringRep>(cells[2 * i]), cells[2 * i + 1]};
  }
  if (size > detail::kIndexedFrom) {
    if (repeats) {
      std::copy_n((*known)->index(), size, object->index());
    } else {
      sort_index(*object);
    }
  }
  if (known != nullptr && !repeats) *known = object;
  stack_.resize(begin - 1);
  push(detail::tagged(object, detail::kObject));
}

void ValueBuilder::discard() {
  stack_.clear();
  open_.clear();
}

Value ValueBuilder::finish() {
  if (!open_.empty() || stack_.size() != 1) {
    throw Error(ErrorCause::bug, "unfinished_value", "A value was taken before it was complete.");
  }
  const Cell cell = stack_.back();
  stack_.clear();
  if (detail::tag_of(cell) <= detail::kSmallInteger) return {nullptr, cell};
  arena_->retain();
  return {arena_, cell};
}

}  // namespace engine
