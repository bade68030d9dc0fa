// Docs and their pages (v3).
#include <algorithm>

#include "core/value/number.h"
#include "nodes/clickup/sandbox/nesting.h"
#include "nodes/clickup/sandbox/resources/paging.h"
#include "nodes/clickup/sandbox/resources/resources.h"

namespace engine::clickup::sandbox {
namespace {

constexpr int kParentEverything = 7;
constexpr int kParentWorkspace = 12;

void write_doc(Writer& w, const Doc& doc) {
  w.text("id", doc.id);
  w.integer("date_created", doc.date_created);
  w.integer("date_updated", doc.date_updated);
  w.text("name", doc.name);
  w.integer("type", 1);
  w.object("parent", [&] {
    w.text("id", doc.parent_id);
    w.integer("type", doc.parent_type);
  });
  w.flag("public", doc.is_public);
  w.integer("workspace_id", parse_integer(doc.team_id).value_or(0));
  w.integer("creator", doc.creator);
  w.flag("deleted", doc.deleted);
  w.flag("archived", doc.archived);
}

std::optional<int> parent_type_of(std::string_view text) {
  if (text == "SPACE") return kParentSpace;
  if (text == "FOLDER") return kParentFolder;
  if (text == "LIST") return kParentList;
  if (text == "EVERYTHING") return kParentEverything;
  if (text == "WORKSPACE") return kParentWorkspace;
  const auto number = parse_integer(text);
  const bool known = number && ((*number >= kParentSpace && *number <= kParentEverything) ||
                                *number == kParentWorkspace);
  return known ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

Answer search_docs(Call& call) {
  const Team& team = call.workspace();
  const auto id = call.query("id");
  const auto creator = call.query_integer("creator");
  const auto parent = call.query("parent_id");
  const auto type_text = call.query("parent_type");
  const auto type = type_text ? parent_type_of(*type_text) : std::nullopt;
  if (type_text && !type) refuse("parent_type is invalid");
  const bool deleted = call.query_flag("deleted");
  const bool archived = call.query_flag("archived");
  std::vector<const Doc*> found;
  for (const Doc& doc : call.world.docs) {
    const bool wanted =
        doc.team_id == team.id && doc.deleted == deleted && doc.archived == archived &&
        (!id || doc.id == *id) && (!creator || doc.creator == *creator) &&
        (!parent || doc.parent_id == *parent) && (!type || doc.parent_type == *type);
    if (wanted) found.push_back(&doc);
  }
  constexpr std::int64_t kLeast = 10;
  return page_v3(
      call, found, "docs", [](Writer& w, const Doc& doc) { write_doc(w, doc); }, kLeast);
}

Page& add_page(Call& call, const Doc& doc, std::string_view name, std::string_view content) {
  Page page;
  page.id = doc.id + "-" + call.world.new_number();
  page.doc_id = doc.id;
  page.name = name;
  page.content = content;
  page.creator = call.user_id();
  page.date_created = call.now();
  return call.world.pages.add(std::move(page));
}

/// Refuses a place that is not there.
void set_parent(const Call& call, const Team& team, Doc& doc) {
  doc.parent_id = team.id;
  doc.parent_type = kParentWorkspace;
  const View parent = call.body.View::operator[]("parent");
  if (!parent.is_object()) return;
  const std::string_view id = parent["id"].as_string();
  const int type = static_cast<int>(parent["type"].as_integer().value_or(0));
  if (type == kParentSpace) call.space(id);
  if (type == kParentFolder) call.folder(id);
  if (type == kParentList) call.list(id);
  if (!parent_type_of(std::to_string(type))) refuse("parent.type must be 4, 5, 6, 7 or 12");
  doc.parent_id = id;
  doc.parent_type = type;
}

Answer create_doc(Call& call) {
  const Team& team = call.workspace();
  Doc doc;
  set_parent(call, team, doc);
  doc.name = call.body["name"].as_string("Untitled");
  const std::string visibility(call.body["visibility"].as_string("PUBLIC"));
  for (const char* known : {"PUBLIC", "PRIVATE", "PERSONAL", "HIDDEN"}) {
    doc.is_public = doc.is_public || visibility == known;
  }
  if (!doc.is_public) refuse("visibility must be PUBLIC, PRIVATE, PERSONAL or HIDDEN");
  doc.is_public = visibility == "PUBLIC";
  doc.id = "8c" + call.world.new_number() + "-1";
  doc.team_id = team.id;
  doc.creator = call.user_id();
  doc.date_created = call.now();
  doc.date_updated = call.now();
  const Doc& added = call.world.docs.add(std::move(doc));
  if (call.body["create_page"].as_bool(true)) add_page(call, added, "", "");
  return reply([&](Writer& w) { write_doc(w, added); }, 201);
}

Doc& doc_of(const Call& call) {
  const Team& team = call.workspace();
  Doc* doc = call.world.docs.live(call.path("doc_id"));
  if (doc == nullptr || doc->team_id != team.id) refuse_missing("Doc");
  return *doc;
}

Answer read_doc(Call& call) {
  const Doc& doc = doc_of(call);
  return reply([&](Writer& w) { write_doc(w, doc); });
}

struct PageShown {
  bool content = false;
  std::int64_t depth = -1;  ///< levels below; negative: all
};

void write_pages(Writer& w, const Call& call, const Doc& doc, const std::string& parent,
                 PageShown shown);

// NOLINTNEXTLINE(misc-no-recursion): a page's parent is older than the page
void write_page(Writer& w, const Call& call, const Doc& doc, const Page& page, PageShown shown) {
  w.text("id", page.id);
  w.text("doc_id", page.doc_id);
  if (!page.parent_page.empty()) w.text("parent_page_id", page.parent_page);
  w.integer("workspace_id", parse_integer(doc.team_id).value_or(0));
  w.text("name", page.name);
  if (shown.content) {
    w.text_or_null("sub_title", page.sub_title);
    w.integer("date_created", page.date_created);
    w.integer_or_null("date_updated", page.date_updated);
    w.text("content", page.content);
    w.integer("creator_id", page.creator);
    w.flag("deleted", page.deleted);
    w.flag("archived", false);
    w.flag("protected", false);
    w.array("authors", [&] { w.integer(page.creator); });
  }
  if (shown.depth == 0) return;
  --shown.depth;
  w.array("pages", [&] { write_pages(w, call, doc, page.id, shown); });
}

// NOLINTNEXTLINE(misc-no-recursion): a page's parent is older than the page
void write_pages(Writer& w, const Call& call, const Doc& doc, const std::string& parent,
                 PageShown shown) {
  for (const Page& page : call.world.pages) {
    const bool here = !page.deleted && page.doc_id == doc.id && page.parent_page == parent;
    if (here) w.object([&] { write_page(w, call, doc, page, shown); });
  }
}

Answer page_tree(Call& call, bool content) {
  const Doc& doc = doc_of(call);
  const std::int64_t depth = call.query_integer("max_page_depth").value_or(-1);
  Writer w;
  w.array([&] { write_pages(w, call, doc, "", {content, depth}); });
  Answer answer;
  answer.json = w.finish();
  return answer;
}

Answer page_listing(Call& call) {
  return page_tree(call, false);
}
Answer list_pages(Call& call) {
  return page_tree(call, true);
}

Page& page_of(const Call& call, const Doc& doc, std::string_view id) {
  Page* page = call.world.pages.live(id);
  if (page == nullptr || page->doc_id != doc.id) refuse_missing("Page");
  return *page;
}

Answer one_page(const Call& call, const Doc& doc, const Page& page, int status) {
  return reply([&](Writer& w) { write_page(w, call, doc, page, {true, -1}); }, status);
}

Answer create_page(Call& call) {
  const Doc& doc = doc_of(call);
  std::string parent;
  if (call.body["parent_page_id"].given()) {
    parent = page_of(call, doc, call.body["parent_page_id"].as_string()).id;
    const auto parent_of = [&](const std::string& id) {
      return call.world.pages.find(id)->parent_page;
    };
    if (depth_below(parent, parent_of) >= kDeepestPage) refuse("Pages are nested too deeply");
  }
  Page& page = add_page(call, doc, call.body["name"].as_string(), call.body["content"].as_string());
  page.parent_page = parent;
  page.sub_title = call.body["sub_title"].as_string();
  return one_page(call, doc, page, 201);
}

Answer read_page(Call& call) {
  const Doc& doc = doc_of(call);
  return one_page(call, doc, page_of(call, doc, call.path("page_id")), 200);
}

Answer update_page(Call& call) {
  Doc& doc = doc_of(call);
  Page& page = page_of(call, doc, call.path("page_id"));
  const std::string mode(call.body["content_edit_mode"].as_string("replace"));
  const Value content = call.body["content"];
  if (mode != "replace" && mode != "append" && mode != "prepend") {
    refuse("content_edit_mode must be replace, append or prepend");
  }
  if (content.is_string()) {
    const std::string text(content.as_string());
    if (mode == "replace") page.content = text;
    if (mode == "append") page.content += text;
    if (mode == "prepend") page.content = text + page.content;
  }
  if (call.body["name"].is_string()) page.name = call.body["name"].as_string();
  if (call.body["sub_title"].is_string()) page.sub_title = call.body["sub_title"].as_string();
  page.date_updated = call.now();
  page.edited_by = call.user_id();
  doc.date_updated = call.now();
  return {};  // 200 with an empty body, as seen in recorded traffic
}

}  // namespace

void add_doc_routes(Router& router) {
  const std::string path = "/v3/workspaces/{workspace_id}/docs";
  router.add("GET", path, search_docs)
      .query("id, creator, deleted, archived, parent_id, parent_type, limit, cursor, next_cursor");
  router.add("POST", path, create_doc)
      .body(
          "name: text, parent: {id*: text, type*: integer}, visibility: text, create_page: "
          "boolean");
  router.add("GET", path + "/{doc_id}", read_doc);
  router.add("GET", path + "/{doc_id}/page_listing", page_listing).query("max_page_depth");
  router.add("GET", path + "/{doc_id}/pages", list_pages).query("max_page_depth, content_format");
  router.add("POST", path + "/{doc_id}/pages", create_page)
      .body(
          "parent_page_id: text?, name: text, sub_title: text?, content: text, content_format: "
          "text");
  router.add("GET", path + "/{doc_id}/pages/{page_id}", read_page).query("content_format");
  router.add("PUT", path + "/{doc_id}/pages/{page_id}", update_page)
      .body(
          "name: text, sub_title: text?, content: text, content_edit_mode: text, "
          "content_format: text");
}

}  // namespace engine::clickup::sandbox
