// Messages of chat, their replies and reactions (v3).
#include <algorithm>

#include "nodes/clickup/sandbox/resources/paging.h"
#include "nodes/clickup/sandbox/resources/people_v3.h"
#include "nodes/clickup/sandbox/resources/resources.h"

namespace engine::clickup::sandbox {
namespace {

constexpr std::size_t kLongestContent = 40'000;

std::int64_t replies_to(const World& world, const Message& message) {
  return std::count_if(world.messages.begin(), world.messages.end(), [&](const Message& one) {
    return !one.deleted && one.parent_message == message.id;
  });
}

void write_message(Writer& w, const World& world, const Message& message) {
  w.text("id", message.id);
  w.text("type", message.type);
  w.text("content", message.content);
  w.integer("date", message.date);
  w.integer_or_null("date_updated", message.date_updated);
  w.digits("user_id", message.user);
  w.text("parent_channel", message.channel_id);
  if (!message.parent_message.empty()) w.text("parent_message", message.parent_message);
  if (!message.assignee.empty()) w.text("assignee", message.assignee);
  if (!message.group_assignee.empty()) w.text("group_assignee", message.group_assignee);
  w.flag("resolved", message.resolved);
  if (message.post_data.is_object()) w.value("post_data", message.post_data);
  const std::string path = "/v3/workspaces/" + world.channels.find(message.channel_id)->team_id +
                           "/chat/messages/" + message.id + "/";
  w.object("links", [&] {
    w.text("reactions", path + "reactions");
    if (message.parent_message.empty()) w.text("replies", path + "replies");
    w.text("tagged_users", path + "tagged_users");
  });
  if (message.parent_message.empty()) w.integer("replies_count", replies_to(world, message));
}

Answer one_message(const Call& call, const Message& message, int status) {
  return reply([&](Writer& w) { write_message(w, call.world, message); }, status);
}

Channel& channel_of(const Call& call, std::string_view id) {
  const Team& team = call.workspace();
  Channel* channel = call.world.channels.live(id);
  if (channel == nullptr || channel->team_id != team.id) refuse_missing("Channel");
  const auto& members = channel->members;
  const bool member = std::find(members.begin(), members.end(), call.user_id()) != members.end();
  if (channel->visibility != "PUBLIC" && !member) refuse_missing("Channel");
  return *channel;
}

Message& message_of(const Call& call) {
  Message* message = call.world.messages.live(call.path("message_id"));
  if (message == nullptr) refuse_missing("Message");
  channel_of(call, message->channel_id);
  return *message;
}

void set_content(const Call& call, Message& message) {
  const std::string content(call.body["content"].as_string());
  if (content.empty() || content.size() > kLongestContent) {
    refuse("content must have 1 to 40,000 characters");
  }
  const std::string format(call.body["content_format"].as_string("text/md"));
  if (format != "text/md" && format != "text/plain") {
    refuse("content_format must be text/md or text/plain");
  }
  message.content = content;
  message.tagged_users.clear();
  for (const Membership& one : call.workspace().members) {
    const User* user = call.world.user(one.user);
    const bool tagged = user != nullptr && !user->username.empty() &&
                        content.find("@" + user->username) != std::string::npos;
    if (tagged) message.tagged_users.push_back(one.user);
  }
}

void set_state(const Value& body, Message& message) {
  if (body["assignee"].is_string()) message.assignee = body["assignee"].as_string();
  if (body["group_assignee"].is_string()) {
    message.group_assignee = body["group_assignee"].as_string();
  }
  if (body["resolved"].is_boolean()) message.resolved = body["resolved"].as_bool();
  if (body["post_data"].is_object()) message.post_data = body["post_data"].detached();
}

Message new_message(const Call& call, const Channel& channel) {
  Message message;
  message.type = call.body["type"].as_string();
  if (message.type != "message" && message.type != "post") refuse("type must be message or post");
  if (message.type == "post" && !call.body["post_data"].is_object()) {
    refuse("post_data is required of a post");
  }
  set_content(call, message);
  set_state(call.body, message);
  message.channel_id = channel.id;
  message.user = call.user_id();
  message.date = call.now();
  return message;
}

Message& add(Call& call, Message message) {
  message.id = "80110" + call.world.new_number();
  return call.world.messages.add(std::move(message));
}

/// Newest first.
std::vector<const Message*> messages_where(const Call& call, const std::string& channel_id,
                                           const std::string& parent) {
  std::vector<const Message*> found;
  for (const Message& one : call.world.messages) {
    if (!one.deleted && one.channel_id == channel_id && one.parent_message == parent) {
      found.push_back(&one);
    }
  }
  std::reverse(found.begin(), found.end());
  return found;
}

Answer page(const Call& call, const std::vector<const Message*>& messages) {
  return page_v3(call, messages, "data",
                 [&](Writer& w, const Message& one) { write_message(w, call.world, one); });
}

Answer list_messages(Call& call) {
  const Channel& channel = channel_of(call, call.path("channel_id"));
  return page(call, messages_where(call, channel.id, ""));
}

Answer create_message(Call& call) {
  const Channel& channel = channel_of(call, call.path("channel_id"));
  return one_message(call, add(call, new_message(call, channel)), 201);
}

Answer update_message(Call& call) {
  Message& message = message_of(call);
  Message changed = message;
  if (!call.body["content"].missing()) set_content(call, changed);
  set_state(call.body, changed);
  changed.date_updated = call.now();
  message = std::move(changed);
  return one_message(call, message, 200);
}

Answer delete_message(Call& call) {
  Message& message = message_of(call);
  message.deleted = true;
  for (Message& one : call.world.messages) {
    if (one.parent_message == message.id) one.deleted = true;
  }
  return no_content();
}

Answer list_replies(Call& call) {
  const Message& message = message_of(call);
  return page(call, messages_where(call, message.channel_id, message.id));
}

Answer create_reply(Call& call) {
  const Message& parent = message_of(call);
  Message made = new_message(call, channel_of(call, parent.channel_id));
  made.parent_message = parent.id;
  return one_message(call, add(call, std::move(made)), 201);
}

void write_reaction(Writer& w, const Reaction& reaction) {
  w.integer("date", reaction.date);
  w.text("reaction", reaction.name);
  w.digits("user_id", reaction.user);
}

Answer list_reactions(Call& call) {
  std::vector<const Reaction*> found;
  for (const Reaction& one : message_of(call).reactions) found.push_back(&one);
  return page_v3(call, found, "data",
                 [](Writer& w, const Reaction& one) { write_reaction(w, one); });
}

bool is_mine(const Call& call, const Reaction& reaction, std::string_view name) {
  return reaction.user == call.user_id() && reaction.name == name;
}

Answer create_reaction(Call& call) {
  Message& message = message_of(call);
  const std::string name(call.body["reaction"].as_string());
  if (name.empty()) refuse("reaction is required");
  std::erase_if(message.reactions, [&](const Reaction& one) { return is_mine(call, one, name); });
  message.reactions.push_back({name, call.user_id(), call.now()});
  return reply([&](Writer& w) { write_reaction(w, message.reactions.back()); }, 201);
}

Answer delete_reaction(Call& call) {
  const std::string& name = call.path("reaction");
  const auto gone = std::erase_if(message_of(call).reactions,
                                  [&](const Reaction& one) { return is_mine(call, one, name); });
  if (gone == 0) refuse_missing("Reaction");
  return no_content();
}

Answer tagged_users(Call& call) {
  return people_page(call, message_of(call).tagged_users);
}

}  // namespace

void add_chat_message_routes(Router& router) {
  const std::string base = "/v3/workspaces/{workspace_id}/chat";
  const std::string messages = base + "/channels/{channel_id}/messages";
  const std::string message = base + "/messages/{message_id}";
  const std::string state =
      "assignee: text?, group_assignee: text?, content_format: text, post_data: {title*: text, "
      "subtype*: {id*: text}}, triaged_action: integer, triaged_object_id: text, "
      "triaged_object_type: number";
  const std::string made = state +
                           ", type*: text, content*: text, followers: [id], reactions: "
                           "[object]";
  constexpr std::string_view kPage = "cursor, limit, content_format";
  router.add("GET", messages, list_messages).query(kPage);
  router.add("POST", messages, create_message).body(made);
  router.add("PATCH", message, update_message).body(state + ", content: text, resolved: boolean");
  router.add("DELETE", message, delete_message);
  router.add("GET", message + "/replies", list_replies).query(kPage);
  router.add("POST", message + "/replies", create_reply).body(made);
  router.add("GET", message + "/reactions", list_reactions).query("cursor, limit");
  router.add("POST", message + "/reactions", create_reaction).body("reaction*: text");
  router.add("DELETE", message + "/reactions/{reaction}", delete_reaction);
  router.add("GET", message + "/tagged_users", tagged_users).query("cursor, limit");
}

}  // namespace engine::clickup::sandbox
