// One crossing into JavaScript: the segments of a node for a run of items.
#pragma once

#include <map>
#include <vector>

#include "core/expression/environment.h"
#include "core/expression/failure.h"
#include "core/expression/runtime.h"

namespace engine::expression {

struct Segment;

/// The values of one segment for the items of a batch, in order. Those that failed are missing.
struct SegmentColumn {
  std::vector<Value> values;
  std::map<std::size_t, Failure> failures;  ///< by index into `values`
};

/// Called for one environment; afterwards the runtime holds nothing of it.
class Batch {
 public:
  Batch(Runtime& runtime, const Environment& environment,
        const std::vector<const Segment*>& segments);
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  /// Appends the values of items [begin, end) to `columns`, one for each segment. `begin` may be
  /// the count of items, `end` one more: then there is no current item.
  void run(std::size_t begin, std::size_t end, const std::vector<SegmentColumn*>& columns);

  /// Makes items [begin, end) the rows that are seen, without evaluating anything.
  void load(std::size_t begin, std::size_t end);

 private:
  void read(const Segment& segment, std::size_t count, SegmentColumn& column);
  JSValueRef evaluate(const Segment& segment);
  void read_each(SegmentColumn& column, std::size_t base, std::size_t count);

  Runtime& runtime_;
  const Environment& environment_;
  const std::vector<const Segment*>& segments_;
  std::vector<std::string> fields_;  // their keys as JSON, with the colon
  std::vector<std::string> names_;
  bool uses_json_ = false;
  bool whole_ = false;
};

/// The source of the loop that evaluates `expression` for the rows of a batch; the expression
/// begins in its second line.
std::string loop_source(const std::string& expression);

/// Globals in `names` that only the environment may know, such as $response.
std::vector<std::string> extra_globals(const std::vector<std::string>& names);

/// Texts from JavaScript may escape lone surrogates, which UTF-8 cannot hold: they become U+FFFD.
void replace_lone_surrogates(std::string& json);

}  // namespace engine::expression
