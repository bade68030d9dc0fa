#include "core/expression/evaluator.h"

#include <algorithm>

#include "core/expression/batch.h"
#include "core/expression/column_data.h"
#include "core/expression/evaluator_state.h"
#include "core/expression/host.h"
#include "core/expression/native_expression.h"
#include "core/expression/scanner.h"
#include "core/expression/script_run.h"
#include "core/expression/template_node.h"
#include "core/value/json.h"

namespace engine::expression {
namespace {

// Bounds the memory of a crossing: the rows of a chunk exist as JSON, as objects and as results.
constexpr std::size_t kChunk = 16'384;

// Nothing when an item needs JavaScript after all.
std::optional<SegmentColumn> read_native(const NativeExpression& expression,
                                         const Environment& environment, std::size_t begin,
                                         std::size_t end) {
  SegmentColumn column;
  column.values.resize(end - begin);
  const NativeEvaluator evaluator(expression, environment);
  for (std::size_t i = begin; i < end; ++i) {
    try {
      std::optional<Value> value = evaluator.read(i);
      if (!value) return std::nullopt;
      column.values[i - begin] = std::move(*value);
    } catch (Failure& failure) {
      column.failures.emplace(i - begin, std::move(failure));
    }
  }
  return column;
}

// Statements are the usual mistake of people who know JavaScript.
std::string about_statements(const Runtime::SyntaxFault& fault) {
  for (const char* word : {"if", "for", "while", "return", "const", "let", "var", "throw", "try"}) {
    const std::string quoted = "keyword '" + std::string(word) + "'";
    if (fault.message.find(quoted) == std::string::npos) continue;
    return ". Between {{ and }} stands one expression, no statement: write "
           "'condition ? this : that', or use a code node.";
  }
  return "";
}

// Builds the values of one template from those of its segments.
class Assembler {
 public:
  Assembler(const Template::Node& node, std::vector<SegmentColumn>& columns, std::size_t begin,
            std::size_t count, const MethodNames& methods)
      : node_(node), columns_(columns), begin_(begin), count_(count), methods_(methods) {}

  std::shared_ptr<const Column::Data> run() {
    auto data = std::make_shared<Column::Data>();
    data->size = count_;
    note_errors(*data);
    if (node_.top.kind == Part::Kind::constant) {
      data->uniform = true;
      data->values.push_back(node_.top.constant);
    } else if (node_.top.kind == Part::Kind::segment) {
      data->values = std::move(columns_[node_.top.segment].values);
    } else {
      data->values.reserve(count_);
      for (std::size_t i = 0; i < count_; ++i) data->values.push_back(value_of(node_.top, i));
    }
    return data;
  }

 private:
  // Of the first segment, in the order of the file, that failed for an item.
  void note_errors(Column::Data& data) const {
    for (std::size_t s = 0; s < columns_.size(); ++s) {
      for (const auto& [item, failure] : columns_[s].failures) {
        if (data.errors.contains(item)) continue;
        data.errors.emplace(item, make_error(failure, node_.segments[s], begin_ + item, methods_));
      }
    }
  }

  Value value_of(const Part& part, std::size_t item) {
    switch (part.kind) {
      case Part::Kind::constant: return part.constant;
      case Part::Kind::segment: return columns_[part.segment].values[item];
      default: break;
    }
    // Many items share an arena, but none grows so large that one item keeps a whole batch alive.
    constexpr std::size_t kArenaBytes = std::size_t{4} << 20U;
    if (!builder_ || builder_->bytes() >= kArenaBytes) builder_ = std::make_unique<ValueBuilder>();
    write(part, item);
    return builder_->finish();
  }

  // NOLINTNEXTLINE(misc-no-recursion): documents are limited in depth
  void write(const Part& part, std::size_t item) {
    switch (part.kind) {
      case Part::Kind::constant: return builder_->value(part.constant);
      case Part::Kind::segment: return builder_->value(columns_[part.segment].values[item]);
      case Part::Kind::text: return builder_->string(joined(part, item));
      case Part::Kind::array:
        builder_->begin_array();
        for (const Part& child : part.children) write(child, item);
        return builder_->end_array();
      case Part::Kind::object:
        builder_->begin_object();
        for (std::size_t i = 0; i < part.children.size(); ++i) {
          builder_->key(part.keys[i]);
          write(part.children[i], item);
        }
        return builder_->end_object();
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): its children are constants and segments
  std::string joined(const Part& part, std::size_t item) const {
    std::string text;
    for (const Part& child : part.children) {
      const bool constant = child.kind == Part::Kind::constant;
      text += to_text(constant ? child.constant : columns_[child.segment].values[item]);
    }
    return text;
  }

  const Template::Node& node_;
  std::vector<SegmentColumn>& columns_;
  std::size_t begin_;
  std::size_t count_;
  const MethodNames& methods_;
  std::unique_ptr<ValueBuilder> builder_;
};

// The columns of all segments of all templates, in their order.
using Columns = std::vector<std::vector<SegmentColumn>>;

// The segments that are not native, or not for these items.
struct ForJavaScript {
  std::vector<const Segment*> segments;
  std::vector<SegmentColumn*> columns;  // of the segments
};

ForJavaScript read_natives(std::span<const Template* const> templates,
                           const Environment& environment, std::size_t begin, std::size_t end,
                           Columns& columns) {
  ForJavaScript others;
  columns.resize(templates.size());
  for (std::size_t t = 0; t < templates.size(); ++t) {
    const std::vector<Segment>& segments = templates[t]->root().segments;
    columns[t].resize(segments.size());
    for (std::size_t s = 0; s < segments.size(); ++s) {
      auto column = segments[s].native ? read_native(*segments[s].native, environment, begin, end)
                                       : std::nullopt;
      if (column) {
        columns[t][s] = std::move(*column);
      } else {
        others.segments.push_back(&segments[s]);
        others.columns.push_back(&columns[t][s]);
      }
    }
  }
  return others;
}

}  // namespace

// ---------------------------------------------------------------- evaluating

MethodNames Evaluator::State::methods() {
  return [this] {
    if (!method_names.empty() || !runtime) return method_names;
    return method_names = expression::method_names(*runtime);
  };
}

namespace {

// Evaluates items [begin, end) by JavaScript.
void cross(Runtime& runtime, const EvaluatorOptions& options, const ForJavaScript& others,
           const Environment& environment, std::size_t begin, std::size_t end,
           const Cancellation& cancellation) {
  for (SegmentColumn* column : others.columns) column->values.reserve(end - begin);
  EnvironmentData data(environment, options.log);
  Host host(data);
  Runtime::Watch watch(runtime, host, cancellation, options.time_limit);
  Batch batch(runtime, environment, others.segments);
  for (std::size_t at = begin; at < end; at += kChunk) {
    cancellation.check();
    batch.run(at, std::min(end, at + kChunk), others.columns);
    watch.restart();
  }
}

std::vector<Column> assemble(std::span<const Template* const> templates, Columns& columns,
                             std::size_t begin, std::size_t end, const MethodNames& methods) {
  std::vector<Column> result;
  for (std::size_t t = 0; t < templates.size(); ++t) {
    result.emplace_back(
        Assembler(templates[t]->root(), columns[t], begin, end - begin, methods).run());
  }
  return result;
}

}  // namespace

Evaluator::Evaluator(EvaluatorOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
}

Evaluator::~Evaluator() = default;

std::vector<Column> Evaluator::evaluate(std::span<const Template* const> templates,
                                        const Environment& environment,
                                        const Cancellation& cancellation) {
  return state_->evaluate(templates, environment, 0, environment.items().size(), cancellation);
}

std::vector<Column> Evaluator::State::evaluate(std::span<const Template* const> templates,
                                               const Environment& environment, std::size_t begin,
                                               std::size_t end, const Cancellation& cancellation) {
  Columns columns;
  const ForJavaScript others = read_natives(templates, environment, begin, end, columns);
  if (others.segments.empty() || begin == end) {
    return assemble(templates, columns, begin, end, {});
  }
  const std::lock_guard lock(mutex);
  cross(javascript(), options, others, environment, begin, end, cancellation);
  return assemble(templates, columns, begin, end, methods());
}

Value Evaluator::evaluate_one(const Template& source, const Environment& environment,
                              std::size_t item, const Cancellation& cancellation) {
  if (source.is_constant()) return source.value();
  const Template* const templates[] = {&source};
  return state_->evaluate(templates, environment, item, item + 1, cancellation)[0].at(0);
}

// ---------------------------------------------------------------- checking

void Evaluator::check(const std::vector<const Template*>& templates, Diagnostics& diagnostics) {
  std::vector<const Segment*> segments;
  for (const Template* source : templates) {
    for (const Segment& segment : source->root().segments) {
      if (!segment.native) segments.push_back(&segment);
    }
  }
  if (segments.empty()) return;
  const std::lock_guard lock(state_->mutex);
  for (const Segment* segment : segments) {
    const auto fault =
        is_closed(segment->source)
            ? state_->javascript().check_syntax(loop_source(segment->source))
            : Runtime::SyntaxFault{"Brackets, quotes and comments must be closed.", 0};
    if (!fault) continue;
    Position position = segment->position;
    // The end of the text is noticed behind it, in the line of the closing parenthesis.
    const auto last = std::count(segment->source.begin(), segment->source.end(), '\n') + 2;
    if (fault->line > 2 && fault->line <= last)
      position = {position.file, position.line + fault->line - 2, 0};
    diagnostics.add(position, "bad_expression",
                    "The expression '" + shortened(segment->source) +
                        "' is not JavaScript: " + fault->message + about_statements(*fault));
  }
}

}  // namespace engine::expression
