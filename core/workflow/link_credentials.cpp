#include <algorithm>

#include "core/base/nearest.h"
#include "core/workflow/draft.h"

namespace engine::workflow {
namespace {

class CredentialLinker {
 public:
  CredentialLinker(Checks& checks, Draft& draft)
      : checks_(checks), draft_(draft), slots_(draft.node.type->description.credentials) {
    for (CredentialSlot& slot : slots_) choose_type(slot);
  }

  void link() {
    for (const CredentialEntry& entry : draft_.credentials) link(entry);
    for (const CredentialSlot& slot : slots_) {
      if (slot.required && !filled(slot.name)) report_missing(slot);
    }
  }

 private:
  void choose_type(CredentialSlot& slot) const {
    if (slot.chosen_by.empty()) return;
    const Parameter* parameter =
        find_parameter(draft_.node.type->description.parameters, slot.chosen_by);
    const Located* given = draft_.with.find(slot.chosen_by);
    const std::string value = given != nullptr ? text_of(given)
                              : parameter != nullptr
                                  ? std::string(parameter->default_value.as_string())
                                  : "";
    for (const auto& [wanted, type] : slot.choices) {
      if (wanted != value) continue;
      slot.types = {type};
      slot.required = true;
    }
  }

  bool filled(const std::string& slot) const {
    return std::any_of(draft_.node.credentials.begin(), draft_.node.credentials.end(),
                       [&](const auto& known) { return known.first == slot; }) ||
           failed_;
  }

  void link(const CredentialEntry& entry) {
    const CredentialSlot* slot = find_slot(entry);
    if (slot == nullptr) {
      failed_ = true;
      return;
    }
    draft_.node.credentials.emplace_back(slot->name, entry.name);
    check_name(entry, *slot);
  }

  const CredentialSlot* find_slot(const CredentialEntry& entry) {
    if (slots_.empty()) {
      checks_.fault(entry.position, "unknown_credential_slot",
                    "The node type '" + draft_.type + "' takes no credential. Remove it.");
      return nullptr;
    }
    if (draft_.single_credential && slots_.size() == 1) return &slots_.front();
    std::vector<std::string> names;
    for (const CredentialSlot& slot : slots_) {
      if (slot.name == entry.slot) return &slot;
      names.push_back(slot.name);
    }
    if (draft_.single_credential) {
      checks_.fault(entry.position, "unknown_credential_slot",
                    "The node type '" + draft_.type +
                        "' takes several credentials. Say which: credentials: {" + names.front() +
                        ": " + entry.name + "}.");
    } else {
      checks_.fault(entry.position, "unknown_credential_slot",
                    "The node type '" + draft_.type + "' has no credential '" + entry.slot + "'." +
                        expected(entry, names));
    }
    return nullptr;
  }

  std::string expected(const CredentialEntry& entry, const std::vector<std::string>& names) {
    if (slots_.size() == 1) return " Write credential: " + entry.name + ".";
    const std::string near = checks_.suggest(entry.slot, names);
    return near.empty() ? " Expected " + list_names(names) + "." : near;
  }

  void check_name(const CredentialEntry& entry, const CredentialSlot& slot) {
    if (!checks_.context.credential_type) return;
    const std::string type = checks_.context.credential_type(entry.name);
    if (type.empty()) {
      std::string help;
      if (checks_.context.credential_names) {
        help = checks_.suggest(entry.name, checks_.context.credential_names());
      }
      if (help.empty()) help = " Add it: " + command(entry.name, slot) + ".";
      checks_.fault(entry.position, "unknown_credential",
                    "There is no credential '" + entry.name + "'." + help);
      return;
    }
    const bool fits = slot.types.empty() ||
                      std::find(slot.types.begin(), slot.types.end(), type) != slot.types.end();
    if (!fits) {
      checks_.fault(entry.position, "wrong_credential",
                    "The credential '" + entry.name + "' is of the type '" + type +
                        "', and the node type '" + draft_.type + "' expects " +
                        list_names(slot.types) + ".");
    } else if (checks_.context.credential_refusal) {
      const std::string refusal = checks_.context.credential_refusal(entry.name, draft_.type);
      if (!refusal.empty()) checks_.fault(entry.position, "credential_not_allowed", refusal);
    }
  }

  static std::string command(const std::string& name, const CredentialSlot& slot) {
    const std::string type = slot.types.empty() ? "TYPE" : slot.types.front();
    return "engine credentials add " + name + " --type " + type;
  }

  void report_missing(const CredentialSlot& slot) {
    const std::string types = slot.types.empty() ? "" : " of the type " + list_names(slot.types);
    const std::string key =
        slots_.size() == 1 ? "credential: NAME" : "credentials: {" + slot.name + ": NAME}";
    checks_.fault(draft_.type_position, "missing_credential",
                  "The node '" + draft_.node.id + "' needs a credential" + types + ". Add " + key +
                      "; make one with " + command("NAME", slot) + ".");
  }

  Checks& checks_;
  Draft& draft_;
  std::vector<CredentialSlot> slots_;
  bool failed_ = false;  // an entry fits nowhere: what it was meant for is not missing as well
};

}  // namespace

void link_credentials(Checks& checks) {
  for (Level& level : checks.levels) {
    for (Draft& draft : *level.drafts) {
      if (draft.node.type != nullptr) CredentialLinker(checks, draft).link();
    }
  }
}

}  // namespace engine::workflow
