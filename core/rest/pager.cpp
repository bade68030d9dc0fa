#include "core/rest/pager.h"

#include "core/base/error.h"
#include "core/rest/base_url.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

// Whether the last member of this name in the text is false. Inside a JSON text the quotes are
// escaped, so a match is a real key.
bool tail_says_false(std::string_view body, const std::string& member) {
  const std::string key = '"' + member + '"';
  const std::size_t at = body.rfind(key);
  if (at == std::string_view::npos) return false;
  std::size_t i = at + key.size();
  while (i < body.size() && (body[i] == ' ' || body[i] == ':')) ++i;
  return body.substr(i, 5) == "false";
}

}  // namespace

Pager::Pager(const Paging& paging, Call first, std::size_t limit)
    : paging_(paging), first_(std::move(first)), limit_(limit), call_(first_) {
  if (counts()) call_ = numbered(0);
  ask_for(call_, limit_);
}

bool Pager::counts() const {
  return paging_.kind == Paging::Kind::page || paging_.kind == Paging::Kind::offset;
}

Call Pager::numbered(std::size_t steps) const {
  Call call = first_;
  call.set_query(paging_.parameter,
                 std::to_string(paging_.first + static_cast<std::int64_t>(steps)));
  ask_for(call, limit_);
  return call;
}

void Pager::ask_for(Call& call, std::size_t wanted) const {
  if (paging_.size_parameter.empty() || paging_.size == 0) return;
  const std::size_t size = wanted == 0 ? paging_.size : std::min(wanted, paging_.size);
  call.set_query(paging_.size_parameter, std::to_string(size));
}

std::optional<Call> Pager::after(std::size_t page, std::string_view body) const {
  if (paging_.kind != Paging::Kind::page || paging_.last_member.empty()) return std::nullopt;
  if (!paging_.size_parameter.empty()) return std::nullopt;  // what is left to ask for is not known
  const bool enough = limit_ != 0 && (paging_.size == 0 || (page + 1) * paging_.size >= limit_);
  if (enough || !tail_says_false(body, paging_.last_member)) return std::nullopt;
  return numbered(page + 1);
}

std::optional<Call> Pager::next_call(const Value& answer, const std::string& link,
                                     const std::vector<Value>& elements) const {
  Call next = call_;
  if (counts()) {
    if (elements.empty()) return std::nullopt;
    const View last = paging_.last ? at_path(answer, *paging_.last) : View();
    const bool ends = last.is_boolean() ? last.as_bool() : elements.size() < paging_.size;
    if (ends) return std::nullopt;
    return numbered(paging_.kind == Paging::Kind::page ? page_ : seen_);
  }
  if (paging_.kind == Paging::Kind::keys) {
    if (elements.empty() || elements.size() < paging_.size) return std::nullopt;
    for (const auto& [name, path] : paging_.keys) {
      next.set_query(name, to_text(at_path(elements.back(), path)));
    }
    return next;
  }
  const std::string target =
      paging_.header.empty() ? to_text(at_path(answer, *paging_.next)) : link;
  if (target.empty()) return std::nullopt;
  if (paging_.kind == Paging::Kind::cursor) {
    next.set_query(paging_.parameter, target);
    return next;
  }
  next.query.clear();
  next.url = target.front() == '/' ? origin_of(call_.url) + target : target;
  if (origin_of(next.url) != origin_of(call_.url)) {
    throw Error(ErrorCause::upstream, "foreign_link",
                "The link to the next page leads to another host, '" + host_of(next.url) +
                    "'; it is not followed.");
  }
  return next;
}

bool Pager::advance(const Value& answer, const std::string& link,
                    const std::vector<Value>& elements, std::size_t kept) {
  ++page_;
  seen_ += elements.size();
  if (limit_ != 0 && kept >= limit_) return false;
  auto next = next_call(answer, link, elements);
  if (!next) return false;
  const bool same_call = next->query == call_.query && next->url == call_.url;
  const bool same_page = !elements.empty() && elements.front().equals(previous_first_);
  if (same_call || same_page) stuck();
  if (!elements.empty()) previous_first_ = elements.front();
  call_ = std::move(*next);
  // A link says itself how much it gives.
  if (limit_ != 0 && paging_.kind != Paging::Kind::link) ask_for(call_, limit_ - kept);
  return true;
}

void Pager::stuck() const {
  throw Error(ErrorCause::upstream, "paging_stuck",
              "The service gave the same page twice (" + call_.method + " " + call_.path +
                  "), so the rest cannot be read. Try again, or set 'limit'.");
}

std::string next_link(std::string_view header) {
  while (true) {
    const std::size_t open = header.find('<');
    const std::size_t close = open == std::string_view::npos ? open : header.find('>', open);
    if (close == std::string_view::npos) return "";
    const std::string_view target = header.substr(open + 1, close - open - 1);
    header.remove_prefix(close + 1);
    const std::string_view about = header.substr(0, header.find('<'));
    for (const std::string_view relation : {"rel=\"next\"", "rel=next", "rel='next'"}) {
      if (about.find(relation) != std::string_view::npos) return std::string(target);
    }
  }
}

}  // namespace engine::rest
