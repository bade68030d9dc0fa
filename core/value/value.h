// JSON values: immutable, shared, 16 bytes each.
//
// All values that are made together (a parsed document, the output of a node) live in one arena.
// A Value keeps its arena alive; a View only borrows. Numbers keep their text, integers 64 bits.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine {

class Value;
class ValueBuilder;

namespace detail {

/// Memory for values, grown in blocks, freed at once. Filled by one thread; then shared by all.
class Arena {
 public:
  static Arena* create(std::size_t first_block_bytes);
  void retain() { references_.fetch_add(1, std::memory_order_relaxed); }
  void release();

  /// 8-byte aligned.
  void* allocate(std::size_t bytes);

  /// Keeps `other` alive as long as this; values here may point into it.
  void keep(Arena* other);

  /// Bytes taken from the system, kept arenas not counted.
  std::size_t bytes() const { return total_; }

 private:
  struct Block;
  Arena() = default;
  ~Arena() = default;
  void* allocate_slow(std::size_t bytes);

  std::atomic<std::uint32_t> references_{1};
  char* next_ = nullptr;
  char* end_ = nullptr;
  Block* blocks_ = nullptr;
  std::size_t total_ = 0;
  std::size_t next_block_ = 0;
  std::vector<Arena*> kept_;
};

/// Eight bytes: an immediate, or a pointer into an arena with a tag in its low three bits.
using Cell = std::uint64_t;

struct StringRep;
struct ArrayRep;
struct ObjectRep;

}  // namespace detail

enum class Kind : std::uint8_t { missing, null, boolean, integer, number, string, array, object };

std::string_view to_string(Kind kind);

/// A borrowed value: valid as long as a Value of the same arena lives. Copying is free.
/// Reading never throws: a wrong kind reads as the fallback.
class View {
 public:
  constexpr View() = default;

  Kind kind() const;
  bool missing() const { return cell_ == kMissing; }  ///< not given; never inside a document
  bool null() const { return cell_ == kNull; }
  bool given() const { return cell_ != kMissing && cell_ != kNull; }  ///< neither missing nor null
  bool is_string() const { return kind() == Kind::string; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }
  bool is_number() const { return kind() == Kind::integer || kind() == Kind::number; }
  bool is_boolean() const { return cell_ == kTrue || cell_ == kFalse; }

  bool as_bool(bool fallback = false) const;
  /// Also of a number without a fraction that fits ("1.0", 1e3).
  std::optional<std::int64_t> as_integer() const;
  std::optional<double> as_number() const;
  std::string_view as_string(std::string_view fallback = {}) const;

  /// The number as it is printed; empty for other kinds.
  std::string number_text() const;
  /// The same, added to a text.
  void append_number(std::string& out) const;

  /// JavaScript's truthiness.
  bool truthy() const;

  /// Of an array or object, else 0.
  std::size_t size() const;
  /// Missing when out of range or not an array.
  View operator[](std::size_t index) const;
  /// Missing when absent or not an object.
  View operator[](std::string_view key) const;
  View operator[](const char* key) const { return (*this)[std::string_view(key)]; }
  /// Member `index` in order of insertion. Requires index < size() of an object.
  std::pair<std::string_view, View> member(std::size_t index) const;

  class Elements;
  class Members;
  Elements elements() const;  ///< empty unless an array
  Members members() const;    ///< empty unless an object

  /// Equal as JSON: member order does not count, 1 equals 1.0.
  bool equals(View other) const;
  bool operator==(View other) const { return equals(other); }

  /// The very same value, shared, and not merely an equal one.
  bool same_as(View other) const { return cell_ == other.cell_; }

  std::uint64_t hash() const;

 protected:
  friend class Value;
  friend class ValueBuilder;
  friend class JsonPrinter;
  static constexpr detail::Cell kMissing = 0;
  static constexpr detail::Cell kNull = 1U << 3U;
  static constexpr detail::Cell kFalse = 2U << 3U;
  static constexpr detail::Cell kTrue = 3U << 3U;
  constexpr explicit View(detail::Cell cell) : cell_(cell) {}

  detail::Cell cell_ = kMissing;
};

/// An owned value. Copies share. Immutable, so safe to read from any thread.
class Value : public View {
 public:
  Value() = default;  ///< missing
  Value(std::nullptr_t) : View(kNull) {}
  Value(bool value) : View(value ? kTrue : kFalse) {}
  Value(int value) : Value(static_cast<std::int64_t>(value)) {}
  Value(std::int64_t value);
  Value(std::uint64_t value);
  Value(double value);  ///< NaN and infinities become null, as in JSON
  Value(std::string_view value);
  Value(const std::string& value) : Value(std::string_view(value)) {}
  Value(const char* value) : Value(std::string_view(value)) {}

  Value(const Value& other) : View(other), arena_(other.arena_) {
    if (arena_ != nullptr) arena_->retain();
  }
  Value(Value&& other) noexcept : View(other), arena_(std::exchange(other.arena_, nullptr)) {
    other.cell_ = kMissing;
  }
  Value& operator=(Value other) noexcept {
    std::swap(cell_, other.cell_);
    std::swap(arena_, other.arena_);
    return *this;
  }
  ~Value() {
    if (arena_ != nullptr) arena_->release();
  }

  static Value object(std::initializer_list<std::pair<std::string_view, Value>> members = {});
  static Value array(const std::vector<Value>& elements = {});

  View view() const { return *this; }
  /// An owner of a part of this value.
  Value share(View part) const;

  Value operator[](std::size_t index) const { return share(View::operator[](index)); }
  Value operator[](std::string_view key) const { return share(View::operator[](key)); }
  Value operator[](const char* key) const { return share(View::operator[](std::string_view(key))); }

  /// A copy in an arena of its own, so that a small part does not keep a large document alive.
  Value detached() const;

  /// Bytes of the arena behind it; what keeping this value alive costs at least.
  std::size_t arena_bytes() const { return arena_ == nullptr ? 0 : arena_->bytes(); }

 private:
  friend class ValueBuilder;
  Value(detail::Arena* arena, detail::Cell cell) : View(cell), arena_(arena) {}

  detail::Arena* arena_ = nullptr;
};

/// Writes values into one arena, depth first. `finish` takes the value written since the last one;
/// the builder then goes on in the same arena. Not thread-safe.
///
///   ValueBuilder b;
///   b.begin_object(); b.key("a"); b.integer(1); b.end_object();
///   Value v = b.finish();
class ValueBuilder {
 public:
  explicit ValueBuilder(std::size_t first_block_bytes = 256);
  ~ValueBuilder();
  ValueBuilder(const ValueBuilder&) = delete;
  ValueBuilder& operator=(const ValueBuilder&) = delete;

  void null() { push(View::kNull); }
  void boolean(bool value) { push(value ? View::kTrue : View::kFalse); }
  void integer(std::int64_t value);
  void number(double value);
  /// `text` is a JSON number. Integers that fit become integers, the rest keeps its text.
  void number_text(std::string_view text);
  void string(std::string_view value);
  /// Shares what is large, copies what is small. Missing is left out of objects, null in arrays.
  void value(const Value& value);
  /// Copies everything.
  void copy(View value);

  void begin_array();
  void end_array();
  void begin_object();
  void key(std::string_view key);
  /// A key given twice keeps its first place and its last value, as in JavaScript.
  void end_object();

  /// Forgets what was begun and not finished, so that the builder can go on after an error.
  void discard();

  /// The finished value. Throws Error{bug} unless exactly one is complete.
  Value finish();

  /// Bytes written to the arena so far; for starting a new builder in time.
  std::size_t bytes() const { return arena_->bytes(); }

 private:
  struct Repetition;
  detail::Cell string_cell(std::string_view value);
  detail::Cell copy_cell(View value);
  void push(detail::Cell cell) { stack_.push_back(cell); }
  const detail::StringRep* intern(std::string_view key);

  detail::Arena* arena_;
  std::vector<detail::Cell> stack_;  // finished cells of open containers; keys and values alternate
  std::vector<std::size_t> open_;    // where each open container begins in stack_
  std::unique_ptr<Repetition> repetition_;
  std::size_t keys_seen_ = 0;
};

// ---------------------------------------------------------------- iteration

class View::Elements {
 public:
  class Iterator {
   public:
    Iterator(const View* owner, std::size_t index) : owner_(owner), index_(index) {}
    View operator*() const { return (*owner_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const View* owner_;
    std::size_t index_;
  };
  explicit Elements(View owner) : owner_(owner), size_(owner.is_array() ? owner.size() : 0) {}
  Iterator begin() const { return {&owner_, 0}; }
  Iterator end() const { return {&owner_, size_}; }

 private:
  View owner_;
  std::size_t size_;
};

class View::Members {
 public:
  class Iterator {
   public:
    Iterator(const View* owner, std::size_t index) : owner_(owner), index_(index) {}
    std::pair<std::string_view, View> operator*() const { return owner_->member(index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const View* owner_;
    std::size_t index_;
  };
  explicit Members(View owner) : owner_(owner), size_(owner.is_object() ? owner.size() : 0) {}
  Iterator begin() const { return {&owner_, 0}; }
  Iterator end() const { return {&owner_, size_}; }

 private:
  View owner_;
  std::size_t size_;
};

inline View::Elements View::elements() const {
  return Elements(*this);
}
inline View::Members View::members() const {
  return Members(*this);
}

}  // namespace engine
