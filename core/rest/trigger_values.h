// What "{name}" stands for in the texts of a trigger:
//   {body} the raw body; {body.a.b} a member of it; {header.X-Name}, {query.name} of the delivery;
//   {part.t} of a header such as "t=1,v1=abc"; {item.a} of the item; {credential.field};
//   {url} the trigger's own address; what is kept of the registration; the parameters.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/node/trigger.h"
#include "core/rest/path_template.h"
#include "core/rest/trigger_spec.h"

namespace engine::rest {

/// Borrows all it is made with.
class TriggerValues {
 public:
  TriggerValues(const TriggerSpec& spec, TriggerContext& context)
      : spec_(spec), context_(context) {}

  void set_delivery(const http::ServerRequest& request) { request_ = &request; }
  void set_body(const Value& body) { body_ = body; }
  void set_item(const Value& item) { item_ = item; }
  void set_kept(const Value& kept) { kept_ = kept; }
  void set_parts(std::map<std::string, std::string, std::less<>> parts) {
    parts_ = std::move(parts);
  }

  /// Missing for what is not there.
  Value find(std::string_view name) const;
  Value fill(const std::string& text) const;
  /// Empty when anything that the text names is not there.
  std::string fill_all(const std::string& text) const;

 private:
  Value of_query(std::string_view name) const;
  Value of_header(std::string_view name) const;

  const TriggerSpec& spec_;
  TriggerContext& context_;
  const http::ServerRequest* request_ = nullptr;
  Value body_;
  Value item_;
  Value kept_;
  std::map<std::string, std::string, std::less<>> parts_;
};

}  // namespace engine::rest
