#include <algorithm>

#include "core/node/batch_builder.h"
#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/field_changes.h"
#include "nodes/merge/join.h"

namespace engine::nodes {
namespace {

constexpr std::size_t kMostCombinations = 10'000'000;

Description describe() {
  Description d;
  d.id = "merge";
  d.title = "Merge";
  d.text =
      "Brings branches together: one after the other, side by side, or like a join of two tables. "
      "All modes but `append` have the inputs `left` and `right`.";
  d.inputs = {{"left", "The first input."}, {"right", "The second input."}};
  d.open_inputs = true;
  d.parameters = {
      Declare("mode", ParameterType::choice, "How items come together.")
          .one_of({{"append", "All items of all inputs, one input after the other."},
                   {"position", "The first with the first, the second with the second."},
                   {"match", "Items with equal values of fields."},
                   {"all_combinations", "Each item of `left` with each of `right`."},
                   {"choose", "Waits for both and passes on one of them."}})
          .otherwise("append"),
      Declare("by", ParameterType::any,
              "The field that must be equal, a list of fields, or {left, right} when the inputs "
              "name it differently. Null and missing values match nothing.")
          .only_for("mode", {"match"})
          .example("id")
          .example(Value::object({{"left", "customer_id"}, {"right", "id"}})),
      Declare("join", ParameterType::choice, "What happens to items without a partner.")
          .one_of({{"inner", "They are dropped."},
                   {"left", "Those of `left` stay."},
                   {"right", "Those of `right` stay."},
                   {"outer", "All stay."},
                   {"anti", "Only those of `left` without a partner stay."}})
          .otherwise("inner")
          .only_for("mode", {"match", "position"}),
      Declare("clash", ParameterType::choice, "Which value a field gets that both items have.")
          .one_of({{"right", "That of `right`."},
                   {"left", "That of `left`."},
                   {"suffix", "Both, as `name_left` and `name_right`."}})
          .otherwise("right")
          .only_for("mode", {"match", "position", "all_combinations"}),
      Declare("use", ParameterType::choice, "The input that is passed on.")
          .one_of({{"left", ""}, {"right", ""}})
          .otherwise("left")
          .only_for("mode", {"choose"})};
  d.traits = {true, true, false};
  d.examples = {
      "- id: with_customer\n  after: { left: orders, right: customers }\n  type: merge\n"
      "  with: { mode: match, by: { left: customer_id, right: id }, join: left }\n"};
  return d;
}

// Writes pairs of items as one item each.
class Pairs {
 public:
  Pairs(const Items& left, const Items& right, std::string_view clash)
      : left_(left), right_(right), clash_(clash) {}

  void add(std::uint32_t l, std::uint32_t r) {
    if (r == kNoItem) {
      items_.push_back(passed_on(left_[l], l, 0));
    } else if (l == kNoItem) {
      items_.push_back(passed_on(right_[r], r, 1));
    } else {
      items_.push_back({joined(left_[l].json, right_[r].json),
                        binaries(left_[l].binary, right_[r].binary), Origin::of({{0, l}, {1, r}})});
    }
  }

  Items take() { return std::move(items_); }

 private:
  Value joined(const Value& left, const Value& right) {
    return batch_.make([&](ValueBuilder& builder) {
      builder.begin_object();
      for (const auto& [name, value] : left.members()) {
        builder.key(suffixed(name, value, right) ? std::string(name) + "_left" : std::string(name));
        builder.value(left.share(value));
      }
      for (const auto& [name, value] : right.members()) {
        if (clash_ == "left" && !left.view()[name].missing()) continue;
        builder.key(suffixed(name, value, left) ? std::string(name) + "_right" : std::string(name));
        builder.value(right.share(value));
      }
      builder.end_object();
    });
  }

  // Equal values, as those that were matched by, do not need two names.
  bool suffixed(std::string_view name, View value, const Value& other) const {
    if (clash_ != "suffix") return false;
    const View theirs = other.view()[name];
    return !theirs.missing() && !theirs.equals(value);
  }

  Value binaries(const Value& left, const Value& right) {
    if (!left.is_object()) return right;
    if (!right.is_object()) return left;
    return joined(left, right);
  }

  const Items& left_;
  const Items& right_;
  std::string_view clash_;
  BatchBuilder batch_;
  Items items_;
};

std::vector<Path> paths_of(View names) {
  std::vector<Path> paths;
  if (names.is_string()) paths.push_back(path_of(names.as_string(), "by"));
  for (const View name : names.elements()) paths.push_back(path_of(name.as_string(), "by"));
  return paths;
}

MatchBy match_by(const Value& by) {
  MatchBy result{paths_of(by.is_object() ? by.view()["left"] : by.view()),
                 paths_of(by.is_object() ? by.view()["right"] : by.view())};
  if (!result.left.empty() && result.left.size() == result.right.size()) return result;
  Error error(ErrorCause::user, "bad_parameter",
              "'by' does not say which fields must be equal. Give a field, a list of fields, or "
              "{left: …, right: …} with as many fields on either side.");
  error.where.parameter = "by";
  throw error;
}

JoinKind join_kind(std::string_view name) {
  if (name == "left") return JoinKind::left;
  if (name == "right") return JoinKind::right;
  if (name == "outer") return JoinKind::outer;
  if (name == "anti") return JoinKind::anti;
  return JoinKind::inner;
}

Items appended(const NodeContext& context) {
  Items all;
  for (std::size_t input = 0; input < context.input_count(); ++input) {
    const Items& items = context.input(input);
    all.reserve(all.size() + items.size());
    for (std::size_t i = 0; i < items.size(); ++i) all.push_back(passed_on(items[i], i, input));
  }
  return all;
}

Items chosen(const NodeContext& context, std::size_t input) {
  Items items;
  if (input >= context.input_count()) return items;
  const Items& all = context.input(input);
  for (std::size_t i = 0; i < all.size(); ++i) items.push_back(passed_on(all[i], i, input));
  return items;
}

void combine_all(const Items& left, const Items& right, const Cancellation& cancellation,
                 Pairs& pairs) {
  if (!right.empty() && left.size() > kMostCombinations / right.size()) {
    throw Error(ErrorCause::user, "too_many_items",
                std::to_string(left.size()) + " and " + std::to_string(right.size()) +
                    " items have more than 10,000,000 combinations. Filter the inputs first.");
  }
  for (std::uint32_t l = 0; l < left.size(); ++l) {
    cancellation.check();
    for (std::uint32_t r = 0; r < right.size(); ++r) pairs.add(l, r);
  }
}

class Merge final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    const Value mode = context.parameter("mode");
    const std::string_view name = mode.as_string();
    NodeResult result;
    if (name == "append") {
      result.outputs.push_back(appended(context));
    } else if (name == "choose") {
      const bool right = context.parameter("use").as_string() == "right";
      result.outputs.push_back(chosen(context, right ? 1 : 0));
    } else {
      result.outputs.push_back(combined(context, name));
    }
    return result;
  }

 private:
  static Items combined(NodeContext& context, std::string_view mode) {
    const Items none;
    const Items& left = context.input(0);
    const Items& right = context.input_count() > 1 ? context.input(1) : none;
    const Value clash = context.parameter("clash");
    const JoinKind join = join_kind(context.parameter("join").as_string());
    Pairs pairs(left, right, clash.as_string());
    const auto add = [&](std::uint32_t l, std::uint32_t r) { pairs.add(l, r); };
    if (mode == "position") {
      join_by_position(left.size(), right.size(), join, add);
    } else if (mode == "match") {
      join_by_fields(left, right, match_by(context.parameter("by")), join, context.cancellation(),
                     add);
    } else {
      combine_all(left, right, context.cancellation(), pairs);
    }
    return pairs.take();
  }
};

void check(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  const Located* mode = with.find("mode");
  if (mode != nullptr && mode->scalar.as_string() == "match")
    check_given(with, file, "by", diagnostics);
}

}  // namespace

NodeType merge() {
  NodeType type = action(describe(), std::make_shared<Merge>());
  type.check = check;
  return type;
}

}  // namespace engine::nodes
