// Keeping a declared webhook registered with its service.
#pragma once

#include <map>
#include <string>

#include "core/node/trigger.h"
#include "core/rest/trigger_spec.h"

namespace engine::rest {

/// Borrows what it is made with; for one activation or deactivation.
class Registration {
 public:
  Registration(const TriggerSpec& spec, TriggerContext& context);

  /// The state of a registration that is there: the one known already when it still fits, one that
  /// the service lists, or a new one. Throws Error{user, "no_public_url"}, Error{upstream,
  /// "bad_registration"} when the answer lacks what is to be kept, and what requests throw.
  Value make();
  /// What was registered is no more.
  void undo();

 private:
  using Values = std::map<std::string, Value, std::less<>>;

  bool is_known() const;
  Value listed(const Value& kept) const;
  Value subscribe(Values values) const;
  void unsubscribe(const Value& with, const Value& kept) const;
  /// Missing when the registration lacks any of it.
  Value kept_of(const Value& registration) const;
  Value state_of(const Value& kept) const;
  static Values values_of(const Value& with, const Value& kept, const std::string& url);

  const TriggerSpec& spec_;
  const WebhookSpec& webhook_;
  TriggerContext& context_;
  std::string url_;
  Value with_;   // the parameters now
  Value state_;  // of the registration before
};

}  // namespace engine::rest
