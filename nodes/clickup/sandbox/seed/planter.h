// Adds things to a new world with what goes without saying filled in.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/clickup/sandbox/world/world.h"

namespace engine::clickup::sandbox {

/// Numbers that are the same on every machine and in every run.
class SeedRandom final : public Random {
 public:
  std::uint64_t next() override { return generator_(); }

 private:
  std::mt19937_64 generator_{20260101};
};

class Planter {
 public:
  explicit Planter(World& world) : world_(world), now_(world.now()) {}

  /// When the seed is planted.
  Ms now() const { return now_; }

  Team& team(const std::string& id, std::string_view name);
  /// A user of several workspaces is given several times.
  void user(Team& team, UserId id, std::string_view name, std::string_view email, int role);
  void token(std::string_view token, UserId user);
  /// Without statuses: to do, complete.
  Space& space(const Team& team, const std::string& id, std::string_view name,
               std::vector<Status> statuses);
  Tag& tag(Space& space, std::string_view name, UserId creator);
  CustomField& field(CustomField field);
  Folder& folder(const Space& space, const std::string& id, std::string_view name);
  Folder& hidden_folder(const Space& space, const std::string& id);
  /// Without statuses: those of the space.
  List& list(const Folder& folder, const std::string& id, std::string_view name,
             std::vector<Status> statuses = {});
  /// Fills in status, watchers, history, and dates of closing from `date_updated`.
  Task& task(Task task);
  Comment& comment(const Task& task, UserId user, std::string_view text, Ms date);
  void time_entry(const Team& team, const Task& task, UserId user, Ms start, Ms duration);

 private:
  World& world_;
  Ms now_;
};

}  // namespace engine::clickup::sandbox
