#include "nodes/clickup/sandbox/seed/seed.h"

namespace engine::clickup::sandbox {

void plant_default_extras(World& world) {
  Group group;
  group.id = "4bfdfcec-6f4f-40a7-b0d6-22660d51870d";
  group.team_id = "9001";
  group.name = "Support";
  group.handle = "support";
  group.creator = 101;
  group.date_created = world.now();
  group.members = {103, 104};
  world.groups.add(std::move(group));
}

}  // namespace engine::clickup::sandbox
