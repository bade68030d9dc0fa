// Channels of chat (v3).
#include <algorithm>

#include "nodes/clickup/sandbox/resources/paging.h"
#include "nodes/clickup/sandbox/resources/people_v3.h"
#include "nodes/clickup/sandbox/resources/resources.h"

namespace engine::clickup::sandbox {
namespace {

void write_channel(Writer& w, const Channel& channel) {
  w.text("id", channel.id);
  w.text("name", channel.name);
  w.text("description", channel.description);
  w.text("topic", channel.topic);
  w.text("type", channel.type);
  w.text("visibility", channel.visibility);
  w.object("parent", [&] {
    w.text("id", channel.parent_id);
    w.integer("type", channel.parent_type);
  });
  w.digits("creator", channel.creator);
  w.text("created_at", format_time(from_ms(channel.date_created)));
  w.text("updated_at", format_time(from_ms(channel.date_updated)));
  w.text("workspace_id", channel.team_id);
  w.flag("archived", false);
  const std::string path =
      "/v3/workspaces/" + channel.team_id + "/chat/channels/" + channel.id + "/";
  w.object("links", [&] {
    for (const char* name : {"members", "followers", "messages"}) w.text(name, path + name);
  });
}

Answer one_channel(const Channel& channel, int status = 200) {
  return reply([&](Writer& w) { w.object("data", [&] { write_channel(w, channel); }); }, status);
}

bool is_member(const Channel& channel, UserId user) {
  return std::find(channel.members.begin(), channel.members.end(), user) != channel.members.end();
}

bool may_see(const Call& call, const Channel& channel) {
  return channel.visibility == "PUBLIC" || is_member(channel, call.user_id());
}

Answer list_channels(Call& call) {
  const Team& team = call.workspace();
  const bool followed = call.query_flag("is_follower");
  std::vector<const Channel*> found;
  for (const Channel& one : call.world.channels) {
    const bool here = !one.deleted && one.team_id == team.id && may_see(call, one);
    if (here && (!followed || is_member(one, call.user_id()))) found.push_back(&one);
  }
  return page_v3(call, found, "data", [](Writer& w, const Channel& one) { write_channel(w, one); });
}

void read(const Value& body, Channel& channel) {
  if (body["name"].is_string()) channel.name = body["name"].as_string();
  if (body["description"].is_string()) channel.description = body["description"].as_string();
  if (body["topic"].is_string()) channel.topic = body["topic"].as_string();
  if (!body["visibility"].is_string()) return;
  channel.visibility = body["visibility"].as_string();
  if (channel.visibility != "PUBLIC" && channel.visibility != "PRIVATE") {
    refuse("visibility must be PUBLIC or PRIVATE");
  }
}

Channel new_channel(const Call& call, const Team& team, const char* type) {
  Channel channel;
  channel.type = type;
  channel.members = call.members(team, call.body["user_ids"]);
  if (!is_member(channel, call.user_id())) {
    channel.members.insert(channel.members.begin(), call.user_id());
  }
  read(call.body, channel);
  channel.team_id = team.id;
  channel.parent_id = team.id;
  channel.creator = call.user_id();
  channel.date_created = call.now();
  channel.date_updated = call.now();
  return channel;
}

Answer add(Call& call, Channel channel) {
  channel.id = "6-" + call.world.new_number() + "-8";
  return one_channel(call.world.channels.add(std::move(channel)), 201);
}

Answer create_channel(Call& call) {
  const Team& team = call.workspace();
  Channel channel = new_channel(call, team, "CHANNEL");
  if (channel.name.empty()) refuse("name is required");
  for (const Channel& one : call.world.channels) {
    const bool same = !one.deleted && one.team_id == team.id && one.type == "CHANNEL" &&
                      same_name(one.name, channel.name);
    if (same) return one_channel(one);
  }
  return add(call, std::move(channel));
}

/// A space, folder or list has one channel.
void set_location(const Call& call, View location, Channel& channel) {
  const std::string_view type = location["type"].as_string();
  const std::string_view id = location["id"].as_string();
  if (type == "space") {
    const Space& space = call.space(id);
    channel.parent_type = kParentSpace;
    channel.name = space.name;
  } else if (type == "folder") {
    channel.parent_type = kParentFolder;
    channel.name = call.folder(id).name;
  } else if (type == "list") {
    channel.parent_type = kParentList;
    channel.name = call.list(id).name;
  } else {
    refuse("location.type must be space, folder or list");
  }
  channel.parent_id = id;
}

Answer create_location_channel(Call& call) {
  const Team& team = call.workspace();
  Channel channel = new_channel(call, team, "CHANNEL");
  set_location(call, call.body["location"], channel);
  for (const Channel& one : call.world.channels) {
    if (!one.deleted && one.parent_type == channel.parent_type &&
        one.parent_id == channel.parent_id) {
      return one_channel(one);
    }
  }
  return add(call, std::move(channel));
}

Answer create_direct_message(Call& call) {
  const Team& team = call.workspace();
  constexpr std::size_t kMostPeople = 15;
  Channel channel = new_channel(call, team, "DM");
  if (channel.members.size() > kMostPeople + 1) refuse("At most 15 users");
  if (channel.members.size() > 2) channel.type = "GROUP_DM";
  channel.visibility = "PRIVATE";
  std::sort(channel.members.begin(), channel.members.end());
  for (const Channel& one : call.world.channels) {
    if (!one.deleted && one.type == channel.type && one.members == channel.members) {
      return one_channel(one);
    }
  }
  return add(call, std::move(channel));
}

Channel& channel_of(const Call& call) {
  const Team& team = call.workspace();
  Channel* channel = call.world.channels.live(call.path("channel_id"));
  if (channel == nullptr || channel->team_id != team.id || !may_see(call, *channel)) {
    refuse_missing("Channel");
  }
  return *channel;
}

Answer read_channel(Call& call) {
  return one_channel(channel_of(call));
}

Answer update_channel(Call& call) {
  Channel& channel = channel_of(call);
  Channel changed = channel;
  read(call.body, changed);
  if (call.body["location"].is_object()) {
    const std::string name = changed.name;
    set_location(call, call.body["location"], changed);
    changed.name = name;
  }
  changed.date_updated = call.now();
  channel = std::move(changed);
  return one_channel(channel);
}

Answer delete_channel(Call& call) {
  channel_of(call).deleted = true;
  return no_content();
}

Answer members(Call& call) {
  return people_page(call, channel_of(call).members);
}

}  // namespace

void add_chat_channel_routes(Router& router) {
  const std::string path = "/v3/workspaces/{workspace_id}/chat/channels";
  constexpr std::string_view kMade =
      "description: text, topic: text, user_ids: [id], visibility: text";
  router.add("GET", path, list_channels)
      .query(
          "cursor, limit, description_format, is_follower, include_closed, "
          "with_message_since, channel_types, channel_types[]");
  router.add("POST", path, create_channel).body("name*: text, " + std::string(kMade));
  router.add("POST", path + "/location", create_location_channel)
      .body("location*: {id*: text, type*: text}, " + std::string(kMade));
  router.add("POST", path + "/direct_message", create_direct_message).body("user_ids: [id]");
  router.add("GET", path + "/{channel_id}", read_channel).query("description_format");
  router.add("PATCH", path + "/{channel_id}", update_channel)
      .body(
          "content_format: text, description: text, topic: text, name: text, visibility: text, "
          "location: {id*: text, type*: text}");
  router.add("DELETE", path + "/{channel_id}", delete_channel);
  router.add("GET", path + "/{channel_id}/followers", members).query("cursor, limit");
  router.add("GET", path + "/{channel_id}/members", members).query("cursor, limit");
}

}  // namespace engine::clickup::sandbox
