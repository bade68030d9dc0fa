#include <algorithm>
#include <cctype>

#include "core/workflow/draft.h"
#include "core/workflow/keys.h"
#include "core/workflow/start.h"

namespace engine::workflow {
namespace {

bool is_id(std::string_view id) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789_";
  return !id.empty() && id[0] >= 'a' && id[0] <= 'z' &&
         id.find_first_not_of(kAllowed) == std::string_view::npos;
}

// "Get Task!" gives "get_task".
std::string as_id(std::string_view text) {
  std::string id;
  for (const char c : text) {
    const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
      id += lower;
    } else if (!id.empty() && id.back() != '_') {
      id += '_';
    }
  }
  while (!id.empty() && id.back() == '_') id.pop_back();
  if (id.empty() || !is_id(id)) id = "node_" + id;
  return id.size() > 64 ? id.substr(0, 64) : id;
}

class NodeReader {
 public:
  explicit NodeReader(Checks& checks) : checks_(checks), keys_(node_keys()) {}

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the document
  void read_list(const Located& list, std::vector<Draft>& drafts) {
    drafts.reserve(list.elements.size());
    for (const Located& element : list.elements) {
      if (element.kind != Kind::object) {
        checks_.fault(element.position(checks_.file), "bad_node",
                      "A node is a map. Expected '- id: …' with 'type: …' below it.");
      } else {
        drafts.emplace_back();
        read_node(element, drafts.back());
      }
    }
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion)
  void read_node(const Located& source, Draft& draft) {
    draft.source = &source;
    draft.node.position = source.position(checks_.file);
    read_identity(source, draft);
    const std::string what = draft.node.id.empty() ? "a node" : "the node '" + draft.node.id + "'";
    check_parameters(keys_, &source, draft.node.position, checks_.file, what, checks_.diagnostics,
                     [&](std::string_view key) { return hint(key, draft); });
    if (const Located* with = source.find("with"); with != nullptr && with->kind == Kind::object) {
      draft.with = *with;
    } else {
      draft.with_unreadable = with != nullptr;
      draft.with.kind = Kind::object;
      draft.with.line = draft.type_position.line;
      draft.with.column = draft.type_position.column;
    }
    if (const Located* after = source.find("after")) read_after(*after, checks_, draft);
    read_credentials(source, draft);
    read_behaviour(source, draft.node);
    if (const Located* retry = source.find("retry")) read_retry(*retry, draft.node.retry);
    if (const Located* pin = source.find("pin")) read_pin(*pin, draft.node);
    if (const Located* body = source.find("do")) {
      draft.says_do = true;
      draft.do_position = body->position(checks_.file);
      read_list(*body, draft.body);
    }
  }

  void read_identity(const Located& source, Draft& draft) {
    draft.id_position = draft.type_position = draft.version_position = draft.node.position;
    if (const Located* id = source.find("id")) {
      draft.id_position = id->position(checks_.file);
      draft.node.id = text_of(id);
      if (!is_id(draft.node.id) && id->kind != Kind::array && id->kind != Kind::object &&
          id->kind != Kind::null) {
        checks_.fault(draft.id_position, "bad_id",
                      "The id '" + draft.node.id +
                          "' is not possible. Expected lower-case letters, digits and '_', "
                          "beginning with a letter, for example '" +
                          as_id(draft.node.id) + "'.");
      }
    }
    if (const Located* type = source.find("type")) {
      draft.type_position = type->position(checks_.file);
      draft.type = text_of(type);
    }
    if (const Located* version = source.find("version")) {
      draft.version_position = version->position(checks_.file);
      const std::int64_t number = integer_of(version).value_or(0);
      draft.version = static_cast<int>(std::clamp<std::int64_t>(number, 0, 1'000'000'000));
    }
  }

  // A parameter that was written beside `with` instead of below it.
  std::string hint(std::string_view key, const Draft& draft) const {
    const Registry* registry = checks_.context.registry;
    const NodeType* type =
        registry == nullptr ? nullptr : registry->find(draft.type, draft.version);
    if (type == nullptr || find_parameter(type->description.parameters, key) == nullptr) return "";
    return " It is a parameter of '" + draft.type + "': write it below 'with'.";
  }

  void read_credentials(const Located& source, Draft& draft) {
    const Located* one = source.find("credential");
    const Located* several = source.find("credentials");
    if (one != nullptr && several != nullptr) {
      checks_.fault(several->position(checks_.file), "bad_credential",
                    "The node has both 'credential' and 'credentials'. Keep one of them.");
    }
    if (one != nullptr && one->kind != Kind::null) {
      draft.single_credential = true;
      draft.credentials.push_back({"", text_of(one), one->position(checks_.file)});
    } else if (several != nullptr) {
      for (const LocatedMember& member : several->members) {
        draft.credentials.push_back(
            {member.key, text_of(&member.value), member.value.position(checks_.file)});
      }
    }
  }

  static void read_behaviour(const Located& source, WorkflowNode& node) {
    node.timeout = duration_of(source.find("timeout"));
    const std::string on_error = text_of(source.find("on_error"));
    if (on_error == "continue") node.on_error = OnError::continue_;
    if (on_error == "output") node.on_error = OnError::output;
    node.always_output = flag_of(source.find("always_output"));
    node.once = flag_of(source.find("once"));
    node.disabled = flag_of(source.find("disabled"));
    const std::int64_t concurrency = integer_of(source.find("concurrency")).value_or(1);
    node.concurrency = static_cast<std::size_t>(std::clamp<std::int64_t>(concurrency, 1, 1000));
  }

  void read_retry(const Located& source, RetryPolicy& retry) {
    const std::int64_t attempts = integer_of(source.find("attempts")).value_or(3);
    retry.attempts = static_cast<int>(std::clamp<std::int64_t>(attempts, 1, 1000));
    retry.delay = duration_of(source.find("delay")).value_or(retry.delay);
    retry.max_delay = duration_of(source.find("max_delay")).value_or(retry.max_delay);
    if (text_of(source.find("backoff")) == "fixed") retry.backoff = Backoff::fixed;
    if (const Located* on = source.find("on")) {
      retry.on = expression::Template::compile(*on, checks_.file, "retry.on", checks_.diagnostics);
    }
  }

  void read_pin(const Located& source, WorkflowNode& node) {
    const Located* wrong = nullptr;
    node.pin = items_of(source, wrong);
    if (wrong == nullptr) return;
    checks_.fault(wrong->position(checks_.file), "bad_pin",
                  "A pinned item is a map. Expected a list such as pin: [{name: Ann}].");
  }

  Checks& checks_;
  std::vector<Parameter> keys_;
};

}  // namespace

void read_nodes(const Located& list, Checks& checks, std::vector<Draft>& drafts) {
  NodeReader(checks).read_list(list, drafts);
}

}  // namespace engine::workflow
