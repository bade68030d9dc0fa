#include <array>

#include "nodes/clickup/sandbox/sandbox.h"
#include "nodes/clickup/sandbox/seed/planter.h"
#include "nodes/clickup/sandbox/seed/seed.h"

namespace engine::clickup::sandbox {
namespace {

constexpr std::size_t kTasks = 1000;

constexpr std::string_view kProduct = "801";
constexpr std::string_view kOperations = "802";
constexpr std::string_view kBugs = "901";

template <std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& from, Random& random) {
  return from[random.below(N)];
}

void plant_people(Planter& plant, Team& acme) {
  plant.user(acme, 101, "Ada Okafor", "ada@acme.example", kOwner);
  plant.user(acme, 102, "Ben Carter", "ben@acme.example", kAdmin);
  plant.user(acme, 103, "Chloe Martin", "chloe@acme.example", kMember);
  plant.user(acme, 104, "Deepak Rao", "deepak@acme.example", kMember);
  plant.user(acme, 105, "Elena Petrova", "elena@acme.example", kMember);
  plant.user(acme, 106, "Finn Larsen", "finn@partner.example", kGuest);
  plant.token(kDefaultToken, 101);
  plant.token(kSecondToken, 103);
  acme.task_types = {{1300, "Bug", "Bugs", "Something that does not work."},
                     {1301, "Campaign", "Campaigns", ""}};
  acme.custom_roles = {{4547, "Contractor", kGuest, plant.now() - 80 * kDay}};
}

void plant_hierarchy(Planter& plant, const Team& acme) {
  Space& product = plant.space(acme, std::string(kProduct), "Product",
                               {{"", "to do", "open", "#d3d3d3"},
                                {"", "in progress", "custom", "#4194f6"},
                                {"", "in review", "custom", "#a875ff"},
                                {"", "done", "done", "#2ecd6f"},
                                {"", "closed", "closed", "#6bc950"}});
  Space& operations = plant.space(acme, std::string(kOperations), "Operations",
                                  {{"", "open", "open", "#d3d3d3"},
                                   {"", "in progress", "custom", "#4194f6"},
                                   {"", "complete", "closed", "#6bc950"}});
  for (const char* tag : {"bug", "feature", "docs", "urgent", "customer"}) {
    plant.tag(product, tag, 101);
  }
  for (const char* tag : {"onboarding", "marketing", "follow-up", "bug"}) {
    plant.tag(operations, tag, 102);
  }
  const Folder& engineering = plant.folder(product, "701", "Engineering");
  const Folder& clients = plant.folder(operations, "702", "Clients");
  plant.list(engineering, std::string(kBugs), "Bugs",
             {{"", "new", "open", "#d3d3d3"},
              {"", "triaged", "custom", "#f9d900"},
              {"", "in progress", "custom", "#4194f6"},
              {"", "fixed", "done", "#2ecd6f"},
              {"", "closed", "closed", "#6bc950"}});
  plant.list(engineering, "902", "Backlog");
  plant.list(engineering, "903", "Current Sprint");
  plant.list(clients, "904", "Onboarding");
  plant.list(clients, "905", "Campaigns");
  plant.list(plant.hidden_folder(operations, "703"), "906", "Inbox");
}

Value options(std::initializer_list<std::string_view> names, std::string_view key, Random& random) {
  constexpr std::array<std::string_view, 3> kColors = {"#02bcd4", "#7b68ee", "#f9ae27"};
  return make_object([&](Writer& w) {
    w.array("options", [&] {
      std::int64_t index = 0;
      for (const std::string_view name : names) {
        w.object([&] {
          w.text("id", make_uuid(random));
          w.text(key, name);
          w.text("color", pick(kColors, random));
          w.integer("orderindex", index++);
        });
      }
    });
  });
}

/// Fields of each space, by name.
class FieldPlanter {
 public:
  FieldPlanter(Planter& plant, Random& random) : plant_(plant), random_(random) {}

  void plant_all() {
    const Value none = Value::object();
    const Value progress = make_object([](Writer& w) {
      w.integer("start", 0);
      w.integer("end", 100);
      w.integer("current", 0);
    });
    const Value money = make_object([](Writer& w) {
      w.integer("precision", 2);
      w.text("currency_type", "EUR");
    });
    const Value stars = make_object([](Writer& w) {
      w.integer("count", 5);
      w.text("code_point", "2b50");
    });
    add(kProduct, "Severity", "drop_down", options({"Blocker", "Major", "Minor"}, "name", random_));
    add(kProduct, "Platforms", "labels",
        options({"Web", "iOS", "Android", "API"}, "label", random_));
    add(kProduct, "Story size", "number", none);
    add(kProduct, "Found on", "date", none);
    add(kProduct, "Regression", "checkbox", none);
    add(kProduct, "Reviewer", "users", make_object([](Writer& w) {
          w.flag("single_user", false);
          w.flag("include_guests", true);
        }));
    add(kProduct, "Customer", "short_text", none);
    add(kProduct, "Progress", "manual_progress", progress);
    add(kProduct, "Rating", "emoji", stars);
    add(kOperations, "Channel", "drop_down",
        options({"Email", "Event", "Social"}, "name", random_));
    add(kOperations, "Budget", "currency", money);
    add(kOperations, "Launch", "date", none);
    add(kOperations, "Contact", "email", none);
    add(kOperations, "Website", "url", none);
  }

 private:
  void add(std::string_view space, std::string_view name, std::string_view type,
           const Value& config) {
    CustomField field;
    field.id = make_uuid(random_);
    field.name = name;
    field.type = type;
    field.type_config = config;
    field.level = FieldLevel::space;
    field.parent_id = space;
    plant_.field(std::move(field));
  }

  Planter& plant_;
  Random& random_;
};

class Tasks {
 public:
  Tasks(Planter& plant, World& world, Random& random)
      : plant_(plant), world_(world), random_(random) {}

  void plant_all() {
    for (std::size_t i = 0; i < kTasks; ++i) plant_one(i);
  }

 private:
  void plant_one(std::size_t index) {
    // 300 bugs, 200 in each of the backlog and the sprint, 100 in each of the rest.
    constexpr std::array<std::string_view, 10> kLists = {kBugs, "902", "903", kBugs, "904",
                                                         "905", kBugs, "902", "903", "906"};
    List& list = *world_.lists.find(kLists[index % kLists.size()]);
    const bool bug = list.id == kBugs;
    const auto age = static_cast<Ms>(kTasks - index) * (60 * kDay / static_cast<Ms>(kTasks));
    Task task;
    task.id = world_.new_task_id();
    task.custom_id = "ACME-" + std::to_string(index + 1);
    task.list_id = list.id;
    task.name = name_of(list, bug);
    task.text = text_of(bug);
    task.markdown = task.text;
    task.creator = person();
    task.date_created = plant_.now() - age;
    task.date_updated =
        plant_.now() - static_cast<Ms>(random_.below(static_cast<std::uint64_t>(age)));
    task.status = status_of(list);
    plan(task);
    people(task, list);
    tags(task, list, bug);
    fields(task, list);
    if (bug) task.type = 1300;
    // Every 25th has a parent: the last one before it in its list.
    if (index % 25 == 24 && !list.tasks.empty() && list.tasks.back()->parent.empty()) {
      task.parent = list.tasks.back()->id;
    }
    const Task& added = plant_.task(std::move(task));
    if (index % 4 == 0) comments(added);
  }

  UserId person() { return 101 + static_cast<UserId>(random_.below(5)); }
  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }

  std::string name_of(const List& list, bool bug) {
    constexpr std::array<std::string_view, 6> kFaults = {"Crash in",        "Wrong total in",
                                                         "Slow loading of", "Broken link in",
                                                         "Missing text in", "Timeout while saving"};
    constexpr std::array<std::string_view, 6> kWorks = {"Design",   "Build", "Review",
                                                        "Document", "Test",  "Ship"};
    constexpr std::array<std::string_view, 6> kDeals = {"Call",       "Invoice", "Brief",
                                                        "Report for", "Plan",    "Follow up with"};
    constexpr std::array<std::string_view, 6> kParts = {
        "checkout", "search", "the invoice export", "login", "notifications", "the mobile app"};
    constexpr std::array<std::string_view, 6> kClients = {"Northwind", "Globex", "Initech",
                                                          "Umbrella",  "Hooli",  "Stark"};
    const bool client = list.space_id == kOperations;
    const std::string_view verb =
        bug ? pick(kFaults, random_) : (client ? pick(kDeals, random_) : pick(kWorks, random_));
    return std::string(verb) + " " +
           std::string(client ? pick(kClients, random_) : pick(kParts, random_));
  }

  std::string text_of(bool bug) {
    constexpr std::array<std::string_view, 4> kTexts = {"As agreed in the weekly meeting.",
                                                        "See the notes of the last call.",
                                                        "Smaller than it looks.", ""};
    if (!bug) return std::string(pick(kTexts, random_));
    return "Steps: open the page, press save, wait. Seen by a customer on version 4." +
           std::to_string(random_.below(20)) + ".";
  }

  std::string status_of(const List& list) {
    const auto& statuses = world_.statuses_of(list);
    // Half of all tasks have not been begun.
    return one_in(2) ? statuses.front().name : statuses[random_.below(statuses.size())].name;
  }

  void plan(Task& task) {
    if (!one_in(3)) task.priority = 1 + static_cast<int>(random_.below(4));
    if (!one_in(3)) {
      const auto days = static_cast<Ms>(random_.below(40)) - 15;
      task.due_date = plant_.now() + days * kDay;
      task.due_date_time = one_in(2);
    }
    if (one_in(3)) task.time_estimate = static_cast<Ms>(1 + random_.below(16)) * kHour;
    if (one_in(4)) task.points = static_cast<double>(1 + random_.below(8));
  }

  void people(Task& task, const List& list) {
    if (one_in(list.id == kBugs ? 3 : 5)) return;
    task.assignees.push_back(person());
    const UserId second = person();
    if (one_in(4) && second != task.assignees.front()) task.assignees.push_back(second);
  }

  void tags(Task& task, const List& list, bool bug) {
    const auto& known = world_.space_of(list).tags;
    if (bug) task.tags.emplace_back("bug");
    const std::string& other = known[random_.below(known.size())].name;
    if (one_in(2) && other != "bug") task.tags.push_back(other);
  }

  void fields(Task& task, const List& list) {
    for (const CustomField* field : world_.fields_of(list)) {
      if (one_in(2)) continue;
      task.fields[field->id] = value_of(*field);
    }
  }

  Value value_of(const CustomField& field) {
    constexpr std::array<std::string_view, 4> kNames = {"Northwind", "Globex", "Initech", "Hooli"};
    const View choices = field.type_config.View::operator[]("options");
    const auto some = [&](std::uint64_t limit) {
      return static_cast<std::int64_t>(random_.below(limit));
    };
    if (field.type == "drop_down") return choices[random_.below(choices.size())]["id"].as_string();
    if (field.type == "labels") {
      return Value::array({choices[random_.below(choices.size())]["id"].as_string()});
    }
    if (field.type == "number") return 1 + some(13);
    if (field.type == "currency") return 100 + some(9000);
    if (field.type == "emoji") return some(6);
    if (field.type == "checkbox") return one_in(2);
    if (field.type == "date") return plant_.now() - some(60) * kDay;
    if (field.type == "users") return Value::array({Value(person())});
    if (field.type == "manual_progress") return Value::object({{"current", Value(some(11) * 10)}});
    if (field.type == "email") return "hello@" + lower(pick(kNames, random_)) + ".example";
    if (field.type == "url") return "https://" + lower(pick(kNames, random_)) + ".example/";
    return pick(kNames, random_);
  }

  static std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
  }

  void comments(const Task& task) {
    constexpr std::array<std::string_view, 5> kTexts = {
        "Can you have a look?", "I could not reproduce this.", "Waiting for the customer.",
        "Done, please check.", "Moved to next week."};
    const std::uint64_t count = 1 + random_.below(3);
    const Ms span = task.date_updated - task.date_created;
    for (std::uint64_t i = 0; i < count; ++i) {
      plant_.comment(
          task, person(), pick(kTexts, random_),
          task.date_created + span * static_cast<Ms>(i + 1) / static_cast<Ms>(count + 1));
    }
  }

  Planter& plant_;
  World& world_;
  Random& random_;
};

// An entry for every 20th task, in working hours of the last two weeks.
void plant_time(Planter& plant, World& world, const Team& acme, Random& random) {
  std::size_t index = 0;
  for (const Task& task : world.tasks) {
    if (index++ % 20 != 0) continue;
    const auto user = 101 + static_cast<UserId>(random.below(5));
    const auto days = static_cast<Ms>(1 + random.below(13));
    const auto halves = static_cast<Ms>(1 + random.below(8));
    plant.time_entry(acme, task, user, plant.now() - days * kDay, halves * kHour / 2);
  }
}

}  // namespace

void plant_default_seed(World& world) {
  Planter plant(world);
  SeedRandom random;
  Team& acme = plant.team("9001", "Acme");
  plant_people(plant, acme);
  plant_hierarchy(plant, acme);
  FieldPlanter(plant, random).plant_all();
  Tasks(plant, world, random).plant_all();
  plant_time(plant, world, acme, random);
  plant_default_app(world);
}

}  // namespace engine::clickup::sandbox
