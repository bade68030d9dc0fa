#include "core/value/located.h"

namespace engine {
namespace {

// NOLINTNEXTLINE(misc-no-recursion): documents are limited in depth
void write(const Located& located, ValueBuilder& builder) {
  switch (located.kind) {
    case Kind::array:
      builder.begin_array();
      for (const Located& element : located.elements) write(element, builder);
      builder.end_array();
      break;
    case Kind::object:
      builder.begin_object();
      for (const LocatedMember& member : located.members) {
        builder.key(member.key);
        write(member.value, builder);
      }
      builder.end_object();
      break;
    default: builder.copy(located.scalar);
  }
}

}  // namespace

const Located* Located::find(std::string_view key) const {
  for (const LocatedMember& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Value to_value(const Located& located) {
  ValueBuilder builder;
  write(located, builder);
  return builder.finish();
}

}  // namespace engine
