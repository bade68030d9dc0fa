#include "core/node/batch_builder.h"
#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/field_changes.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "split_out";
  d.title = "Split out";
  d.text =
      "Makes an item of each element of a list. Of an object the values count as elements, a "
      "single value as a list of one; null and a missing field give nothing.";
  d.parameters = {
      Declare("field", ParameterType::string, "Path of the list.")
          .required()
          .example("order.lines"),
      Declare("into", ParameterType::string,
              "The field that receives the element. Without it, and without `include`, an element "
              "that is an object becomes the item itself; else the last name of the path is used.")
          .example("line"),
      Declare("include", ParameterType::any,
              "Which other fields of the item go along: `none`, `all`, or a list of names.")
          .otherwise("none")};
  d.traits = {true, true, false};
  d.examples = {"- id: lines\n  type: split_out\n  with: { field: lines, include: [order_id] }\n"};
  return d;
}

std::string last_name(const Path& path) {
  for (auto step = path.rbegin(); step != path.rend(); ++step) {
    if (const auto* name = std::get_if<std::string>(&*step)) return *name;
  }
  return "data";
}

std::vector<Value> elements_of(const Value& json, View list) {
  std::vector<Value> result;
  if (list.is_array()) {
    for (const View element : list.elements()) result.push_back(json.share(element));
  } else if (list.is_object()) {
    for (const auto& [name, member] : list.members()) result.push_back(json.share(member));
  } else if (list.given()) {
    result.push_back(json.share(list));
  }
  return result;
}

// How the elements of one item become items.
class Splitter {
 public:
  Splitter(NodeContext& context, std::size_t index)
      : item_(context.input()[index]),
        path_(path_of(context.parameter("field", index).as_string(), "field")),
        elements_(elements_of(item_.json, at_path(item_.json, path_))) {
    const Value include = context.parameter("include", index);
    const Value into = context.parameter("into", index);
    whole_ = include.as_string() == "none" && !into.given();
    into_ = into.given() ? path_of(into.as_string(), "into") : Path{last_name(path_)};
    if (include.as_string() == "all") {
      base_ = item_.json;
      shared_ = {{path_, Value()}};
    }
    for (const View name : include.elements()) {
      Path path = path_of(name.as_string(), "include");
      Value value = item_.json.share(at_path(item_.json, path));
      if (!value.missing()) shared_.push_back({std::move(path), std::move(value)});
    }
  }

  void add_to(Items& out, std::size_t index, BatchBuilder& batch) {
    for (const Value& element : elements_) {
      Value json = whole_ && element.is_object() ? element : batch.make([&](ValueBuilder& builder) {
        shared_.push_back({into_, element});
        write_changed(builder, base_, shared_);
        shared_.pop_back();
      });
      out.push_back({std::move(json), item_.binary, Origin::of(index)});
    }
  }

 private:
  const Item& item_;
  Path path_;
  std::vector<Value> elements_;
  Path into_;
  Value base_ = Value::object();
  std::vector<FieldChange> shared_;
  bool whole_ = false;
};

class SplitOut final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    result.outputs.resize(1);
    BatchBuilder batch;
    each_item(context, result,
              [&](std::size_t i) { Splitter(context, i).add_to(result.outputs[0], i, batch); });
    return result;
  }
};

}  // namespace

NodeType split_out() {
  return action(describe(), std::make_shared<SplitOut>());
}

}  // namespace engine::nodes
