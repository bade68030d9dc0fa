#include "core/plugin/version.h"

#include <doctest/doctest.h>

using namespace engine::plugin;

namespace {

bool fits(const char* range, const char* version) {
  const auto parsed = parse_version_range(range);
  REQUIRE_MESSAGE(parsed, range);
  return parsed->includes(parse_version(version).value());
}

}  // namespace

TEST_CASE("versions are one to three numbers") {
  CHECK(parse_version("1") == Version{{1, 0, 0}});
  CHECK(parse_version("1.20.3") == Version{{1, 20, 3}});
  CHECK(parse_version("1.9") < parse_version("1.10"));
  for (const char* bad : {"", ".", "1.", "1.2.3.4", "v1", "1.x", "-1", "1 ", "99999999999"}) {
    CHECK_MESSAGE(!parse_version(bad), bad);
  }
}

TEST_CASE("all comparisons of a range must hold") {
  CHECK(fits(">=0.1 <2", "0.1.0"));
  CHECK(fits(">= 0.1, < 2", "1.9.9"));
  CHECK_FALSE(fits(">=0.1 <2", "2.0.0"));
  CHECK(fits("0.1", "3.0.0"));
  CHECK_FALSE(fits("0.2", "0.1.9"));
  CHECK(fits("=1.2.3", "1.2.3"));
  CHECK(fits("<=1.2", "1.2.0"));
  CHECK_FALSE(fits(">1.2", "1.2.0"));
  for (const char* bad : {"", " ", "~1", "=>1", ">=", ">=x", "1 2.x", "=="}) {
    CHECK_MESSAGE(!parse_version_range(bad), bad);
  }
}
