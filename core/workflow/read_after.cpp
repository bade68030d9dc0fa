#include "core/workflow/draft.h"

namespace engine::workflow {
namespace {

constexpr const char* kForms =
    "Expected a node (after: a), an output of one (after: a.true), a list of them (after: [a, "
    "b.error]), or by input (after: {left: a, right: b}).";

void read_entry(const Located& source, const LocatedMember* input, std::size_t place,
                Checks& checks, Draft& draft) {
  if (source.kind != Kind::string || source.scalar.as_string().empty()) {
    checks.fault(source.position(checks.file), "bad_after",
                 "This does not name a node. " + std::string(kForms));
    draft.uncertain = true;
    return;
  }
  const std::string_view text = source.scalar.as_string();
  const std::size_t dot = text.find('.');
  AfterEntry entry;
  if (input != nullptr) {
    entry.input = input->key;
    entry.input_position = input->position(checks.file);
  }
  entry.place = place;
  entry.node = std::string(text.substr(0, dot));
  if (dot != std::string_view::npos) entry.output = std::string(text.substr(dot + 1));
  entry.position = source.position(checks.file);
  if (dot != std::string_view::npos && entry.output.empty()) {
    checks.fault(entry.position, "bad_after", "The name of an output is missing behind the dot.");
    draft.uncertain = true;
    return;
  }
  draft.after.push_back(std::move(entry));
}

void read_list(const Located& source, const LocatedMember* input, Checks& checks, Draft& draft) {
  if (source.kind != Kind::array) {
    read_entry(source, input, 0, checks, draft);
    return;
  }
  for (std::size_t i = 0; i < source.elements.size(); ++i) {
    read_entry(source.elements[i], input, i, checks, draft);
  }
}

}  // namespace

void read_after(const Located& after, Checks& checks, Draft& draft) {
  draft.says_after = true;
  draft.after_position = after.position(checks.file);
  if (after.kind != Kind::object) {
    read_list(after, nullptr, checks, draft);
    return;
  }
  for (const LocatedMember& member : after.members) {
    read_list(member.value, &member, checks, draft);
  }
}

}  // namespace engine::workflow
