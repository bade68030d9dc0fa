#include "nodes/clickup/sandbox/resources/time_tags.h"

#include <algorithm>
#include <map>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {

std::vector<Tag> time_tags_of(const Call& call, View tags) {
  std::vector<Tag> found;
  for (const View tag : tags.elements()) {
    const std::string name(tag["name"].as_string());
    if (name.empty()) refuse("Tag name invalid");
    found.push_back({name, std::string(tag["tag_fg"].as_string("#ffffff")),
                     std::string(tag["tag_bg"].as_string("#7b68ee")), call.user_id()});
  }
  return found;
}

namespace {

Answer list_time_tags(Call& call) {
  const Team& team = call.team();
  std::map<std::string, Tag> tags;
  for (const TimeEntry& entry : call.world.time_entries) {
    if (entry.deleted || entry.team_id != team.id) continue;
    for (const Tag& tag : entry.tags) tags.emplace(tag.name, tag);
  }
  return reply([&](Writer& w) {
    w.array("data", [&] {
      for (const auto& [name, tag] : tags) write_tag(w, tag);
    });
  });
}

/// The entries that the body names.
std::vector<TimeEntry*> entries_of(const Call& call) {
  const Team& team = call.team();
  std::vector<TimeEntry*> entries;
  for (const View id : call.body.View::operator[]("time_entry_ids").elements()) {
    TimeEntry* entry = call.world.time_entries.live(id.as_string());
    if (entry == nullptr || entry->team_id != team.id) refuse_unknown();
    entries.push_back(entry);
  }
  return entries;
}

void drop(TimeEntry& entry, const std::string& name) {
  std::erase_if(entry.tags, [&](const Tag& tag) { return tag.name == name; });
}

Answer add_tags(Call& call) {
  const auto entries = entries_of(call);
  for (const Tag& tag : time_tags_of(call, call.body["tags"])) {
    for (TimeEntry* entry : entries) {
      drop(*entry, tag.name);
      entry->tags.push_back(tag);
    }
  }
  return done();
}

Answer remove_tags(Call& call) {
  const auto entries = entries_of(call);
  for (const Tag& tag : time_tags_of(call, call.body["tags"])) {
    for (TimeEntry* entry : entries) drop(*entry, tag.name);
  }
  return done();
}

Answer rename_tag(Call& call) {
  const Team& team = call.team();
  const View body = call.body;
  for (TimeEntry& entry : call.world.time_entries) {
    if (entry.deleted || entry.team_id != team.id) continue;
    for (Tag& tag : entry.tags) {
      if (tag.name != body["name"].as_string()) continue;
      tag.name = body["new_name"].as_string();
      tag.foreground = body["tag_fg"].as_string(tag.foreground);
      tag.background = body["tag_bg"].as_string(tag.background);
    }
  }
  return done();
}

}  // namespace

void add_time_tag_routes(Router& router) {
  constexpr std::string_view kPath = "/v2/team/{team_id}/time_entries/tags";
  constexpr std::string_view kEntries =
      "time_entry_ids*: [text], tags*: [{name*: text, tag_fg: text, tag_bg: text}]";
  router.add("GET", kPath, list_time_tags);
  router.add("POST", kPath, add_tags).body(kEntries);
  router.add("DELETE", kPath, remove_tags).body(kEntries);
  router.add("PUT", kPath, rename_tag)
      .body("name*: text, new_name*: text, tag_bg: text, tag_fg: text");
}

}  // namespace engine::clickup::sandbox
